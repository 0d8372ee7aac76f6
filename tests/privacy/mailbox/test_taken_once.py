"""Each mail is taken once, whatever is in it, whatever breaks, and whoever is killed on the way."""

import os
import signal
import threading
from collections.abc import Callable

import pytest
from django.core import mail as outgoing
from django.db import OperationalError, connection, connections
from pytest_django import Settings

from privacy import mailbox, mails
from privacy.mailbox import handlers, taking
from privacy.models import Alert, DeletionRequest, OutgoingMail, ReceivedMail, RequestSubject
from tests.privacy.mailbox.letters import ASKS, KIM, SUPPORT, Box, letter

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(OutgoingMail.objects.order_by("kind").values_list("kind", flat=True))


def verdicts() -> list[str]:
    return list(ReceivedMail.objects.order_by("uid").values_list("verdict", flat=True))


def test_injected_headers_and_signs_that_nobody_sees(maildir: Box) -> None:
    raw = (
        b"From: =?utf-8?q?Kim=0D=0ABcc=3A_evil=40evil.example?= <kim@customer.example>\r\n"
        b"Subject: =?utf-8?q?delete=0D=0AX-Evil:_my_data?=\x00\r\nMessage-ID: <a\x00b>\r\n\r\n"
        b"Please de\xc2\xadle\xe2\x80\x8bte my\x00 data\x00.\r\n"
    )
    maildir.put(raw)
    mailbox.fetch()
    subject = RequestSubject.objects.get()
    assert (subject.sender, subject.name) == (KIM, "Kim Bcc: evil@evil.example")
    assert "\n" not in subject.title
    mails.send_due()
    for message in outgoing.outbox:
        assert b"Bcc" not in message.message().as_bytes().split(b"\n\n")[0]


