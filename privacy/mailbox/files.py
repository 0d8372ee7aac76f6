"""Files that come in a mail: named by their headers alone, and each read when somebody asks for it, never all at once.

Which of them are taken is for a handler to say (`handlers.register_handler`), before the mail is taken.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.message import Message as Headers
from email.parser import BytesHeaderParser
from typing import NamedTuple

from privacy.mailbox import mime_text
from privacy.mailbox.messages import REPORT, Part, decoded_line, is_wanted

#: Of a mail with more files the first are named, the rest are counted.
MOST_NAMED = 20
_FOUR_THIRDS = 4 / 3
#: What mail programs add for one another: it says that a mail is signed, and is nobody's file.
_SIGNATURES = ("pgp-signature", "pkcs7-signature", "x-pkcs7-signature", "pgp-keys")
Read = Callable[[int], bytes | None]


class Header(NamedTuple):
    """What the headers of a part say of the file in it."""

    name: str
    kind: str
    encoding: str
    is_inline: bool


@dataclass(frozen=True)
class MailedFile:
    """A file in a mail. `size` is about how many bytes it has; `is_inline`: it is drawn within the text.

    `read(most)` gives its bytes, cut off after `most`; None where they can't be had. It may ask a server. Raises
    BrokenOff where that one went away.
    """

    name: str
    kind: str
    size: int
    is_inline: bool
    read: Read


@dataclass(frozen=True)
class MailedFiles:
    """The files of a mail in its order, and how many more it has that aren't named."""

    named: Sequence[MailedFile] = ()
    more: int = 0


def is_file(kind: str, *, is_attachment: bool) -> bool:
    """Whether a part is somebody's file: neither text that is read, nor a report, nor a signature."""
    if kind == REPORT or kind.startswith("multipart/") or kind.partition("/")[2] in _SIGNATURES:
        return False
    return kind == "message/rfc822" or not is_wanted(kind, is_attachment=is_attachment)


def of_headers(raw: bytes) -> Header:
    """What the headers of a part say. Never raises; what is broken reads as empty."""
    headers = BytesHeaderParser().parsebytes(raw.replace(b"\0", b""))
    disposition = str(headers.get("content-disposition", "")).strip().lower()
    return Header(
        name=_name(headers),
        kind=headers.get_content_type(),
        encoding=str(headers.get("content-transfer-encoding", "")).strip().lower(),
        is_inline="content-id" in headers and not disposition.startswith("attachment"),
    )


def size_of(encoded: int, encoding: str) -> int:
    """About how many bytes are in so many encoded ones, rather too few: base64 comes in lines of 76 letters."""
    return encoded * 3 * 76 // (4 * 78) if encoding == "base64" else encoded


def encoded_size(most: int, encoding: str) -> int:
    """So many encoded bytes hold `most`, line ends included."""
    return int(most * _FOUR_THIRDS * 1.05) + 128 if encoding == "base64" else most * 3 + 128


def decoded(content: bytes, header: Header, most: int) -> bytes:
    """The bytes of a file without its transfer encoding, `most` of them."""
    return mime_text.of_part(Part(header.kind, encoding=header.encoding, content=content))[:most]


def gathered(found: Iterable[MailedFile]) -> MailedFiles:
    """The first files by name, the others as a number."""
    named: list[MailedFile] = []
    more = 0
    for file in found:
        if len(named) < MOST_NAMED:
            named.append(file)
        else:
            more += 1
    return MailedFiles(tuple(named), more)


def _name(headers: "Headers[str, str]") -> str:
    try:
        return decoded_line(str(headers.get_filename("") or ""))
    except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
        return ""
