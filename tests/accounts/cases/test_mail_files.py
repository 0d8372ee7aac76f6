"""Files of a mail that answers a case: taken as on the page, the others named, and the message comes through."""

import sys
from email.message import EmailMessage

import pytest
from PIL import Image

from accounts.cases import attachments, links, mail_files, messages
from accounts.cases.attachments import File
from accounts.models import Case, CaseAttachment
from privacy import mailbox
from privacy.mailbox.files import MailedFile, MailedFiles
from privacy.models import DeletionRequest, ReceivedMail
from tests.accounts import pictures
from tests.accounts.cases import asking
from tests.accounts.cases.asking import EMAIL
from tests.accounts.cases.test_attachments import PDF
from tests.dovecot import Dovecot
from tests.privacy.mailbox.conftest import imap as imap
from tests.privacy.mailbox.conftest import imap_server as imap_server
from tests.privacy.mailbox.letters import Box, letter

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]
SAID = "Here it is."


@pytest.fixture
def case() -> Case:
    return asking.ask(asking.sold(), "complaint")


def answer(case: Case, *, sender: str = EMAIL, text: str = SAID, html: str = "") -> EmailMessage:
    return letter(text, sender=sender, to=links.mail_address(case.party), subject="Re: C-000001", html=html)


def attach(mail: EmailMessage, name: str, content: bytes, kind: str = "application/octet-stream") -> EmailMessage:
    main, _, sub = kind.partition("/")
    mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail


def taken(box: Box, mail: EmailMessage | bytes) -> str:
    box.put(mail)
    assert mailbox.fetch() == 1
    return str(ReceivedMail.objects.latest("pk").verdict)


def said(case: Case) -> str:
    return case.party.messages.get(way="mail").text


def kept(case: Case) -> list[tuple[str, str]]:
    return list(CaseAttachment.objects.filter(message__party=case.party).values_list("name", "media_type"))


def test_files_are_taken_by_what_their_bytes_are(maildir: Box, case: Case) -> None:
    mail = attach(answer(case), "bill.exe", PDF)
    attach(mail, "where.gif", pictures.photograph(), "image/gif")
    attach(mail, "Grüße aus Köln.txt", b"Log line\n", "text/plain")
    assert taken(maildir, mail) == "handled"
    assert said(case) == SAID
    names = ["bill.pdf", "where.jpg", "Grüße aus Köln.txt"]
    assert kept(case) == list(zip(names, ["application/pdf", "image/jpeg", "text/plain"], strict=True))
    files = CaseAttachment.objects.order_by("pk")
    assert bytes(files[0].content) == PDF
    assert pictures.PLACE.encode() not in bytes(files[1].content)
    assert case.events.get(kind="message").detail == "by mail"


