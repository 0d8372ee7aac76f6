"""What comes back to the mail that asks for proof: answers, absence notes, bounces, and other helpdesks."""

from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail as outgoing

from privacy import clock, deletion_requests, mail_addresses, mailbox, mails
from privacy.models import Alert, DeletionRequest, OutgoingMail, ProofToken, ReceivedMail, RequestEvent
from tests.accounts import purchases
from tests.accounts.conftest import person
from tests.privacy.mailbox.letters import ASKS, KIM, SUPPORT, Box, letter

pytestmark = pytest.mark.django_db
Kind = RequestEvent.Kind


@pytest.fixture
def asked(maildir: Box) -> str:
    """The address from which proof was asked from Kim."""
    maildir.put(letter(subject="Delete me", text=ASKS))
    mailbox.fetch()
    mails.send_due()
    address = mail_addresses.with_token(deletion_requests.token(ProofToken.objects.get()))
    assert [message for message in outgoing.outbox if address in message.from_email]
    outgoing.outbox.clear()
    return address


def state() -> str:
    return DeletionRequest.objects.order_by("pk").values_list("state", flat=True)[0]


def events() -> list[str]:
    return list(RequestEvent.objects.values_list("kind", flat=True))


def last_verdict() -> str:
    return ReceivedMail.objects.order_by("pk").values_list("verdict", flat=True).last() or ""


def nothing_was_sent() -> bool:
    mails.send_due()
    return not outgoing.outbox and set(OutgoingMail.objects.values_list("kind", flat=True)) <= {
        "deletion_acknowledgement",
        "deletion_proof",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Yes",
        "Yes, please. Best regards, Kim",
        "I confirm.",
        "Ja, bitte löschen!",
        "Ich bestätige die Löschung meiner Daten.",
        "Oui, je confirme.",
        "Sí, confirmo.",
        "Sì, confermo",
        "Ja, akkoord",
        "Tak, potwierdzam",
        "Sim, confirmo.",
        "Please delete all my data.",
        "Yes\n\nOn Monday, AzureOps wrote:\n> If you don’t want this, do nothing.\n> Confirm?",
        "Yes\n-- \nKim, not in on Mondays",
    ],
)
def test_an_answer_that_agrees_proves_the_address_and_is_not_answered(maildir: Box, asked: str, text: str) -> None:
    maildir.put(letter(text, to=asked.upper(), subject="Re: Please confirm", sender="whoever@other.example"))
    mailbox.fetch()
    assert state() in {"verified", "planned"}
    token = ProofToken.objects.get()
    assert (token.used_way, last_verdict()) == ("reply", "proof")
    assert nothing_was_sent()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No",
        "Nein, das war ich nicht.",
        "Yes, but keep my licenses.",
        "Who are you?",
        "Yes?",
        "I did not ask for this.",
        "Non",
        "What does this mean for my order?",
        "> Yes",
        "On Monday, Kim wrote:\n> Yes, I confirm",
        "Yes. " + "And so on, word after word. " * 30,
        "Oui, sauf mes factures.",
        "Ja, aber erst im Mai.",
    ],
)
def test_an_answer_that_is_not_a_plain_yes_goes_to_a_person(maildir: Box, asked: str, text: str) -> None:
    maildir.put(letter(text, to=asked, subject="Re: Please confirm the deletion of your data"))
    mailbox.fetch()
    assert state() == "identity_pending"
    assert last_verdict() == "answer"
    assert Kind.PROOF_DOUBTFUL in events()
    assert Alert.objects.get().kind == "deletion_answer"
    assert ProofToken.objects.get().used_at is None
    assert nothing_was_sent()


@pytest.mark.parametrize(
    "text",
    ["Please cancel my request.", "I changed my mind.", "Ich ziehe meinen Antrag zurück.", "Don't delete my data."],
)
def test_an_answer_can_take_the_request_back(maildir: Box, asked: str, text: str) -> None:
    maildir.put(letter(text, to=asked))
    mailbox.fetch()
    assert (state(), last_verdict()) == ("withdrawn", "withdrawal")
    assert nothing_was_sent()


