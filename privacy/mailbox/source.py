"""What can be done with a folder of mails, wherever it lies."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from privacy.mailbox.files import MailedFiles
from privacy.mailbox.messages import Message, MessageRef, Whole

_MOST_NAME = 100


class MailboxError(Exception):
    """The mailbox can't be read or changed now. The text is a sentence for operators; it holds nothing of a person."""


class UnreadableMail(MailboxError):
    """The server won't give one mail, though it gives others. The text is a sentence for operators."""


class BrokenOff(UnreadableMail):
    """The connection broke off while one mail was read; nothing more comes over it."""


class Source(Protocol):
    """A folder of mails. Reading changes nothing in it, no flag either."""

    name: str
    uid_validity: str

    def uids(self, since: date | None = None) -> list[str]:
        """The numbers of its mails; with `since`, of those that came in from that day on."""

    def ref(self, uid: str) -> MessageRef:
        """Where a mail of this folder lies."""

    def message(self, uid: str) -> Message | None:
        """The mail with its text parts, or None where it is gone. Raises UnreadableMail."""

    def files(self, uid: str) -> MailedFiles:
        """The files of a mail, none of which is read yet. Raises UnreadableMail."""

    def outlines(self, uids: Sequence[str]) -> Iterator[Message]:
        """Mails with the headers alone that say from whom and to whom, and when they came in."""

    def wholes(self, uids: Sequence[str]) -> Iterator[Whole]:
        """Mails as they came, attachments and all, `MOST_WHOLE_BYTES` of each at most. Raises BrokenOff."""

    def expunge(self, uids: Sequence[str]) -> int:
        """Removes mails for good; returns how many of them were there."""


def mailbox_name(place: str, folder: str) -> str:
    """How a folder is remembered: without user and password, and short enough for its column."""
    name = f"{place}/{folder}".encode("utf-8", "backslashreplace").decode()
    if len(name) <= _MOST_NAME:
        return name
    return f"{name[:60]}...{hashlib.sha256(name.encode()).hexdigest()[:32]}"
