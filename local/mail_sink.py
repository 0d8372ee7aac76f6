"""An SMTP server that delivers nothing: it keeps each mail as a file for the developer to read.

`python -m local.mail_sink FOLDER` takes a free port, prints `listening smtp://127.0.0.1:PORT`, and runs until a signal.
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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd for each mail; the answer is what the sender is told."""
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}-{next(self.numbers):05d}"
        beside = self.folder / f"{name}.new"
        beside.write_bytes(envelope.original_content or b"")
        beside.rename(self.folder / f"{name}.eml")  # readers never see half a mail
        return "250 Kept"


async def serve(folder: Path) -> None:
    """Listen until SIGINT or SIGTERM."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, ended.set)
    keep = Keep(folder)
    server = await loop.create_server(
        lambda: SMTP(keep, enable_SMTPUTF8=True, data_size_limit=LARGEST_MAIL, hostname="localhost"), HOST, 0
    )
    async with server:
        print(f"listening smtp://{HOST}:{server.sockets[0].getsockname()[1]}", flush=True)
        await ended.wait()


if __name__ == "__main__":
    mails = Path(sys.argv[1])
    mails.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(serve(mails))
