"""Words that managers give to mails: names of values and nothing else, whatever is typed."""

import pytest
from django.core import mail as mailbox
from django.urls import reverse

from privacy import mail_samples, mail_wordings, mails
from privacy.mail_wordings import WrongWording
from privacy.models import MailWording, OutgoingMail
from shop.models import OrderParty
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
VALUES = {"name": "Ada", "order_number": "AO-1"}
KIND = "admin:privacy_mailwording_kind"


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
    ("text", "is_line"), [("x" * 151, True), ("x" * 2001, False), ("one\ntwo", True), ("a\rb", True)]
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