def test_what_isn_t_taken_is_named_and_the_message_comes_through(maildir: Box, case: Case) -> None:
    mail = attach(answer(case), "tool.exe", b"MZ\x90\0program")
    attach(mail, "big.pdf", PDF + b"\0" * attachments.MOST_BYTES, "application/pdf")
    attach(mail, "drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
    attach(mail, "winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef")
    attach(mail, "polyglot.png", pictures.png() + b"<script>alert(1)</script>", "image/png")
    attach(mail, "log.txt", b"Kept.")
    assert taken(maildir, mail) == "handled"
    assert kept(case) == [("log.txt", "text/plain")]
    first, _, rest = said(case).partition("\n\n(Not taken:\n")
    assert first == SAID
    named = rest.removesuffix(")").splitlines()
    assert [line.partition(": ")[0] for line in named] == (
        ["tool.exe", "big.pdf", "drawing.svg", "winmail.dat", "polyglot.png"]
    )
    assert "The file has 2.0 MB" in named[1]
    assert "Outlook" in named[3]
    assert case.events.get(kind="message").detail == "by mail, files not taken: 5"


def test_of_two_hundred_files_three_are_taken_and_the_rest_is_counted(maildir: Box, case: Case) -> None:
    mail = answer(case)
    for number in range(200):
        attach(mail, f"{number}.txt", f"Line {number}".encode())
    assert taken(maildir, mail) == "handled"
    assert [name for name, _ in kept(case)] == ["0.txt", "1.txt", "2.txt"]
    lines = said(case).splitlines()
    assert lines[3] == "3.txt: We take 3 files of a mail. Send it with the next one."
    assert lines[-1] == "and 187 more.)"


def test_files_that_aren_t_kept_are_in_memory_one_at_a_time() -> None:
    given: list[bytes] = []

    def read(most: int) -> bytes:
        for before in given:
            assert sys.getrefcount(before) == 3  # the list, the loop and the question itself
        given.append((b"MZ\0" + bytes([len(given)]) * most)[:most])
        return given[-1]

    files = [MailedFile(f"{number}.bin", "application/zip", 1_000, False, read) for number in range(20)]
    picked = mail_files.pick(MailedFiles(files, more=180), room=12)
    assert (len(given), picked.kept, picked.count_left) == (20, [], 200)
    assert {len(content) for content in given} == {attachments.MOST_BYTES + 1}


def test_a_picture_in_the_text_is_taken_and_the_logo_of_a_signature_isn_t(maildir: Box, case: Case) -> None:
    mail = answer(case, html='<p>Here it is.</p><img src="cid:shot"><img src="cid:logo">')
    page = mail.get_payload()[1]  # type: ignore[index]
    screenshot = pictures.file_of(Image.effect_noise((200, 200), 90))
    page.add_related(
        screenshot, maintype="image", subtype="png", cid="<shot>", filename="shot.png", disposition="inline"
    )  # type: ignore[union-attr]
    page.add_related(
        pictures.png(), maintype="image", subtype="png", cid="<logo>", filename="logo.png", disposition="inline"
    )  # type: ignore[union-attr]
    attach(mail, "smime.p7s", b"signature", "application/pkcs7-signature")
    attach(mail, "log.txt", b"First.")
    assert taken(maildir, mail) == "handled"
    assert [name for name, _ in kept(case)] == ["log.txt", "shot.png"]
    assert said(case) == SAID


def test_a_mail_within_the_mail_is_named_and_not_opened(maildir: Box, case: Case) -> None:
    inner = attach(letter("Inner words."), "inner.txt", b"Inner file.")
    mail = answer(case)
    mail.add_attachment(inner)
    assert taken(maildir, mail) == "handled"
    assert kept(case) == []
    assert "mail.eml: We take no mail within a mail." in said(case)


def test_a_full_case_takes_the_message_without_its_files(maildir: Box, case: Case) -> None:
    full = [File(f"{number}.txt", "text/plain", b"x") for number in range(attachments.MOST_OF_CASE - 1)]
    messages.write(case.party, "customer", "page", "Many files.", files=full)
    mail = attach(attach(answer(case), "one.txt", b"One."), "two.txt", b"Two.")
    assert taken(maildir, mail) == "handled"
    assert CaseAttachment.objects.count() == attachments.MOST_OF_CASE
    assert "two.txt: A request may have 12 files." in said(case)


@pytest.mark.parametrize("kind", ["stranger", "deletion", "nobody"])
def test_of_any_other_mail_no_file_is_looked_at(
    maildir: Box, case: Case, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("A file was looked for.")

    monkeypatch.setattr("privacy.mailbox.maildir.MaildirFolder.files", never)
    if kind == "stranger":
        mail = answer(case, sender="eve@evil.example")
    else:
        mail = answer(case, text="Please delete all my personal data.") if kind == "deletion" else letter("Hello.")
    taken(maildir, attach(mail, "log.txt", b"Private."))
    assert not CaseAttachment.objects.exists()
    assert DeletionRequest.objects.count() == (kind == "deletion")


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (b"Content-Disposition: attachment; filename*=UTF-8''%E2%82%AC%2F..%2Fx.txt", ["x.txt"]),
        (b"Content-Disposition: attachment; filename*=nonsense''%ff", ["ÿ.txt"]),
        (b'Content-Disposition: attachment; filename="=?utf-8?q?a=0D=0ABcc:_b.txt?="', ["a Bcc_ b.txt"]),
        (b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64", ["file.txt"]),
        (b"Content-Type: text/plain; name=" + b"x" * 5_000 + b"\r\nContent-Disposition: attachment", ["x" * 100]),
    ],
    ids=["path", "charset", "header", "not base64", "long"],
)
def test_a_name_that_was_made_to_harm_is_made_safe(maildir: Box, case: Case, head: bytes, names: list[str]) -> None:
    mail = answer(case)
    mail.make_mixed(boundary="b")
    raw = mail.as_bytes().removesuffix(b"--b--\n") + b"--b\n" + head.replace(b"\r\n", b"\n") + b"\n\nWords.\n--b--\n"
    assert taken(maildir, raw) == "handled"
    assert [name.removesuffix(".txt") for name, _ in kept(case)] == [name.removesuffix(".txt") for name in names]


def test_a_server_gives_the_files_that_are_wanted_and_no_other(imap: Dovecot, case: Case) -> None:
    mail = attach(answer(case), "huge.zip", b"\0" * 12_000_000, "application/zip")
    attach(mail, "bill.pdf", PDF, "application/pdf")
    attach(mail, "Grüße.txt", "Grüße".encode())
    for number in range(30):
        attach(mail, f"{number}.txt", b"more")
    before = imap.sent_to_clients()
    imap.append(mail.as_bytes())
    assert mailbox.fetch() == 1
    assert [name for name, _ in kept(case)] == ["bill.pdf", "Grüße.txt", "0.txt"]
    assert said(case).splitlines()[3].startswith("huge.zip: The file has 11.4 MB or more.")
    assert said(case).endswith("and 20 more.)")
    assert imap.sent_to_clients() - before < 100_000
    only = letter("", to=links.mail_address(case.party), sender=EMAIL, subject="Re: C-000001")
    only.set_content(PDF, maintype="application", subtype="pdf", filename="alone.pdf")
    imap.append(only.as_bytes())
    assert mailbox.fetch() == 1
    assert kept(case)[-1] == ("alone.pdf", "application/pdf")
