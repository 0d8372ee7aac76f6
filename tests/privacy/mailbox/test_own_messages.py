"""A person's messages: removed with the person, but for the request's own until its notice has gone, and scanned."""

from collections.abc import Iterator

import pytest

from privacy import deletion_requests, mailbox, people, residue
from privacy.erasing import expunge_mails
from privacy.erasure.cases import Case
from privacy.mailbox import searching
from privacy.mailbox.messages import Message
from privacy.models import DeletionRequest, ReceivedMail, RequestAddress
from privacy.people import Person
from privacy.residue import Kind
from privacy.residue.exemptions import Exempt
from tests.privacy.mailbox.letters import KIM, Box, letter

pytestmark = pytest.mark.django_db
NOBODY: frozenset[int] = frozenset()


def test_the_step_of_a_deletion_leaves_the_request_s_mail_which_goes_later(maildir: Box) -> None:
    asks = maildir.put(letter())
    mailbox.fetch()
    request = DeletionRequest.objects.get()
    maildir.put(letter("Where is my key?", sender=KIM.upper()))
    others = maildir.put(letter(f"I know {KIM}.", sender="ada@customer.example"))
    case = Case(Person(NOBODY, frozenset({KIM})), request.pk)
    assert expunge_mails(case) == 1
    assert expunge_mails(case) == 0
    assert maildir.files() == {f"new/{asks}", f"new/{others}"}
    assert mailbox.expunge(mailbox.refs_of_request(request.pk)) == 1
    assert maildir.files() == {f"new/{others}"}


def test_the_scan_looks_into_the_mailbox_and_lets_the_request_s_mail_pass_while_it_is_needed(
    maildir: Box,
) -> None:
    maildir.put(letter())
    mailbox.fetch()
    request = DeletionRequest.objects.get()
    deletion_requests.withdraw(request.pk)
    person = people.of_address(KIM)

    def in_mailbox(exempt: Exempt) -> tuple[set[str], set[str]]:
        report = residue.scan(person, exempt=exempt)
        found, asked = report.findings, report.candidates
        return tuple({one.where for one in part if one.where.startswith("mailbox")} for part in (found, asked))  # type: ignore[return-value]

    assert in_mailbox(Exempt(request=request.pk)) == (set(), set())
    assert in_mailbox(Exempt()) == ({"mailbox, headers", "mailbox, headers, decoded"}, set())
    maildir.put(letter(f"I know {KIM}.", sender="ada@customer.example"))
    findings, candidates = in_mailbox(Exempt(request=request.pk))
    assert (findings, candidates) == (set(), {"mailbox, text (text/plain)"})


def test_a_mail_that_can_t_be_read_is_for_a_person_to_judge_and_stops_no_scan(
    maildir: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = maildir.put(letter(f"I know {KIM}.", sender="ada@customer.example"))
    maildir.put(letter(f"I know {KIM}.", sender="bob@customer.example"))
    before = searching._texts

    def texts(message: Message) -> Iterator[tuple[str, str]]:
        if message.ref.uid == bad:
            raise ValueError("embedded null byte")
        return before(message)

    monkeypatch.setattr(searching, "_texts", texts)
    report = residue.scan(people.of_address(KIM))
    assert {(one.where, one.what) for one in report.candidates if one.where.startswith("mailbox")} == {
        ("mailbox, mail", Kind.UNREADABLE),
        ("mailbox, text (text/plain)", Kind.EMAIL),
    }


def test_a_mail_that_came_in_meanwhile_is_judged_before_it_is_removed(maildir: Box) -> None:
    maildir.put(letter("Please delete all personal data of ada@customer.example."))
    assert mailbox.expunge_of([KIM], request_id=None) == 1
    assert ReceivedMail.objects.get().verdict == "request"
    assert RequestAddress.objects.get().address == "ada@customer.example"
    assert maildir.files() == set()
