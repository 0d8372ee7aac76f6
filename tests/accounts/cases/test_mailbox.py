"""Answers by mail: to the right case, from the right address, and never from a machine."""

import pytest
from pytest_django import Settings

from accounts import cases
from accounts.cases import links
from accounts.cases import mails as case_mails
from accounts.models import Case
from privacy import mailbox
from privacy.models import DeletionRequest, OutgoingMail, ReceivedMail
from tests.accounts.cases import asking
from tests.accounts.cases.asking import EMAIL
from tests.accounts.conftest import person
from tests.privacy.mailbox.letters import Box, letter

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]
RE = "Re: C-000001: we have your complaint"


@pytest.fixture
def case() -> Case:
    return asking.ask(asking.sold(), "complaint")


def take(box: Box, case: Case, text: str = "It is version 2.", *, sender: str = EMAIL, **options: object) -> str:
    """The verdict about a mail to the case's address."""
    to = options.pop("to", links.mail_address(case.party))
    box.put(letter(text, sender=sender, to=to, subject=options.pop("subject", RE), **options))  # type: ignore[arg-type]
    assert mailbox.fetch() == 1
    return str(ReceivedMail.objects.latest("pk").verdict)


def texts(case: Case) -> list[str]:
    return list(case.party.messages.filter(way="mail").values_list("text", flat=True))


def test_an_answer_becomes_a_message_of_its_case(maildir: Box, case: Case) -> None:
    other = asking.ask(asking.sold())
    cases.answer(case.pk, "Which version?", by=None)
    quoting = "It is version 2.\n\nOn Monday AzureOps wrote:\n> Which version?\n"
    assert take(maildir, case, quoting) == "handled"
    case.refresh_from_db()
    assert (case.state, case.needs_person) == ("received", True)
    assert texts(case) == ["It is version 2."]
    assert texts(other) == []
    cases.answer(case.pk, "Thank you.", by=None)
    answer = OutgoingMail.objects.filter(kind="case_answer").latest("pk")
    mail = case_mails.answer(answer.object_id)
    assert mail is not None
    assert mail.in_reply_to == case.party.messages.get(way="mail").message_id


def test_casing_and_a_second_address_of_the_account_don_t_matter(maildir: Box, case: Case) -> None:
    user = person("ada@work.example")
    case.party.user = user
    case.party.save()
    assert take(maildir, case, "One", sender="Ada@Example.COM") == "handled"
    assert take(maildir, case, "Two", sender="ada@work.example") == "handled"
    assert texts(case) == ["One", "Two"]


def test_a_mail_from_another_address_is_left_to_a_person_and_nothing_of_it_is_kept(maildir: Box, case: Case) -> None:
    cases.answer(case.pk, "Which version?", by=None)
    for _ in range(2):
        assert take(maildir, case, "I am Ada, believe me.", sender="eve@evil.example") == "answer"
    case.refresh_from_db()
    assert (case.state, case.needs_person) == ("waiting", True)
    assert asking.story(case).count("stranger") == 1
    assert texts(case) == []


def test_a_forged_sender_is_another_address(maildir: Box, case: Case, settings: Settings) -> None:
    settings.MAILBOX_AUTHSERV_ID = "mx.example.com"
    headers = {"Authentication-Results": "mx.example.com; dmarc=fail header.from=example.com"}
    assert take(maildir, case, headers=headers) == "answer"
    assert texts(case) == []


def test_a_foreign_token_is_left_alone(maildir: Box, case: Case) -> None:
    for token in ("a" * 39, links.token(case.party).lower()):
        assert take(maildir, case, f"Hello {token[:3]}", to=f"support+{token}@example.com") == "other"
    assert texts(case) == []


def test_the_token_of_a_case_that_was_closed_long_ago_reaches_a_person_in_the_mailbox(maildir: Box, case: Case) -> None:
    cases.close(case.pk, by=None, outcome="answered")
    Case.objects.filter(pk=case.pk).update(closed_at="2026-01-01T00:00:00Z", received_at="2025-12-01T00:00:00Z")
    assert take(maildir, case) == "answer"
    case.refresh_from_db()
    assert (case.state, texts(case)) == ("closed", [])


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"List-Id": "<news.example>"},
        {"Precedence": "bulk"},
        {"X-Autoreply": "yes"},
        {"Subject": "Out of office"},
    ],
    ids=str,
)
def test_what_a_machine_writes_says_nothing(maildir: Box, case: Case, headers: dict[str, str]) -> None:
    assert take(maildir, case, "I am away.", headers=headers) == "other"
    case.refresh_from_db()
    assert texts(case) == []
    assert asking.story(case) == ["received"]
    assert not OutgoingMail.objects.filter(kind="case_answer").exists()


def test_a_mail_of_ours_that_came_back_calls_a_person(maildir: Box, case: Case) -> None:
    cases.answer(case.pk, "Which version?", by=None)
    headers = {"Return-Path": "<>", "Content-Type": 'multipart/report; report-type="delivery-status"; boundary="b"'}
    daemon = "mailer-daemon@mx.example"
    assert take(maildir, case, "gone", sender=daemon, subject="Undelivered", headers=headers) == "bounce"
    case.refresh_from_db()
    assert case.needs_person
    assert "bounced" in asking.story(case)


def test_a_request_for_deletion_in_an_answer_goes_its_own_way(maildir: Box, case: Case) -> None:
    assert take(maildir, case, "Forget it. Please delete all my personal data.") == "request"
    assert texts(case) == []
    request = DeletionRequest.objects.get()
    assert request.subject.addresses.get().address == EMAIL


def test_more_mails_a_day_than_anybody_reads_stay_in_the_mailbox(maildir: Box, case: Case) -> None:
    for number in range(19):
        cases.add(case.pk, f"Message {number}", way="page")
    for number in range(2):
        assert take(maildir, case, f"More {number}") == "answer"
    assert asking.story(case).count("too_much") == 1
    assert texts(case) == []


def test_a_mail_without_a_text_says_so(maildir: Box, case: Case) -> None:
    assert take(maildir, case, "") == "handled"
    assert texts(case) == ["(This mail has no text.)"]
