"""The mails that were really sent by SMTP, as the launcher's mail sink kept them."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path


class Mailbox:
    """All mails of one shop, by their recipient."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, address: str) -> list[EmailMessage]:
        """The mails to this address, oldest first."""
        files = sorted(self.folder.glob("*.eml"))
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [mail for mail in mails if mail["to"] == address]

    def wait_for(self, address: str, subject: str, *, seconds: float = 45.0) -> EmailMessage:
        """The newest mail to `address` with these words in its subject. The timetable sends what a lost message left
        after 20 seconds, so waiting longer than that says that the mail doesn't come."""
        deadline = time.monotonic() + seconds
        while True:
            mails = self.of(address)
            fitting = [mail for mail in mails if subject in mail["subject"]]
            if fitting:
                return fitting[-1]
            assert time.monotonic() < deadline, f"no mail {subject!r} to {address}, but {[m['subject'] for m in mails]}"
            time.sleep(0.1)


def text(mail: EmailMessage) -> str:
    """What a mail program without HTML shows."""
    part = mail.get_body(preferencelist=("plain",))
    assert part is not None, "the mail has no plain text"
    return str(part.get_content())


def letters(mail: EmailMessage) -> str:
    """What most mail programs show, without the spaces: a key that is drawn in cells reads as one word."""
    part = mail.get_body(preferencelist=("html",))
    assert part is not None, "the mail has no HTML"
    return re.sub(r"[\s\u200b]", "", unescape(re.sub(r"<[^>]+>", "", str(part.get_content()))))
