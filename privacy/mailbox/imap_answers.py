"""What an IMAP server answered, taken out of the form in which imaplib gives it."""

import imaplib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from privacy.mailbox.body_structure import Item
from privacy.mailbox.source import MailboxError

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_QUOTED = re.compile(rb'BODY\[[^\]]*\](?:<\d+>)?\s+"((?:[^"\\]|\\.)*)"')
_UID = re.compile(rb"UID (\d+)")
#: Begins what is said of one mail: its place in the folder.
_START = re.compile(rb"\d+ \(")


def capabilities(client: imaplib.IMAP4) -> set[str]:
    # A server may offer more after the sign-in than imaplib remembers from before it.
    return set(" ".join(text(line) for line in ok(client.capability())).upper().split())


def ok(answer: tuple[str, list[Any]]) -> list[Any]:
    word, lines = answer
    if word != "OK":
        raise MailboxError("The mail server refused a command.")
    return lines


def size(said: bytes) -> int:
    found = _SIZE.search(said)
    return int(found[1]) if found else 0


def received_at(said: bytes) -> datetime:
    found = _DATE.search(said)
    try:
        came = parsedate_to_datetime(text(found[1]).strip().replace("-", " ", 2)) if found else datetime.now(UTC)
    except ValueError:
        return datetime.now(UTC)
    return came if came.tzinfo else came.replace(tzinfo=UTC)  # "-0000" is UTC, of a zone that isn't told


def value(answer: Sequence[Item]) -> bytes | None:
    """The text in the answer to a FETCH, which servers write as a literal or, where it is short, as a quoted string
    (`nstring`, RFC 3501, section 4.5). None where they have none: NIL."""
    for item in answer:
        if isinstance(item, tuple):
            return item[1]
        quoted = _QUOTED.search(item)
        if quoted:
            return re.sub(rb"\\(.)", rb"\1", quoted[1])
    return None


def text(value: bytes | str) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value


def by_mail(answer: Sequence[Item]) -> Iterator[tuple[str, list[Item]]]:
    """The answer to a FETCH of several mails, apart: the number of each, and what is said of it.

    A server may say more than it was asked, of a mail whose flags changed; without a number that is nobody's.
    """
    said: list[list[Item]] = []
    for item in answer:
        head = item[0] if isinstance(item, tuple) else item
        if _START.match(head):
            said.append([])
        if said:
            said[-1].append(item)
    for items in said:
        found = _UID.search(without_literals(items))
        if found:
            yield text(found[1]), items


def without_literals(items: Sequence[Item]) -> bytes:
    """What the server itself said, without the pieces of the mail."""
    return b" ".join(item[0] if isinstance(item, tuple) else item for item in items)
