"""A mail as the mailbox gives it: its place, its headers, and the text parts that were fetched, never its attachments.

Whatever stands in a mail was written by a stranger. Reading one raises nothing: what is broken reads as empty.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Headers
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from functools import cached_property

from privacy import mail_addresses

MOST_HEADER_BYTES = 65_536
MOST_TEXT_BYTES = 262_144
#: Of what a report says and quotes.
MOST_REPORT_BYTES = 16_384
#: Of a mail that is searched for what is left of a person; a larger one is for people.
MOST_WHOLE_BYTES = 16_000_000
#: Of a mail with more text parts than that, the first are read.
MOST_PARTS = 20
_MOST_VALUE = 4_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_TEXT, _HTML = "text/plain", "text/html"
REPORT = "message/delivery-status"
#: What a report of a failed delivery quotes of the mail that failed.
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")


@dataclass(frozen=True, order=True)
class MessageRef:
    """Where a mail lies: the mailbox (server and folder), its validity, and the number of the mail under that."""

    mailbox: str
    uid_validity: str
    uid: str


@dataclass(frozen=True)
class Part:
    """A part of a mail that holds text, still encoded as it was sent; `content` may have been cut."""

    kind: str
    charset: str = ""
    encoding: str = ""
    content: bytes = b""
    is_attachment: bool = False


@dataclass(frozen=True)
class Whole:
    """A mail as it came, for a search; without `content` where it is too large or the server won't give it."""

    ref: MessageRef
    size: int
    received_at: datetime
    content: bytes | None


@dataclass(frozen=True)
class Message:
    """A mail. `received_at` is when our own server got it; what the mail itself says of its date is never believed."""

    ref: MessageRef
    size: int
    received_at: datetime
    raw_headers: bytes
    parts: tuple[Part, ...] = field(default=())

    @cached_property
    def _headers(self) -> "Headers[str, str]":
        return BytesHeaderParser().parsebytes(self.raw_headers[:MOST_HEADER_BYTES].replace(b"\0", b""))

    def headers(self, name: str) -> list[str]:
        """Every value of a header, decoded, each as one line without control characters."""
        return [decoded_line(str(value)) for value in self._headers.get_all(name, [])]

    def header(self, name: str) -> str:
        """The first value of a header, or nothing."""
        return next(iter(self.headers(name)), "")

    def has(self, name: str) -> bool:
        """Whether the header stands there at all."""
        return name in self._headers

    def addresses(self, *names: str) -> list[tuple[str, str]]:
        """Names and addresses in these headers; what is no address is left out."""
        raw = [_one_line(str(value)) for name in names for value in self._headers.get_all(name, [])]
        return [pair for value in raw for pair in _addresses(value)]

    @cached_property
    def sender(self) -> str:
        """The address in From. It proves nothing."""
        return next((address for _, address in self.addresses("from")), "")

    @cached_property
    def sender_name(self) -> str:
        """The name in From."""
        return next((name for name, _ in self.addresses("from")), "")

    @property
    def subject(self) -> str:
        return self.header("subject")

    @property
    def message_id(self) -> str:
        return self.header("message-id")

    @cached_property
    def content_type(self) -> str:
        """The type of the whole mail, such as `multipart/report`."""
        return self._headers.get_content_type()

    def parameter(self, name: str) -> str:
        """A parameter of the content type, in small letters."""
        value = self._headers.get_param(name, "")
        return (value if isinstance(value, str) else "").strip().lower()

    @cached_property
    def recipients(self) -> list[str]:
        """Whom it was addressed or delivered to, as far as the headers say."""
        names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
        return [address for _, address in self.addresses(*names)]

    def readable(self, *kinds: str) -> list[Part]:
        """The parts of these kinds that are no attachments."""
        return [part for part in self.parts if part.kind in kinds and not part.is_attachment]


def is_wanted(kind: str, *, is_attachment: bool) -> bool:
    """Whether a part of this kind is read: text that is no attachment, and what a report of a delivery says."""
    return (kind in {_TEXT, _HTML} and not is_attachment) or kind == REPORT or kind in RETURNED


def _addresses(value: str) -> list[tuple[str, str]]:
    found = [(name, address) for name, address in getaddresses([value]) if "@" in address]
    if not found:  # not written by the rules, as far as Python follows them
        found = [("", address) for address in mail_addresses.named_in(value)]
    return [(decoded_line(name), mail_addresses.normal(decoded_line(address))) for name, address in found]


def _one_line(value: str) -> str:
    """Raw bytes above ASCII are UTF-8 (RFC 6532); line ends and other controls are blanks."""
    text = value[:_MOST_VALUE].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _CONTROLS.sub(" ", text).strip()


def decoded_line(value: str) -> str:
    """A value of a header as people read it: encoded words decoded, without control characters."""
    line = _one_line(value)
    if "=?" not in line:
        return line
    try:
        pieces = decode_header(line)
    except (HeaderParseError, ValueError):
        return line
    words = [_piece(piece, charset) for piece, charset in pieces]
    return _CONTROLS.sub(" ", "".join(words)).strip()


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode(charset or "ascii", "replace")
    except (LookupError, UnicodeError, ValueError):
        return piece.decode("utf-8", "replace")
