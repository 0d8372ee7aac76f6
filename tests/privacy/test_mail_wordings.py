"""Words that managers give to mails: names of values and nothing else, whatever is typed."""

import re
from email.header import decode_header, make_header

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core import mail as mailbox
from django.urls import reverse
from django.utils.html import escape

from privacy import mail_samples, mail_wordings, mails
from privacy.mail_wordings import WrongWording
from privacy.mails import Mail
from privacy.models import MailWording, OutgoingMail
from shop.models import OrderParty
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
VALUES = {"name": "Ada", "order_number": "AO-1"}
KIND = "admin:privacy_mailwording_kind"


def sample_of(kind: str) -> Mail:
    found = mail_samples.find(kind)
    assert found is not None
    return found.make("en")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Hello {{ name }}", "Hello Ada"),
        ("{{name}}: {{  order_number  }}", "Ada: AO-1"),
        ("100 % {of} it, $5, <b>", "100 % {of} it, $5, <b>"),
        ("", ""),
    ],
)
def test_values_are_put_in(text: str, result: str) -> None:
    assert mail_wordings.filled(text, VALUES) == result


@pytest.mark.parametrize(
    "code",
    [
        "{{ password }}",
        "{{ order.party.email }}",
        "{{ name|safe }}",
        "{{ name.__class__ }}",
        "{{ Name }}",
        "{{ 7*7 }}",
        "{{ name",
        "name }}",
        "{{{{ name }}}}",
        "{{ {{ name }} }}",
        "{% load static %}",
        "{% include 'admin/base.html' %}",
        "{% debug %}",
        "{# name #}",
        "${name}",
        "<% name %>",
        "<?php echo 1 ?>",
        "{{ settings }}",
        "{{ name }}\u202e",
        "\u200e{{ name }}",
        "{{ na\u200bme }}",
        "{{{ name }}{ name }}",
        "{{ name }}%{{ name }}{% now %}",
        "{{ name|safe }} {{ name }}",
        "{{\nname\n}}",
        "{{ name }}\x85Bcc: x@example.com",
        "\ufeff",
        "\x00",
    ],
)
def test_code_is_refused_with_a_sentence(code: str) -> None:
    for is_line in (True, False):
        with pytest.raises(WrongWording) as refused:
            mail_wordings.check(f"Hello {code}", VALUES, is_line=is_line)
        assert str(refused.value).endswith(".")


def test_what_is_put_in_is_not_read_again() -> None:
    assert (
        mail_wordings.filled("{{ name }}", {"name": "{{ order_number }}", "order_number": "x"}) == "{{ order_number }}"
    )


@pytest.mark.parametrize(
    ("text", "is_line"),
    [("x" * 151, True), ("x" * 2001, False), ("{{ " * 333_334, False), ("one\ntwo", True), ("a\rb", True)],
)
def test_what_is_too_long_or_no_line_is_refused(text: str, is_line: bool) -> None:
    with pytest.raises(WrongWording):
        mail_wordings.check(text, VALUES, is_line=is_line)


def test_no_value_opens_anything() -> None:
    for sample in mail_samples.everything():
        for language in sample.languages:
            values = mail_wordings.values_of(sample.make(language))
            assert [name for name, value in values.items() if "://" in value or name in {"code", "keys"}] == []


@pytest.mark.promise("P6a")
def test_a_mail_goes_with_the_words_of_managers() -> None:
    order = purchases.paid((purchases.edition(), 1))
    OrderParty.objects.update(name="Ada {{ total }} <b>")
    subject, intro = "Thank you, {{ name }}: {{ order_number }}", "Dear {{ name }}, you paid {{ total }}."
    mail_wordings.write("order_confirmation", "en", subject=subject, intro=intro)
    mails.send_due()
    [sent] = mailbox.outbox
    assert sent.subject == f"Thank you, Ada {{{{ total }}}} <b>: {order.number}"
    assert "Dear Ada {{ total }} <b>, you paid €119.00." in sent.body
    assert "Dear Ada {{ total }} &lt;b&gt;, you paid €119.00." in str(sent.alternatives[0][0])
    assert "To see a key" in sent.body  # the built-in text stays


