"""Mails that can't be read: each is tried in three runs, calls a person, and is in no other's way."""

import imaplib
import os
from collections.abc import Callable
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DataError

from privacy import mailbox
from privacy.deletion_requests import CannotDo
from privacy.mailbox import handlers, requests, taking
from privacy.mailbox.imap_answers import received_at
from privacy.mailbox.imap_answers import value as value_of
from privacy.mailbox.judging import Judged
from privacy.mailbox.maildir import MaildirFolder
from privacy.mailbox.source import UnreadableMail
from privacy.models import Alert, DeletionRequest, ReceivedMail, RequestSubject
from tests.dovecot import Dovecot
from tests.privacy.mailbox.letters import ASKS, KIM, Box, letter, look_for

pytestmark = pytest.mark.django_db
Uid = Callable[..., Any]


def verdicts() -> dict[str, str]:
    return dict(ReceivedMail.objects.values_list("uid", "verdict"))


def _breaking(monkeypatch: pytest.MonkeyPatch, bad: set[str], error: Exception) -> list[str]:
    """A server that breaks off at some mails; returns the list of mails that were asked for first."""
    real: Uid = imaplib.IMAP4.uid
    asked: list[str] = []

    def breaks(client: imaplib.IMAP4, command: str, *args: str) -> Any:
        if command == "FETCH" and "RFC822.SIZE" in args[1]:
            asked.append(args[0])
            if bad & set(args[0].split(",")):
                client.shutdown()
                raise error
        return real(client, command, *args)

    monkeypatch.setattr(imaplib.IMAP4, "uid", breaks)
    return asked