def test_who_was_thought_to_be_the_same_person_takes_nobody_elses_request_back(maildir: Box, asked: str) -> None:
    request = DeletionRequest.objects.get()
    staff = person("sue@example.com", is_staff=True)
    added = deletion_requests.add_address(request.pk, "kim@other.example", by=staff)
    deletion_requests.ask_for_proof(request.pk, by=staff, open_address=added.open_address)
    token = deletion_requests.token(ProofToken.objects.get(address=added))
    for to in (mail_addresses.with_token(token), asked):
        maildir.put(letter("Don't delete my data.", to=to, sender="kim@other.example"))
    mailbox.fetch()
    assert (state(), last_verdict()) == ("identity_pending", "withdrawal")
    assert events().count(Kind.PROOF_DOUBTFUL) == 2
    assert Alert.objects.get().kind == "deletion_answer"


def test_only_the_address_with_the_token_proves(maildir: Box, asked: str) -> None:
    token = mail_addresses.token_of(asked)
    maildir.put(letter(f"Yes, I confirm.\n{asked}", to=SUPPORT, subject=f"Re: {token}"))
    maildir.put(letter("Yes", to=f"support+{'a' * 39}@example.com"))
    maildir.put(letter("Yes", to=asked.replace("@example.com", "@evil.example")))
    mailbox.fetch()
    assert state() == "identity_pending"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Return-Path": "<>"},
        {"Precedence": "bulk"},
        {"List-Id": "<x.customer.example>"},
        {"X-Auto-Response-Suppress": "OOF"},
        {"From": "MAILER-DAEMON@customer.example", "Return-Path": "<>"},
        {"From": SUPPORT},
    ],
    ids=str,
)
@pytest.mark.parametrize("text", ["Yes, I confirm.", "I am out of office until Monday."])
def test_no_machine_proves_anything(maildir: Box, asked: str, headers: dict[str, str], text: str) -> None:
    quoted = f"{text}\n\n> {asked}\n> Yes, I confirm\n"
    maildir.put(letter(quoted, to=asked, headers=headers))
    mailbox.fetch()
    assert state() == "identity_pending"
    assert ProofToken.objects.get().used_at is None
    assert DeletionRequest.objects.count() == 1
    assert nothing_was_sent()


def test_a_used_or_old_token_proves_no_more(maildir: Box, asked: str) -> None:
    deletion_requests.prove(mail_addresses.token_of(asked), way="link")
    maildir.put(letter("Yes", to=asked))
    mailbox.fetch()
    assert last_verdict() == "proof"
    assert ProofToken.objects.get().used_way == "link"
    with clock.at(clock.now() + timedelta(days=15)):
        maildir.put(letter("Yes", to=asked))
        mailbox.fetch()
        assert last_verdict() == "other"


def test_a_new_request_to_an_old_address_is_a_request(maildir: Box, asked: str) -> None:
    with clock.at(clock.now() + timedelta(days=15)):
        deletion_requests.close_unverified()
        assert state() == "unverified_closed"
        maildir.put(letter(ASKS, to=asked))
        mailbox.fetch()
    assert DeletionRequest.objects.count() == 2
    assert last_verdict() == "request"


def test_two_helpdesks_do_not_write_to_each_other(maildir: Box, asked: str) -> None:
    """The other one answers every mail, and marks none as automatic."""
    for number in range(5):
        maildir.put(letter(f"Thank you for your ticket {number}: {ASKS}", to=SUPPORT))
        maildir.put(letter(f"We got your mail “Please confirm the deletion”, ticket {number}.", to=asked))
        mailbox.fetch()
        mails.send_due()
    kinds = list(OutgoingMail.objects.values_list("kind", flat=True))
    assert kinds.count("deletion_acknowledgement") == 1
    assert kinds.count("deletion_proof") == 1
    assert outgoing.outbox == []