def test_words_that_no_longer_fit_are_left_out_and_the_mail_goes() -> None:
    order = purchases.paid((purchases.edition(), 1))
    MailWording.objects.create(kind="order_confirmation", language="en", subject="{{ gone }}", intro="{% debug %}")
    assert mails.send_due() == 1
    assert mailbox.outbox[0].subject == f"Your order {order.number}: 1 key"


def test_another_language_has_words_of_its_own() -> None:
    sample = mail_samples.find("deletion_acknowledgement")
    assert sample is not None
    mail_wordings.write(sample.kind, "de", subject="Angekommen", intro="")
    subjects = [mail_wordings.applied(sample.kind, sample.make(language)).subject for language in ("de", "fr")]
    assert (subjects[0], subjects[1] == sample.make("fr").subject) == ("Angekommen", True)


@pytest.mark.parametrize(
    "text",
    ["{ { name } }", "javascript:alert(1)", '<a href="javascript:alert(1)">x</a>', "{name} 100 % {", "<script>"],
)
def test_what_is_no_code_here_stays_text(text: str) -> None:
    mail = mails.build(mail_wordings.worded(sample_of("refund_made"), subject=text, intro=text))
    html = str(mail.alternatives[0][0])
    assert (mail.subject, text in str(mail.body)) == (text, True)
    assert html.count(escape(text)) == 1
    assert not re.search(r"<script|<a [^>]*javascript", html)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada\r\nBcc: all@example.com", "Ada Bcc: all@example.com"),
        ("Ada\x85\u2028Bcc: x", "Ada Bcc: x"),
        ("\u202eadA\u2066", "adA"),
        ("<b>Ada</b>", "<b>Ada</b>"),
        ("{{ total }}", "{{ total }}"),
    ],
)
def test_a_value_can_neither_end_the_subject_nor_turn_it_around(name: str, shown: str) -> None:
    made = sample_of("order_confirmation")
    made.context["name"] = name
    message = mails.build(mail_wordings.worded(made, subject="To {{ name }}", intro="")).message()
    assert message["Subject"] is not None
    assert str(make_header(decode_header(message["Subject"]))) == f"To {shown}"
    assert (message["Bcc"], message["To"]) == (None, "ada@example.com")


def test_an_address_of_ours_is_no_value_and_one_of_somebody_else_is_text() -> None:
    made = sample_of("order_confirmation")
    for text, is_offered in (
        (f"see {settings.SITE_URL}/o/secret/", False),
        ("https://evil.example/", False),
        ("I read https://evil.example/", True),
    ):
        made.context["name"] = text
        assert ("name" in mail_wordings.values_of(made)) == is_offered


# --- At the desk ------------------------------------------------------------------------------------------------------


def test_a_manager_sees_every_kind_looks_and_writes() -> None:
    manager = desk.at_desk("Shop Manager")
    listed = manager.get(reverse("admin:privacy_mailwording_changelist")).content.decode()
    for sample in mail_samples.everything():
        for language in sample.languages:
            address = reverse(KIND, args=[sample.kind, language])
            assert f'href="{address}"' in listed
    address = reverse(KIND, args=["order_confirmation", "en"])
    typed = {"subject": "Thanks, {{ name }}", "intro": "Dear {{ name }}\r\n\r\nHello."}
    looked = manager.post(address, {**typed, "look": "1"})
    assert (looked.context["subject"], MailWording.objects.count()) == ("Thanks, Ada Lovelace", 0)
    framed = manager.get(looked.context["html_address"])
    assert "Dear Ada Lovelace<br><br>Hello." in framed.content.decode()
    assert (framed["X-Frame-Options"], "sandbox" in framed["Content-Security-Policy"]) == ("SAMEORIGIN", True)
    assert manager.post(address, typed).status_code == 302
    row = MailWording.objects.get()
    assert (row.subject, row.intro) == ("Thanks, {{ name }}", "Dear {{ name }}\n\nHello.")
    assert "own words" in manager.get(reverse("admin:privacy_mailwording_changelist")).content.decode()
    manager.post(address, {"subject": "", "intro": ""})
    assert not MailWording.objects.exists()


