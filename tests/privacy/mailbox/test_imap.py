"""A real IMAP server: nothing is marked as read, nothing big is fetched, and only what is asked for is removed."""

import imaplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from privacy import clock, mailbox
from privacy.mailbox import MailboxError, opening
from privacy.mailbox.imap_connection import _is_there
from privacy.mailbox.messages import Message
from privacy.models import Alert, DeletionRequest, ReceivedMail
from tests.dovecot import Dovecot
from tests.privacy.mailbox.letters import ASKS, KIM, letter, look_for

pytestmark = pytest.mark.django_db


def _message(uid: str) -> Message:
    with opening.opened() as folders:
        found = next(folders).message(uid)
        assert found is not None
        return found


def test_a_request_is_taken_and_every_flag_stays_as_it_was(imap: Dovecot) -> None:
    ours = imap.append(letter().as_bytes())
    seen = imap.append(letter("Where is my key?").as_bytes(), flags="(\\Seen \\Flagged)")
    unseen = imap.append(letter("When does it ship?").as_bytes())
    before = imap.flags()
    assert before == {ours: set(), seen: {"\\Seen", "\\Flagged"}, unseen: set()}
    assert mailbox.fetch() == 3
    assert imap.flags() == before
    assert DeletionRequest.objects.get().state == "identity_pending"
    verdicts = dict(ReceivedMail.objects.values_list("uid", "verdict"))
    assert verdicts == {ours: "request", seen: "other", unseen: "other"}
    assert mailbox.fetch() == 0


def test_a_huge_attachment_is_never_downloaded_wherever_the_text_stands(imap: Dovecot) -> None:
    mail = letter()
    mail.add_attachment(b"\0" * 12_000_000, maintype="application", subtype="zip", filename="bomb.zip")
    first = imap.append(mail.as_bytes())
    text, attachment = mail.iter_parts()
    mail.set_payload([attachment, text])  # the attachment before the text
    second = imap.append(mail.as_bytes())
    before = imap.sent_to_clients()
    for uid in (first, second):
        found = _message(uid)
        assert found.size > 12_000_000
        assert [part.kind for part in found.parts] == ["text/plain"]
        assert ASKS.encode() in found.parts[0].content
    assert imap.sent_to_clients() - before < 50_000


def test_of_a_long_text_a_quarter_of_a_megabyte_is_fetched(imap: Dovecot) -> None:
    uid = imap.append(letter("x" * 70 + "\n" + ("y" * 70 + "\n") * 30_000).as_bytes())
    before = imap.sent_to_clients()
    assert sum(len(part.content) for part in _message(uid).parts) == 262_144
    assert imap.sent_to_clients() - before < 300_000


def test_new_numbers_of_the_server_take_no_mail_twice_and_are_remembered(imap: Dovecot) -> None:
    imap.append(letter().as_bytes())
    mailbox.fetch()
    request = DeletionRequest.objects.get()
    imap.number_anew()
    assert mailbox.fetch() == 0
    assert DeletionRequest.objects.get() == request
    refs = mailbox.refs_of_request(request.pk)
    assert len({ref.uid_validity for ref in refs}) == 2
    assert mailbox.expunge(refs) == 1
    assert imap.uids() == []


def test_mails_older_than_what_is_remembered_are_left(imap: Dovecot) -> None:
    imap.append(letter().as_bytes(), at=clock.now() - timedelta(days=100))
    assert mailbox.fetch() == 0
    assert not DeletionRequest.objects.exists()


def test_5000_parts_and_a_broken_tree_stop_nothing(imap: Dovecot) -> None:
    head = f"From: {KIM}\nTo: support@example.com\nSubject: x\nMIME-Version: 1.0\n".encode()
    many = b"--b\nContent-Type: text/plain\n\nhi\n" * 5_000
    imap.append(head + b"Content-Type: multipart/mixed; boundary=b\n\n" + many + b"--b--\n")
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400))
    imap.append(head + deep + b"\n" + ASKS.encode())
    imap.append(head + b"Content-Type: multipart/mixed\n\nNo boundary. " + ASKS.encode() + b"\n")
    imap.append(
        head + b'Content-Type: text/plain; charset="b\xc3\xb6\\"se"\nContent-Transfer-Encoding: base64\n\n%%%\n'
    )
    imap.append(b"\n\n")
    last = imap.append(letter().as_bytes())
    assert mailbox.fetch() == 6
    assert dict(ReceivedMail.objects.values_list("uid", "verdict"))[last] == "request"
    assert DeletionRequest.objects.count() == 2  # the one without a boundary asks, too


