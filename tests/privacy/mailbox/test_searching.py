"""All that a mail may hold is searched: attachments, packed or not, beyond the text that is read for everybody."""

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest

from privacy import people, residue
from privacy.mailbox import maildir as maildirs
from privacy.mailbox import searching
from privacy.mailbox.imap import ImapFolder
from privacy.residue import Exempt, Kind
from tests.dovecot import Dovecot
from tests.privacy.mailbox.letters import KIM, Box, letter

pytestmark = pytest.mark.django_db
BOB = "bob@customer.example"


def packed(content: bytes, name: str = "word/document.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


CUT_BY_MARKUP = b"<w:p><w:r><w:t>From kim@cust</w:t></w:r><w:r><w:t>omer.example</w:t></w:r><w:r>, </w:r></w:p>"
HOLDS_KIM = {
    "a text": (f"name;mail\nKim;{KIM}\n".encode(), "text/csv"),
    "a text called an attachment": (f"I know {KIM}.".encode(), "text/plain"),
    "UTF-16": (f"I know {KIM}.".encode("utf-16"), "application/octet-stream"),
    "a document of an office program": (packed(CUT_BY_MARKUP), "application/vnd.oasis"),
    "a document in an archive": (packed(packed(f"<x>{KIM}</x>".encode()), "report.docx"), "application/zip"),
    "a name in an archive": (packed(b"", f"mails of {KIM}/1.txt"), "application/zip"),
    "a stream of a PDF": (
        b"%PDF-1.7\nstream\n" + zlib.compress(f"({KIM}) Tj".encode()) + b"\nendstream",
        "application/pdf",
    ),
    "a mail that is passed on": (f"From: {KIM}\nSubject: x\n\nhi".encode(), "application/octet-stream"),
}
LOCKED = {
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 30,
    "rar": b"Rar!\x1a\x07\x01\x00",
    "PGP": b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n",
    "an archive that is broken": packed(b"x" * 99)[:-30],
}


def with_file(content: bytes, kind: str = "application/octet-stream") -> bytes:
    mail = letter("See the file.", sender=BOB)
    main, _, sub = kind.partition("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename="x.bin")
    return mail.as_bytes()


def in_mailbox(address: str = KIM, **exempt: object) -> set[tuple[str, Kind]]:
    report = residue.scan(people.of_address(address), exempt=Exempt(**exempt))  # type: ignore[arg-type]
    found = (*report.findings, *report.candidates)
    return {(one.where, one.what) for one in found if one.where.startswith("mailbox")}


@pytest.mark.parametrize("how", HOLDS_KIM)
def test_an_attachment_is_searched(how: str, maildir: Box) -> None:
    maildir.put(with_file(*HOLDS_KIM[how]))
    assert in_mailbox() == {("mailbox, attachment", Kind.EMAIL)}
    assert in_mailbox("kim@another.example") == set()


@pytest.mark.parametrize("how", LOCKED)
def test_what_cannot_be_read_is_for_a_person(how: str, maildir: Box) -> None:
    maildir.put(with_file(LOCKED[how]))
    assert in_mailbox() == {("mailbox, attachment", Kind.UNREADABLE)}


def test_a_mail_that_is_too_large_is_for_a_person_and_its_text_is_searched(
    maildir: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = letter(f"I know {KIM}.", sender=BOB)
    mail.add_attachment(b"\0" * 100_000, maintype="application", subtype="zip", filename="bomb.zip")
    monkeypatch.setattr(maildirs, "MOST_WHOLE_BYTES", 50_000)
    maildir.put(mail)
    assert in_mailbox() == {("mailbox, mail", Kind.UNREADABLE), ("mailbox, text (text/plain)", Kind.EMAIL)}


def test_a_long_text_is_searched_to_its_end(maildir: Box) -> None:
    maildir.put(letter("x" * 70 + "\n" + ("y" * 70 + "\n") * 6_000 + KIM, sender=BOB))
    assert in_mailbox() == {("mailbox, text", Kind.EMAIL)}


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_server_s_mails_are_searched_many_at_once(encoding: str, imap: Dovecot) -> None:
    for number in range(30):
        mail = letter("-", sender=f"p{number}@customer.example")
        mail.set_content(f"Grüße, {KIM if number == 17 else 'nobody'}", cte=encoding)
        uid = imap.append(mail.as_bytes())
    imap.append(with_file(*HOLDS_KIM["a document in an archive"]))
    report = residue.scan(people.of_address(KIM))
    found = [(one.where, one.key) for one in report.candidates if one.where.startswith("mailbox")]
    assert found == [("mailbox, attachment", str(int(uid) + 1)), ("mailbox, text (text/plain)", str(int(uid) - 12))]


def test_a_group_of_mails_has_a_bounded_size(imap: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    uids = [imap.append(letter(f"I know {KIM}.", sender=BOB).as_bytes()) for _ in range(3)]
    monkeypatch.setattr("privacy.mailbox.imap._GROUP", 1)
    asked: list[str] = []
    real: Callable[..., object] = ImapFolder._fetch

    def fetch(folder: ImapFolder, uids: str, what: str) -> object:
        asked.append(uids)
        return real(folder, uids, what)

    monkeypatch.setattr(ImapFolder, "_fetch", fetch)
    assert in_mailbox() == {("mailbox, text (text/plain)", Kind.EMAIL)}
    assert set(uids) <= set(asked)


def test_parts_without_end_are_searched_as_they_stand(maildir: Box) -> None:
    head = f"From: {BOB}\nContent-Type: multipart/mixed; boundary=b\n\n".encode()
    parts = b"--b\nContent-Type: application/x\n\nhi\n" * (searching._MOST_PARTS + 50)
    maildir.put(head + parts + f"--b\nContent-Type: application/x\n\n{KIM}\n--b--\n".encode())
    assert ("mailbox, attachment", Kind.EMAIL) in in_mailbox()