def _report(
    to: str, *, action: str = "failed", quoted_from: str = "", message_id: str = "<stranger@mx.example>"
) -> EmailMessage:
    """What a mail server says of a mail (RFC 3464)."""
    status = (
        f"Reporting-MTA: dns; mx.customer.example\n\nFinal-Recipient: rfc822; {KIM}\nAction: {action}\nStatus: 5.1.1\n"
    )
    quoted = (
        f"From: AzureOps <{quoted_from or SUPPORT}>\nTo: {KIM}\nMessage-ID: {message_id}\nSubject: Please confirm\n\n"
        f"Yes, I confirm. {ASKS}\n"
    )
    mail = EmailMessage()
    mail["Return-Path"], mail["Delivered-To"] = "<>", to
    mail["From"], mail["To"], mail["Subject"] = "mailer-daemon@mx.customer.example", to, "Undelivered"
    mail["MIME-Version"] = "1.0"
    mail["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="b"'
    parts = [
        ("text/plain", "It could not be delivered. Yes."),
        ("message/delivery-status", status),
        ("message/rfc822", quoted),
    ]
    body = "".join(f"--b\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    mail.set_payload(f"{body}--b--\n")
    return mail


@pytest.mark.parametrize("by_quote", [False, True], ids=["by its recipient", "by what it quotes"])
def test_a_bounce_is_matched_with_its_request_and_proves_nothing(maildir: Box, asked: str, by_quote: bool) -> None:
    maildir.put(_report(SUPPORT, quoted_from=asked) if by_quote else _report(asked))
    mailbox.fetch()
    assert (state(), last_verdict()) == ("identity_pending", "bounce")
    assert events().count(Kind.PROOF_BOUNCED) == 1
    assert DeletionRequest.objects.count() == 1
    assert nothing_was_sent()


@pytest.mark.promise("P6a")
@pytest.mark.parametrize("action", ["failed", "delayed"])
def test_any_other_mail_of_ours_that_came_back_is_marked_so(maildir: Box, action: str) -> None:
    purchases.paid((purchases.edition(), 1))
    mails.send_due()
    row = OutgoingMail.objects.get(kind="order_confirmation")
    maildir.put(_report(SUPPORT, action=action, message_id=mails.message_id(row)))
    mailbox.fetch()
    row.refresh_from_db()
    expected = ("5.1.1", "bounce") if action == "failed" else ("", "other")
    assert (row.bounce, last_verdict()) == expected
    assert DeletionRequest.objects.count() == 0


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_a_report_that_is_no_failure_is_no_bounce(maildir: Box, asked: str, action: str) -> None:
    maildir.put(_report(asked, action=action))
    mailbox.fetch()
    assert Kind.PROOF_BOUNCED not in events()


@pytest.mark.parametrize("sender", ["postmaster@customer.example", "bounces@customer.example"])
def test_a_person_who_writes_as_postmaster_is_heard(maildir: Box, asked: str, sender: str) -> None:
    maildir.put(letter("Yes", to=asked, sender=sender))
    mailbox.fetch()
    assert (state(), last_verdict()) == ("verified", "proof")
    assert Kind.PROOF_BOUNCED not in events()


def test_a_person_whose_mail_program_names_our_host_is_heard(maildir: Box, asked: str) -> None:
    host = urlsplit(settings.SITE_URL).hostname
    maildir.put(letter("Yes", to=asked, headers={"Message-ID": f"<1@{host}>"}))
    mailbox.fetch()
    assert (state(), last_verdict()) == ("verified", "proof")


def test_a_bounce_of_nothing_of_ours_is_left_alone(maildir: Box) -> None:
    maildir.put(_report(SUPPORT))
    mailbox.fetch()
    assert last_verdict() == "other"
    assert not DeletionRequest.objects.exists()