def test_a_mail_that_the_server_won_t_give_calls_a_person_and_stops_no_other(
    imap: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = imap.append(letter().as_bytes()), imap.append(letter(sender="ada@customer.example").as_bytes())
    real: Callable[..., Any] = imaplib.IMAP4.uid

    def refuses(client: imaplib.IMAP4, command: str, *args: str) -> Any:
        if command == "FETCH" and args[0] == bad:
            return "NO", [b"corrupted"]
        return real(client, command, *args)

    monkeypatch.setattr(imaplib.IMAP4, "uid", refuses)
    assert mailbox.fetch() == 1
    assert dict(ReceivedMail.objects.values_list("uid", "verdict")) == {bad: "unread", good: "request"}
    monkeypatch.undo()
    assert mailbox.fetch() == 1
    assert DeletionRequest.objects.count() == 2


def test_one_bad_mail_and_a_folder_that_is_closed_stop_no_search(
    imap: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = imap.append(letter().as_bytes()), imap.append(letter("Hello.").as_bytes())
    real, select = imaplib.IMAP4.uid, imaplib.IMAP4.select
    with imap.client() as client:
        client.create("Shared")

    def refuses(client: imaplib.IMAP4, command: str, *args: str) -> Any:
        is_bad = command == "FETCH" and bad in args[0].split(",") and "BODY" in args[1]
        return ("NO", [b"corrupted"]) if is_bad else real(client, command, *args)

    def closed(client: imaplib.IMAP4, mailbox: str = "INBOX", readonly: bool = False) -> Any:
        return ("NO", [b"[NOPERM]"]) if "Shared" in str(mailbox) else select(client, mailbox, readonly)

    monkeypatch.setattr(imaplib.IMAP4, "uid", refuses)
    monkeypatch.setattr(imaplib.IMAP4, "select", closed)
    found = list(mailbox.search(look_for("Hello.")))
    assert [(one.ref.uid, one.what) for one in found] == [(bad, "?"), (good, "Hello.")]
    assert "Shared" in Alert.objects.get(kind="mailbox_folder").message


@pytest.mark.parametrize("flags", [("\\Noselect",), ("\\NonExistent", "\\HasChildren")])
def test_a_folder_that_is_a_name_alone_is_not_opened(flags: tuple[str, ...]) -> None:
    assert not _is_there(flags)
    assert _is_there(("\\HasNoChildren", "\\Sent"))


def test_own_messages_are_found_in_every_folder_and_nothing_else_is_removed(imap: Dovecot) -> None:
    with imap.client() as client:
        client.create("Archive")
    mine = imap.append(letter(sender=f"Kim <{KIM.upper()}>").as_bytes())
    other = imap.append(letter("kim@customer.example is a namesake", sender="xkim@customer.example").as_bytes())
    answer = imap.append(letter(sender="AzureOps <support@example.com>", to=KIM).as_bytes())
    marked = imap.append(letter(sender="ada@customer.example").as_bytes(), flags="(\\Deleted)")
    imap.append(letter(headers={"From": "ada@customer.example", "Reply-To": KIM}).as_bytes(), folder="Archive")
    refs = mailbox.messages_of([KIM])
    assert {(ref.mailbox.rpartition("/")[2], ref.uid) for ref in refs} == {
        ("INBOX", mine),
        ("INBOX", answer),
        ("Archive", "1"),
    }
    assert mailbox.expunge(refs) == 3
    assert imap.uids() == [other, marked]
    assert imap.uids("Archive") == []
    assert mailbox.expunge(refs) == 0


def test_without_uidplus_what_others_marked_stays_too(imap: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = imap.append(letter().as_bytes())
    marked = imap.append(letter(sender="ada@customer.example").as_bytes(), flags="(\\Deleted)")
    monkeypatch.setattr("privacy.mailbox.imap_answers.capabilities", lambda client: {"IMAP4REV1"})
    assert mailbox.expunge(mailbox.messages_of([KIM])) == 1
    assert mine not in imap.uids()
    assert imap.flags() == {marked: {"\\Deleted"}}


def test_texts_and_headers_are_searched(imap: Dovecot) -> None:
    uid = imap.append(letter("This is about Frühling.", sender=KIM, subject="Übung").as_bytes())
    found = list(mailbox.search(look_for("Frühling", "Übung")))
    assert [(one.ref.uid, one.where, one.what) for one in found] == [
        (uid, "headers, decoded", "Übung"),
        (uid, "text (text/plain)", "Frühling"),
    ]


def test_tls_trusts_the_own_root_and_no_other(imap: Dovecot, settings: Settings) -> None:
    imap.append(letter().as_bytes())
    settings.MAILBOX_URL = imap.tls_url
    with pytest.raises(MailboxError, match="no certificate that is trusted"):
        mailbox.fetch()
    settings.MAILBOX_CA = str(imap.ca)
    assert mailbox.fetch() == 1
    settings.MAILBOX_URL = imap.tls_url.replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(MailboxError):
        mailbox.fetch()


def test_errors_are_sentences_without_the_password(imap: Dovecot, settings: Settings) -> None:
    settings.MAILBOX_URL = imap.url.replace("se%2Fcret", "wrong")
    with pytest.raises(MailboxError) as wrong:
        mailbox.fetch()
    assert str(wrong.value) == "The mailbox on 127.0.0.1 refuses the user or the password."
    settings.MAILBOX_URL = imap.url.replace(f":{imap.port}/", ":9/")
    with pytest.raises(MailboxError) as away:
        mailbox.fetch()
    assert str(away.value) == "The mailbox on 127.0.0.1 can't be reached: ConnectionRefusedError."
