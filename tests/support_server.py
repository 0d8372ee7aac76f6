"""Support's mail server for a whole shop: mail comes in by SMTP and is read by IMAP, over TLS under a root of its own.

Where Dovecot isn't installed, mail comes in by SMTP just the same, and the shop reads the Maildir itself.
"""

import asyncio
import smtplib
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope

from local.mail_sink import Support
from local.ports import HOST
from tests import dovecot
from tests.dovecot import Dovecot


class SupportServer:
    """`settings` are what the shop is told; `imap` is the server, where there is one."""

    def __init__(self, port: int, settings: Mapping[str, str], imap: Dovecot | None) -> None:
        self.port, self.settings, self.imap = port, settings, imap

    def send(self, mail: EmailMessage) -> None:
        """Delivers a mail as the sender's provider would."""
        with smtplib.SMTP(HOST, self.port) as client:
            client.send_message(mail)


class _Deliver:
    """What comes in is put into the mailbox; what isn't for support is refused."""

    def __init__(self, support: Support) -> None:
        self.support, self.numbers = support, count(1)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(0)
        self.support.deliver(f"1700000000.M{next(self.numbers)}.smtp", envelope)
        return "250 Delivered"


@contextmanager
def running(address: str, maildir: Path) -> Iterator[SupportServer]:
    """A server for mail to `address`. The shop reads `maildir` itself only without an IMAP server."""
    with ExitStack() as stack:
        imap = None if dovecot.why_not() else stack.enter_context(dovecot.running())
        settings = {"MAILBOX_URL": imap.tls_url, "MAILBOX_CA": str(imap.ca)} if imap else {}
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        handler = _Deliver(Support(address, imap.folder / "mail" if imap else maildir))
        controller = Controller(handler, hostname=HOST, port=port)
        controller.start()
        stack.callback(controller.stop)
        yield SupportServer(port, settings, imap)
