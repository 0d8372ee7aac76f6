"""Mails become requests: what a stranger sends, and what a machine sends."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail as outgoing
from pytest_django import Settings

from privacy import clock, mailbox, mails
from privacy.models import DeletionRequest, OutgoingMail, ReceivedMail, RequestAddress, RequestSubject
from tests.privacy.mailbox.letters import ASKS, KIM, SUPPORT, Box, letter, look_for

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(OutgoingMail.objects.order_by("kind").values_list("kind", flat=True))


def verdicts() -> list[str]:
    return list(ReceivedMail.objects.order_by("uid").values_list("verdict", flat=True))


def test_a_clear_request_is_taken_up_and_the_address_is_asked(maildir: Box) -> None:
    asks = "Bitte löschen Sie alle meine Daten."
    uid = maildir.put(letter(asks, subject="Löschung", sender="Kim Weber <Kim@Customer.example>"))
    assert mailbox.fetch() == 1
    request = DeletionRequest.objects.get()
    assert (request.state, request.channel, request.language, request.law) == ("identity_pending", "mail", "de", "gdpr")
    subject = RequestSubject.objects.get()
    assert (subject.sender, subject.name, subject.title) == (KIM, "Kim Weber", "Löschung")
    assert subject.text == asks
    assert any("asks to delete personal data" in reason for reason in subject.reasons)
    assert RequestAddress.objects.get().address == KIM
    assert kinds() == ["deletion_acknowledgement", "deletion_proof"]
    assert maildir.files() == {f"new/{uid}"}
    assert mailbox.fetch() == 0


def test_without_a_mailbox_nothing_is_found_and_nothing_fails(settings: Settings) -> None:
    settings.MAILBOX_URL = ""
    assert mailbox.fetch() == 0
    assert mailbox.messages_of([KIM]) == []
    assert mailbox.expunge([mailbox.MessageRef("x", "1", "1")]) == 0
    assert list(mailbox.search(look_for("a"))) == []


def test_the_answer_is_the_same_whether_or_not_anything_is_kept_of_the_address(maildir: Box) -> None:
    for number in range(2):
        maildir.put(letter(sender=f"nobody{number}@customer.example"))
    mailbox.fetch()
    mails.send_due()
    assert len(outgoing.outbox) == 4
    assert {request.state for request in DeletionRequest.objects.all()} == {"identity_pending"}


@pytest.mark.parametrize(
    "text",
    [
        "How do I delete my account?",
        "Please delete my phone number.",
        "I withdraw my consent, stop using my data.",
    ],
)
def test_a_doubtful_mail_goes_to_a_person_as_doubtful_and_no_proof_is_asked(maildir: Box, text: str) -> None:
    maildir.put(letter(text))
    mailbox.fetch()
    request = DeletionRequest.objects.get()
    assert (request.state, request.is_doubtful) == ("received", True)
    assert kinds() == ["deletion_acknowledgement"]
    assert verdicts() == ["doubtful"]


def test_what_asks_for_nothing_stays_as_it_is(maildir: Box) -> None:
    maildir.put(letter("Where is my key?"), flags="S")
    maildir.put(letter("Please delete my cart."))
    before = maildir.files()
    mailbox.fetch()
    assert verdicts() == ["other", "other"]
    assert not DeletionRequest.objects.exists()
    assert kinds() == []
    assert maildir.files() == before


def test_a_subject_alone_asks_and_a_quoted_mail_does_not(maildir: Box) -> None:
    maildir.put(letter("", subject="GDPR: delete my data"))
    maildir.put(letter(f"Where is my key?\n\nOn Monday, Ada wrote:\n> {ASKS}\n", subject="Key"))
    maildir.put(letter(f"Where is my key?\n-- \nKim\n{ASKS}\n", subject="Key"))
    footer = "Deletion of your data: write so in an answer, that is enough."
    maildir.put(
        letter(f"Thank you.\n\nOn Monday, AzureOps <support@example.com> wrote:\n{footer}", subject="Re: Order")
    )
    maildir.put(letter(f"Thank you.\n\n{footer}", subject="Re: Order"))
    maildir.put(letter("Thank you", subject="Re: Please delete my data"))
    mailbox.fetch()
    assert verdicts() == ["request", *["other"] * 5]


def test_a_mail_of_html_alone_and_one_whose_plain_text_says_nothing(maildir: Box) -> None:
    html = EmailMessage()
    html["From"], html["To"], html["Subject"] = KIM, SUPPORT, "Hello"
    quote = "<blockquote>Do not delete my data.</blockquote>"
    html.set_content(f"<p style='display:none'>not</p><p>{ASKS}</p>{quote}", subtype="html")
    maildir.put(html)
    maildir.put(letter("Your mail program can't show this.", html=f"<b>{ASKS}</b>", sender="ada@customer.example"))
    mailbox.fetch()
    assert verdicts() == ["request", "request"]


def test_the_address_that_a_mail_names_is_asked_and_nobody_else(maildir: Box) -> None:
    maildir.put(letter("Please delete all personal data stored under Ada+Shop@BÜCHER.example, thank you.", sender=KIM))
    mailbox.fetch()
    mails.send_due()
    asked = {message.to[0] for message in outgoing.outbox if "confirm" in message.subject.lower()}
    assert asked == {"ada+shop@bücher.example"}
    told = [message for message in outgoing.outbox if message.to == [KIM]]
    assert len(told) == 1
    assert "/privacy/deletion/" not in told[0].body
    assert "ada" not in told[0].body


def test_several_addresses_are_for_a_person(maildir: Box) -> None:
    maildir.put(letter(f"{ASKS} I am ada@customer.example and bob@customer.example."))
    mailbox.fetch()
    assert DeletionRequest.objects.get().is_doubtful
    assert RequestAddress.objects.get().address == KIM


def test_california_has_its_own_time(maildir: Box) -> None:
    maildir.put(letter("Under the CCPA I request that you delete my personal information."))
    mailbox.fetch()
    request = DeletionRequest.objects.get()
    assert request.law == "ccpa"
    assert (request.due_at - request.received_at).days == 45


def test_two_requests_about_one_address_are_one(maildir: Box) -> None:
    for sender in (KIM, KIM.upper(), "x@customer.example"):
        maildir.put(letter(f"Please delete my personal data of {KIM}.", sender=sender))
    mailbox.fetch()
    states = sorted(DeletionRequest.objects.values_list("state", flat=True))
    assert states == ["duplicate", "duplicate", "identity_pending"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; type=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"List-Id": "<friends.customer.example>"},
        {"List-Unsubscribe": "<mailto:x@customer.example>"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Autoreply": "yes"},
        {"Return-Path": "<>"},
        {"From": "MAILER-DAEMON@customer.example", "Return-Path": "<>"},
        {"From": "no-reply@customer.example"},
        {"Subject": "Automatic reply: out of office"},
    ],
    ids=str,
)
def test_a_machine_is_never_answered_and_its_request_never_lost(maildir: Box, headers: dict[str, str]) -> None:
    maildir.put(letter(headers=headers))
    mailbox.fetch()
    request = DeletionRequest.objects.get()
    assert (request.state, request.is_doubtful) == ("received", True)
    assert kinds() == []


def test_what_a_machine_says_in_passing_is_no_request(maildir: Box) -> None:
    footer = "You can request deletion of your personal data at any time."
    maildir.put(letter(f"Our news of May.\n\n{footer}", headers={"List-Id": "<news.other.example>"}))
    mailbox.fetch()
    assert not DeletionRequest.objects.exists()


def test_our_own_mails_ask_for_nothing_but_the_letter_that_a_customer_had_sent(maildir: Box) -> None:
    maildir.put(letter(sender=SUPPORT, headers={"Auto-Submitted": "auto-generated"}))
    text = f"{ASKS}\n\nMy e-mail address: {KIM}\n"
    maildir.put(letter(text, sender=f"AzureOps <{SUPPORT}>", headers={"Reply-To": KIM}))
    mailbox.fetch()
    assert verdicts() == ["other", "request"]
    assert RequestAddress.objects.get().address == KIM
    assert kinds() == ["deletion_proof"]


def test_an_acknowledgement_a_sender_and_day(maildir: Box) -> None:
    for number in range(3):
        maildir.put(letter(f"Please delete the personal data of a{number}@customer.example."))
    mailbox.fetch()
    assert kinds().count("deletion_acknowledgement") == 1
    request_id = OutgoingMail.objects.get(kind="deletion_acknowledgement").object_id
    key = f"deletion_acknowledgement:{request_id}:"  # no digest of the address, which would outlive its person
    assert OutgoingMail.objects.filter(dedup_key=key).exists()
    with clock.at(clock.now() + timedelta(days=1)):
        maildir.put(letter())
        mailbox.fetch()
    assert kinds().count("deletion_acknowledgement") == 2


def test_a_forged_sender_is_not_answered_where_our_server_says_so(maildir: Box, settings: Settings) -> None:
    settings.MAILBOX_AUTHSERV_ID = "mx.example.com"
    maildir.put(letter(headers={"Authentication-Results": "mx.example.com; spf=fail; dmarc=fail (p=reject)"}))
    mailbox.fetch()
    assert RequestSubject.objects.get().hints == {"spf": "fail", "dmarc": "fail"}
    assert kinds() == ["deletion_proof"]  # which goes to the address, whoever wrote
