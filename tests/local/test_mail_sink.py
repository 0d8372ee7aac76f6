"""Mail that the development shop sends is kept as files, whole and in order."""

import os
import smtplib
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.processes import Child, start
from local.shop import listening_address


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Child]:
    command = [sys.executable, "-m", "local.mail_sink", str(tmp_path / "mail")]
    child = start("Mail sink", command, log=tmp_path / "log", env=os.environ)
    yield child
    child.stop()


def _send(sink: Child, subject: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "shop@example.com", "buyer@example.com", subject
    mail.set_content("Ihr Schlüssel 🔑\n.\nA dot alone on its line ends nothing.\n")
    address = urlsplit(listening_address(sink))
    with smtplib.SMTP(address.hostname or "", address.port or 0) as client:
        client.send_message(mail)


def test_mails_are_kept_whole_and_in_the_order_of_their_arrival(sink: Child, tmp_path: Path) -> None:
    for subject in ("First", "Second"):
        _send(sink, subject)
    files = sorted((tmp_path / "mail").iterdir())
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert [mail["subject"] for mail in mails] == ["First", "Second"]
    assert {mail.get_content() for mail in mails} == {
        "Ihr Schlüssel 🔑\r\n.\r\nA dot alone on its line ends nothing.\r\n",
    }
    assert [file.suffix for file in files] == [".eml", ".eml"]


def test_only_the_owner_may_look_into_the_folder(sink: Child, tmp_path: Path) -> None:
    listening_address(sink)
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700


def test_it_ends_without_an_error(sink: Child) -> None:
    listening_address(sink)
    sink.stop()
    assert sink.process.returncode == 0


def test_mail_to_support_arrives_in_its_mailbox_with_the_headers_of_a_delivery(tmp_path: Path) -> None:
    maildir = tmp_path / "support-mail"
    command = [sys.executable, "-m", "local.mail_sink", str(tmp_path / "mail"), "Support@shop.example", str(maildir)]
    child = start("Mail sink", command, log=tmp_path / "log", env=os.environ)
    try:
        address = urlsplit(listening_address(child))
        recipients = ["SUPPORT+abc@shop.example", "support@shop.example", "buyer@example.com", "support@other.example"]
        with smtplib.SMTP(address.hostname or "", address.port or 0) as client:
            client.sendmail("", recipients, b"Subject: Hello\r\n\r\nText\r\n")
    finally:
        child.stop()
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in (maildir / "new").iterdir()]
    assert sorted(mail["delivered-to"] for mail in mails) == ["SUPPORT+abc@shop.example", "support@shop.example"]
    assert {(mail["return-path"], mail["subject"], mail.get_content()) for mail in mails} == {
        ("<>", "Hello", "Text\r\n")
    }
    assert len(list((tmp_path / "mail").iterdir())) == 1
