"""Searching all mails: headers as they were sent and as they are read, texts, and what is attached.

Each mail is fetched whole, many at once. Asking the server to search (IMAP SEARCH) was tried: it takes a pass for each
spelling of what is looked for, finds nothing in attachments, and some servers undo no encoding; all mails are here in
a fiftieth of that time.
"""

import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Parsed
from email.parser import BytesParser
from typing import Generic, TypeVar

import structlog

from privacy.mailbox import mime_text, opening
from privacy.mailbox.messages import MOST_TEXT_BYTES, Message, MessageRef, Whole
from privacy.mailbox.mime_scan import scan
from privacy.mailbox.source import BrokenOff, Source, UnreadableMail

log = structlog.get_logger(__name__)
_MOST_PARTS = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Look(Generic[T]):
    """How to look: into a text, into the bytes of an attachment, and what is found where something can't be read."""

    in_text: Callable[[str], Collection[T]]
    in_file: Callable[[bytes], Collection[T]]
    unreadable: T


@dataclass(frozen=True)
class Found(Generic[T]):
    """What was found, in which mail, when that came in, and where in it."""

    ref: MessageRef
    received_at: datetime
    where: str
    what: T


def search(look: Look[T]) -> Iterator[Found[T]]:
    """What is found in the mailbox. One bad mail stops no search. Raises MailboxError."""
    with opening.opened(every=True) as folders:
        for folder in folders:
            for whole in folder.wholes(folder.uids()):
                for where, what in _in_mail(folder, whole, look):
                    yield Found(whole.ref, whole.received_at, where, what)


def _in_mail(folder: Source, whole: Whole, look: Look[T]) -> Iterator[tuple[str, T]]:
    try:
        message = _message(folder, whole)
        if message is None:
            return
        yield from ((where, hit) for where, text in _texts(message) for hit in look.in_text(text))
        if whole.content is None:  # its texts were read as far as they are for everybody, and no more
            yield "mail", look.unreadable
        elif not message.content_type.startswith("text/"):
            yield from (("attachment", hit) for file in _files(whole.content) for hit in look.in_file(file))
        elif whole.size > MOST_TEXT_BYTES:
            yield from (("text", hit) for hit in look.in_file(whole.content))
    except BrokenOff:
        raise  # else all that follow would seem to be unreadable
    except (UnreadableMail, ValueError, LookupError, RecursionError) as error:
        log.warning("mail not searched", error=type(error).__name__)
        yield "mail", look.unreadable


def _message(folder: Source, whole: Whole) -> Message | None:
    if whole.content is None:
        return folder.message(whole.ref.uid)
    headers, parts = scan(io.BytesIO(whole.content))
    return Message(whole.ref, whole.size, whole.received_at, headers, tuple(parts))


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    yield "headers", message.raw_headers.decode("utf-8", "replace")
    read = [message.header(name) for name in ("subject", "from", "to", "cc", "reply-to", "sender")]
    yield "headers, decoded", "\n".join(read)
    for part in message.parts:
        yield f"text ({part.kind})", mime_text.decoded(part)


def _files(content: bytes) -> Iterator[bytes]:
    """The parts of a mail with their transfer encoding undone, but for those that are read as texts anyway, and the
    names that parts have."""
    mail = BytesParser().parsebytes(content)
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            yield content
            return
        name = part.get_filename()
        yield str(name).encode("utf-8", "replace") if name else b""
        if not part.is_multipart() and not _is_read(part):
            payload = part.get_payload(decode=True)
            yield payload if isinstance(payload, bytes) else b""


def _is_read(part: "Parsed[str, str]") -> bool:
    is_text = part.get_content_type() in {"text/plain", "text/html"}
    return is_text and part.get_content_disposition() != "attachment" and len(str(part.get_payload())) < MOST_TEXT_BYTES