def test_broken_mails_stop_no_other(maildir: Box) -> None:
    maildir.put(b"")
    maildir.put(b"\x00\xff\xfe" * 1000)
    maildir.put(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: text/html\n\n" * 5_000)
    maildir.put(b"From: a@b.example\nContent-Type: text/plain; charset=zlib_codec\n\nx\x9c" + b"\0" * 99)
    maildir.put(b"From: a@b.example\nContent-Type: text/plain; charset=punycode\n\n" + b"a-" * 9_000)
    maildir.put(b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 50_000)
    maildir.put(b"From: a@b.example\nContent-Type: text/html\n\n<table><tr><td>" + b"x" * 9_000 + b"<tr><td>y" * 9_000)
    maildir.put(letter())
    assert mailbox.fetch() == 8
    assert verdicts()[-1] == "request"
    assert not Alert.objects.exists()


def test_mails_without_a_message_id_are_told_apart_by_what_they_say(maildir: Box) -> None:
    head = f"From: {KIM}\nTo: {SUPPORT}\nSubject: x\n\n".encode()
    maildir.put(head + ASKS.encode())
    maildir.put(head + ASKS.encode())
    maildir.put(head + b"Please delete my other data. ")
    mailbox.fetch()
    assert DeletionRequest.objects.count() == 2
    request = DeletionRequest.objects.order_by("pk").first()
    assert request is not None
    refs = mailbox.refs_of_request(request.pk)
    assert len(refs) == 2  # the copy goes with it
    assert mailbox.expunge(refs) == 2
    assert len(maildir.files()) == 1


def test_a_request_that_names_nobody_calls_a_person(maildir: Box) -> None:
    maildir.put(f"From: nobody at all\nSubject: {ASKS}\n\n".encode())
    mailbox.fetch()
    assert verdicts() == ["broken"]
    assert Alert.objects.get().kind == "mail_without_address"


def test_what_breaks_the_code_calls_a_person_and_stops_no_other(maildir: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    maildir.put(letter("break it"), name="1")
    maildir.put(letter(), name="2")
    real = taking._outcome

    def breaks(judged: mailbox.Judged) -> handlers.Outcome:
        if "break it" in judged.reading.text:
            raise ZeroDivisionError
        return real(judged)

    monkeypatch.setattr(taking, "_outcome", breaks)
    assert mailbox.fetch() == 2
    assert verdicts() == ["broken", "request"]
    assert Alert.objects.get(kind="mail_unreadable").key == "1"
    assert mailbox.fetch() == 0


def test_a_database_that_fails_leaves_the_mail_for_the_next_run(maildir: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    maildir.put(letter())

    def fails(judged: mailbox.Judged) -> handlers.Outcome:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(taking, "_outcome", fails)
        with pytest.raises(OperationalError):
            mailbox.fetch()
    assert not ReceivedMail.objects.exists()
    assert mailbox.fetch() == 1


def test_a_mailbox_that_is_away_calls_a_person_until_it_is_back(maildir: Box, settings: Settings) -> None:
    url = settings.MAILBOX_URL
    settings.MAILBOX_URL = "maildir:/nowhere/at/all"
    with pytest.raises(mailbox.MailboxError, match="can't be read as a Maildir"):
        mailbox.fetch()
    assert Alert.objects.get(kind="mailbox_unreachable").closed_at is None
    settings.MAILBOX_URL = url
    mailbox.fetch()
    assert Alert.objects.get(kind="mailbox_unreachable").closed_at is not None


def test_other_parts_of_the_shop_take_what_is_left_and_nothing_before(
    maildir: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "_registered", {})
    seen = []

    @mailbox.register_handler("cases")
    def as_case(judged: mailbox.Judged) -> mailbox.Outcome | None:
        seen.append(judged.message.subject)
        return mailbox.Outcome(ReceivedMail.Verdict.HANDLED) if "key" in judged.reading.own else None

    maildir.put(letter(), name="1")
    maildir.put(letter("Where is my key?", subject="Key"), name="2")
    maildir.put(letter("Hello", subject="Hello"), name="3")
    mailbox.fetch()
    assert seen == ["Key", "Hello"]
    assert verdicts() == ["request", "handled", "other"]


def test_messages_of_a_person_in_folders_of_a_maildir(maildir: Box) -> None:
    mine = maildir.put(letter())
    maildir.put(letter(sender="xkim@customer.example"))
    answered = letter(headers={"From": "other@x.example", "Reply-To": f"Kim <{KIM.upper()}>"})
    archived = maildir.put(answered, folder=".Archive", flags="S")
    refs = mailbox.messages_of([KIM])
    assert {ref.uid for ref in refs} == {mine, archived}
    assert mailbox.expunge(refs) == 2
    assert len(maildir.files()) == 1


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_that_take_a_mail_at_once_take_it_once(self, maildir: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        maildir.put(letter())
        both = threading.Barrier(2, timeout=20)
        real = taking.take

        def together(judged: object) -> bool:
            both.wait()
            return real(judged)  # type: ignore[arg-type]

        monkeypatch.setattr(taking, "take", together)
        counts: list[int] = []

        def work() -> None:
            try:
                counts.append(mailbox.fetch())
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(counts) == [0, 1]
        assert DeletionRequest.objects.count() == 1
        assert kinds() == ["deletion_acknowledgement", "deletion_proof"]

    def test_without_its_constraints_the_race_happens(self, maildir: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        """The canary of the test above."""
        with connection.cursor() as cursor:
            for name in ("receivedmail_taken_once", "receivedmail_same_mail_once"):
                cursor.execute(f"ALTER TABLE privacy_receivedmail DROP CONSTRAINT {name}")
        try:
            maildir.put(letter())
            judged = next(iter(mailbox.preview()))
            assert taking.take(judged)
            assert taking.take(judged)
            assert DeletionRequest.objects.count() == 2
        finally:
            ReceivedMail.objects.all().delete()
            with connection.cursor() as cursor:
                for name, columns in (
                    ("receivedmail_taken_once", "mailbox, uid_validity, uid"),
                    ("receivedmail_same_mail_once", "mailbox, digest"),
                ):
                    cursor.execute(f"ALTER TABLE privacy_receivedmail ADD CONSTRAINT {name} UNIQUE ({columns})")

    @pytest.mark.parametrize("moment", ["_outcome", "_claim"])
    def test_whoever_is_killed_between_taking_and_receiving_loses_nothing(
        self, maildir: Box, moment: str, kill_in_child: Callable[[Callable[[], object]], int]
    ) -> None:
        maildir.put(letter())
        real = getattr(taking, moment)

        def die(*args: object) -> None:
            real(*args)
            os.kill(os.getpid(), signal.SIGKILL)

        def fetch() -> None:
            setattr(taking, moment, die)
            mailbox.fetch()

        assert kill_in_child(fetch) == signal.SIGKILL
        assert not ReceivedMail.objects.exists()
        assert not DeletionRequest.objects.exists()
        assert mailbox.fetch() == 1
        assert DeletionRequest.objects.count() == 1


@pytest.fixture
def kill_in_child() -> Callable[[Callable[[], object]], int]:
    """Runs something in a process of its own, and returns the signal that ended it."""

    def run(work: Callable[[], object]) -> int:
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            try:
                work()
            finally:
                os._exit(0)
        _, status = os.waitpid(pid, 0)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    return run
