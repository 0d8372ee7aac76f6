"""The question for proof and the acknowledgement, in four languages."""

import re

import pytest
from django.core import mail as outgoing

from privacy import deletion_mails, deletion_requests, deletion_words, mails
from privacy.deletion_words import english, french, german, spanish
from privacy.models import DeletionRequest, OutgoingMail, ProofToken

pytestmark = pytest.mark.django_db
KIM = "kim@customer.example"


def _receive(language: str = "en", **values: object) -> DeletionRequest:
    return deletion_requests.receive(channel="mail", address=KIM, sender=KIM, language=language, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", ""])
def test_the_question_names_the_token_in_link_and_sender_and_no_data(language: str) -> None:
    request = _receive(language)
    assert mails.send_due() == 1
    message = outgoing.outbox[0]
    token = deletion_requests.token(ProofToken.objects.get())
    known = deletion_words.known(language)
    assert message.to == [KIM]
    assert message.from_email == f"AzureOps <support+{token}@example.com>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert request.number in message.subject
    html = message.alternatives[0][0]
    for body in (message.body, html):
        assert f"http://testserver/privacy/deletion/{token}/" in body
        assert deletion_words.of(known, "proof", number="", store="AzureOps", until="")["same"] in body.replace(
            "&#x27;", "'"
        )
    assert f'<html lang="{known}">' in html


def test_nothing_is_asked_once_the_request_is_over() -> None:
    request = _receive()
    deletion_requests.withdraw(request.pk)
    assert mails.send_due() == 0


def test_the_acknowledgement_can_not_be_answered_by_a_machine() -> None:
    request = _receive(message_id="<one@customer.example>", is_doubtful=True)
    deletion_mails.acknowledge(request, to=KIM)
    assert mails.send_due() == 1
    message = outgoing.outbox[0]
    headers = message.message()
    assert (message.from_email, headers["From"]) == ("", "AzureOps <support@example.com>")
    assert headers["Auto-Submitted"] == "auto-replied"
    assert (headers["In-Reply-To"], headers["References"]) == ("<one@customer.example>", "<one@customer.example>")
    assert "/privacy/deletion/" not in message.body


@pytest.mark.parametrize("stranger", ["<a@b>\r\nBcc: x@y.example", "no id", "<a b@c>", ""])
def test_a_message_id_that_is_none_is_not_repeated(stranger: str) -> None:
    message = mails.build(mails.Mail(to=KIM, subject="x", template="mails/order_links", in_reply_to=stranger))
    assert "In-Reply-To" not in message.extra_headers


def test_every_language_says_everything_with_the_same_places() -> None:
    def places(words: deletion_words.Words) -> dict[tuple[str, str], set[str]]:
        return {
            (part, name): set(re.findall(r"{(\w+)}", sentence))
            for part, sentences in words.items()
            for name, sentence in sentences.items()
        }

    for language in (german, french, spanish):
        assert places(language.WORDS) == places(english.WORDS)


def test_two_mails_of_one_occasion_are_one() -> None:
    for occasion in ("", "same", "same"):
        mails.queue("x", 1, occasion=occasion)
    mails.queue("x", 2, occasion="same")
    assert OutgoingMail.objects.count() == 3