def test_code_is_refused_at_the_field_and_nothing_is_kept() -> None:
    manager = desk.at_desk("Shop Manager")
    address = reverse(KIND, args=["refund_made", "en"])
    response = manager.post(address, {"subject": "{{ order.party.email }}", "intro": "{% debug %}"})
    assert (response.status_code, MailWording.objects.count()) == (200, 0)
    text = response.content.decode()
    assert text.count("and nothing else is carried out") == 2
    assert "{% debug %}" in text
    frame = reverse("admin:privacy_mailwording_html", args=["refund_made", "en"])
    assert manager.get(f"{frame}?intro=%7B%25+debug+%25%7D").status_code == 404


def test_what_was_typed_is_not_lost_when_it_is_refused() -> None:
    typed = {"subject": "Your {{ amont }}", "intro": "We are <b>sorry</b> for {{ reason }}."}
    answer = desk.at_desk("Shop Manager").post(reverse(KIND, args=["refund_made", "en"]), typed)
    text = answer.content.decode()
    assert answer.context["form"]["subject"].errors[0].startswith("This mail has no {{ amont }}. It has {{ amount }}, ")
    assert 'value="Your {{ amont }}"' in text
    assert "We are &lt;b&gt;sorry&lt;/b&gt; for {{ reason }}." in text


def test_a_megabyte_is_refused_and_nothing_is_kept() -> None:
    manager = desk.at_desk("Shop Manager")
    answer = manager.post(reverse(KIND, args=["refund_made", "en"]), {"subject": "x" * 2**20, "intro": "{{ " * 2**18})
    assert [errors[0] for errors in answer.context["form"].errors.values()] == [
        "Write at most 150 characters.",
        "Write at most 2,000 characters.",
    ]
    assert not MailWording.objects.exists()


def test_whoever_gives_the_built_in_words_back_is_on_record() -> None:
    manager = desk.at_desk("Shop Manager")
    address = reverse(KIND, args=["refund_made", "en"])
    for subject in ("Your money", ""):
        manager.post(address, {"subject": subject, "intro": ""})
    assert list(LogEntry.objects.order_by("pk").values_list("action_flag", flat=True)) == [CHANGE, DELETION]


def test_a_letter_that_is_passed_on_is_nobodys_to_write() -> None:
    manager = desk.at_desk("Shop Manager")
    address = reverse(KIND, args=["deletion_letter", "en"])
    assert "<textarea" not in manager.get(address).content.decode()
    assert manager.post(address, {"subject": "x", "intro": ""}).status_code == 403
    assert not MailWording.objects.exists()


@pytest.mark.parametrize("role", ["Support", ""])
def test_nobody_else_reads_or_writes(role: str) -> None:
    client = desk.enter(desk.person(role))
    address = reverse(KIND, args=["refund_made", "en"])
    expected = 403 if role else 302
    for one in (address, f"{address}html/", reverse("admin:privacy_mailwording_changelist")):
        assert client.get(one).status_code == expected
    assert client.post(address, {"subject": "x"}).status_code == expected
    assert not MailWording.objects.exists()


@pytest.mark.parametrize(("kind", "language"), [("nothing", "en"), ("refund_made", "de"), ("refund_made", "xx")])
def test_an_unknown_kind_or_language_is_not_found(kind: str, language: str) -> None:
    manager = desk.at_desk("Shop Manager")
    assert manager.get(reverse(KIND, args=[kind, language])).status_code == 404
    assert not OutgoingMail.objects.exists()
