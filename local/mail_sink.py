"""An SMTP server that delivers nothing: it keeps each mail as a file for the developer to read.

Only mail to support arrives: with support's address and a Maildir, what is sent there, also with a plus behind the
name, is put into the Maildir as well, as a mail server does.

`python -m local.mail_sink FOLDER [ADDRESS MAILDIR]` takes a free port, prints `listening smtp://127.0.0.1:PORT`, and
runs until a signal.
"""

import asyncio
import os
import signal
import sys
import time
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.ports import HOST

LARGEST_MAIL = 10_000_000  # bytes


class Keep:
    """Writes every mail to `folder`, under names whose order is the order of arrival."""

    def __init__(self, folder: Path, support: "Support | None" = None) -> None:
        self.folder = folder
        self.support = support
        self.numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd for each mail; the answer is what the sender is told."""
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}-{next(self.numbers):05d}"
        beside = self.folder / f"{name}.new"
        beside.write_bytes(envelope.original_content or b"")
        beside.rename(self.folder / f"{name}.eml")  # readers never see half a mail
        if self.support:
            self.support.deliver(name, envelope)
        return "250 Kept"


class Support:
    """The mailbox of support."""

    def __init__(self, address: str, maildir: Path) -> None:
        self.address = address.lower()
        self.maildir = make_maildir(maildir)

    def deliver(self, name: str, envelope: Envelope) -> None:
        """Puts a mail to support into its mailbox, with the headers in which a mail server says from whom and to whom
        it really was."""
        sender = (envelope.mail_from or "").strip("<>")
        for number, recipient in enumerate(envelope.rcpt_tos):
            if self._is_here(recipient):
                trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n"
                beside = self.maildir / "tmp" / f"{name}-{number}"
                beside.write_bytes(trace.encode() + (envelope.original_content or b""))
                beside.rename(self.maildir / "new" / beside.name)

    def _is_here(self, recipient: str) -> bool:
        local, _, host = recipient.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{host}" == self.address


def make_maildir(path: Path) -> Path:
    """The folder as a Maildir, made where it isn't there."""
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


async def serve(folder: Path, support: Support | None = None) -> None:
    """Listen until SIGINT or SIGTERM."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, ended.set)
    keep = Keep(folder, support)
    server = await loop.create_server(
        lambda: SMTP(keep, enable_SMTPUTF8=True, data_size_limit=LARGEST_MAIL, hostname="localhost"), HOST, 0
    )
    async with server:
        print(f"listening smtp://{HOST}:{server.sockets[0].getsockname()[1]}", flush=True)
        await ended.wait()


if __name__ == "__main__":
    mails = Path(sys.argv[1])
    mails.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(serve(mails, Support(sys.argv[2], Path(sys.argv[3])) if len(sys.argv) > 3 else None))