@pytest.mark.parametrize("error", [imaplib.IMAP4.abort("broken"), ConnectionResetError(), TimeoutError()], ids=repr)
def test_a_mail_at_which_the_server_always_breaks_off_is_given_up_after_three_runs(
    imap: Dovecot, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    bad = imap.append(letter().as_bytes())
    good = imap.append(letter(sender="ada@customer.example").as_bytes())
    _breaking(monkeypatch, {bad}, error)
    assert mailbox.fetch() == 1
    assert verdicts() == {bad: "unread", good: "request"}
    assert Alert.objects.get().key == bad
    assert [mailbox.fetch(), mailbox.fetch()] == [0, 0]
    assert verdicts() == {bad: "broken", good: "request"}
    asked = _breaking(monkeypatch, {bad}, error)
    assert mailbox.fetch() == 0
    assert asked == []


def test_a_mail_that_is_read_after_all_is_taken_and_its_alert_ends(
    imap: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = imap.append(letter().as_bytes())
    _breaking(monkeypatch, {bad}, imaplib.IMAP4.abort("broken"))
    assert mailbox.fetch() == 0
    monkeypatch.undo()
    assert mailbox.fetch() == 1
    assert verdicts() == {bad: "request"}
    assert Alert.objects.get(kind="mail_unreadable").closed_at is not None


def test_a_structure_that_is_too_long_stops_no_other_mail(imap: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the line is then in the way of the next answer."""
    monkeypatch.setattr(imaplib, "_MAXLINE", 10_000)
    head = f"From: {KIM}\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n".encode()
    part = b'--b\nContent-Type: application/x; name="' + b"x" * 120 + b'"\n\nhi\n'
    bad = imap.append(head + part * 500 + b"--b--\n")
    good = imap.append(letter().as_bytes())
    mailbox.fetch()
    assert verdicts()[good] == "request"
    assert verdicts()[bad] == "unread"


def test_more_unreadable_mails_than_a_run_takes_leave_room_for_the_others(
    maildir: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_FAILED", 2)
    for number in range(4):
        maildir.put(letter(), name=f"a{number}")
    maildir.put(letter(), name="b")
    real = MaildirFolder.message

    def refuses(folder: MaildirFolder, uid: str) -> object:
        if uid.startswith("a"):
            raise UnreadableMail
        return real(folder, uid)

    monkeypatch.setattr(MaildirFolder, "message", refuses)
    for _ in range(3):
        mailbox.fetch(limit=1)
    assert verdicts()["b"] == "request"


def test_half_a_letter_of_utf7_is_no_error(maildir: Box) -> None:
    head = f"From: {KIM}\nSubject: =?utf-7?q?+2AA-?= x\nContent-Type: text/plain; charset=utf-7\n\n".encode()
    maildir.put(head + b"x " * 3_000 + b".\n\nPlease delete all of+2AA- my personal data.")
    assert mailbox.fetch() == 1
    assert DeletionRequest.objects.get().state == "identity_pending"
    assert "\ud800" not in str(list(RequestSubject.objects.values()))


@pytest.mark.parametrize("error", [DataError, ValueError])
def test_what_the_database_refuses_is_the_mails_fault(
    maildir: Box, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fails(judged: Judged) -> handlers.Outcome:
        raise error

    uid = maildir.put(letter())
    monkeypatch.setattr(taking, "_outcome", fails)
    mailbox.fetch()
    assert verdicts() == {uid: "broken"}


def test_the_end_of_a_workers_time_is_not(maildir: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(judged: Judged) -> handlers.Outcome:
        raise SoftTimeLimitExceeded

    maildir.put(letter())
    monkeypatch.setattr(taking, "_outcome", ends)
    with pytest.raises(SoftTimeLimitExceeded):
        mailbox.fetch()
    assert verdicts() == {}


def test_a_request_that_cannot_be_received_now_is_received_later(maildir: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(judged: Judged) -> handlers.Outcome:
        raise CannotDo

    uid = maildir.put(letter())
    with monkeypatch.context() as patch:
        patch.setattr(requests, "handle", cannot)
        assert mailbox.fetch() == 0
    assert verdicts() == {uid: "unread"}
    assert mailbox.fetch() == 1
    assert verdicts() == {uid: "request"}


def test_a_file_whose_name_is_no_utf8_is_taken_like_any_other(maildir: Box) -> None:
    name = os.fsdecode(b"1700.M1.b\xfcro")
    (maildir.folder / "new" / name).write_bytes(letter(ASKS).as_bytes())
    assert mailbox.fetch() == 1
    assert mailbox.fetch() == 0
    assert mailbox.expunge(mailbox.messages_of([KIM])) == 1


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ([(b"1 (UID 7 BODY[1]<0> {2}", b"hi"), b")"], b"hi"),
        ([b'1 (UID 7 BODY[1]<0> "say \\"hi\\" \\\\o")'], b'say "hi" \\o'),
        ([b'1 (BODY[HEADER.FIELDS (FROM TO)] "" UID 7)'], b""),
        ([b"1 (UID 7 BODY[1]<0> NIL)"], None),
        ([], None),
    ],
)
def test_a_server_may_quote_a_short_text_or_have_none(answer: list[Any], value: bytes | None) -> None:
    assert value_of(answer) == value


def test_a_part_that_the_server_has_and_does_not_give_is_not_taken_for_empty(
    imap: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = imap.append(letter().as_bytes())
    real: Uid = imaplib.IMAP4.uid

    def gives_nothing(client: imaplib.IMAP4, command: str, *args: str) -> Any:
        if command == "FETCH" and "BODY.PEEK[1]" in args[1]:
            return "OK", [b"1 (UID 1 BODY[1]<0> NIL)"]
        return real(client, command, *args)

    monkeypatch.setattr(imaplib.IMAP4, "uid", gives_nothing)
    assert mailbox.fetch() == 0
    assert verdicts() == {uid: "unread"}


def test_a_moment_of_a_zone_that_is_not_told_is_utc() -> None:
    told = received_at(b'INTERNALDATE "17-Jul-2026 02:44:25 -0000"')
    assert told == received_at(b'INTERNALDATE "17-Jul-2026 02:44:25 +0000"')
    assert received_at(b'INTERNALDATE "99-Foo-2026"').tzinfo is not None


def test_a_search_does_not_take_mails_for_unreadable_after_the_server_broke_off(
    imap: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = imap.append(letter().as_bytes())
    imap.append(letter().as_bytes())
    _breaking(monkeypatch, {bad}, imaplib.IMAP4.abort("broken"))
    with pytest.raises(mailbox.MailboxError, match="broke off"):
        list(mailbox.search(look_for("a")))
