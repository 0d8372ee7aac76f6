"""What Django's way to a mail server can't: an empty return path, and addresses outside ASCII. By real SMTP."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.core.mail import EmailMessage, get_connection
from pytest_django import Settings

from config import settings as project_settings
from privacy import smtp


class Keep:
    """Keeps envelopes."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_DATA(self, server: SMTP, session: object, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(0)
        self.envelopes.append(envelope)
        return "250 Kept"


@pytest.fixture
def kept(settings: Settings) -> Iterator[Keep]:
    keep = Keep()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(keep, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    settings.EMAIL_BACKEND = "privacy.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield keep
    controller.stop()


def _send(sender: str, to: str) -> None:
    message = EmailMessage("Hello", "text", "AzureOps <support@example.com>", [to])
    message.extra_headers["From"] = "AzureOps <support@example.com>"
    message.from_email = sender
    message.connection = get_connection()
    assert message.send() == 1


def test_an_empty_return_path(kept: Keep) -> None:
    _send("", "Kim <kim@customer.example>")
    envelope = kept.envelopes[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("<>", ["kim@customer.example"])
    assert b"From: AzureOps <support@example.com>" in envelope.content


def test_the_sender_is_the_return_path_without_its_name(kept: Keep) -> None:
    _send("AzureOps <support+abc@example.com>", "kim@customer.example")
    assert kept.envelopes[0].mail_from == "support+abc@example.com"


def test_hosts_go_in_ascii_and_names_as_they_are(kept: Keep) -> None:
    _send("support@example.com", "käm@bücher.example")
    assert kept.envelopes[0].rcpt_tos == ["käm@xn--bcher-kva.example"]


@pytest.mark.parametrize("address", ["a@b.example\r\nRCPT TO:<x@y.example>", "nobody", "@b.example", "a@"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|one line"):
        smtp.on_the_wire(address)


def test_the_shop_sends_by_it() -> None:
    assert project_settings.EMAIL["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert project_settings.EMAIL_BACKEND == "privacy.smtp.EmailBackend"
