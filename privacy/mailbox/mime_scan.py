"""Reads the headers and the text parts of a mail in a file, line by line: what is no text is passed over, not kept.

Of its files `files` gives headers and sizes, and one of them is read when it is asked for. Memory stays the same
whatever the mail holds. Nothing is decoded or unpacked here, and nothing is refused: a tree that is broken gives the
parts that could be told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Headers
from email.parser import BytesHeaderParser
from typing import BinaryIO

from privacy.mailbox.files import is_file
from privacy.mailbox.messages import (
    MOST_HEADER_BYTES,
    MOST_PARTS,
    MOST_REPORT_BYTES,
    MOST_TEXT_BYTES,
    REPORT,
    RETURNED,
    Part,
    is_wanted,
)

_MOST_DEPTH = 100
_LINE = 65_536


@dataclass
class _Kept:
    """The lines of a part, as far as they are wanted, and how many bytes it has in all."""

    most: int
    size: int = 0
    lines: list[bytes] = field(default_factory=list)

    def add(self, line: bytes) -> None:
        if self.size < self.most:
            self.lines.append(line)
        self.size += len(line)

    @property
    def content(self) -> bytes:
        return b"".join(self.lines)[: self.most]


@dataclass
class _Scan:
    """Where the reading is: the boundaries that are open, the text parts so far, and the bytes that may still come."""

    left: int = MOST_TEXT_BYTES
    parts: list[Part] = field(default_factory=list)
    boundaries: list[bytes] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.left <= 0 or len(self.parts) >= MOST_PARTS

    def wants(self, headers: "Headers[str, str]") -> int | None:
        """How many bytes of a part are kept; None where it is passed over."""
        kind = headers.get_content_type()
        if not is_wanted(kind, is_attachment=_is_attachment(headers)):
            return None
        return min(self.left, MOST_REPORT_BYTES) if kind == REPORT or kind in RETURNED else self.left

    def add(self, raw_headers: bytes, kept: _Kept) -> None:
        """Takes what was kept of a part."""
        headers, content = _parsed(raw_headers), kept.content
        self.left -= len(content)
        encoding = str(headers.get("content-transfer-encoding", "")).strip().lower()
        kind = headers.get_content_type()
        self.parts.append(Part(kind, _charset(headers), encoding, content, _is_attachment(headers)))


@dataclass
class _FileScan(_Scan):
    """Looks for files: of each the headers and the size, and of the one with the number `wanted` its bytes."""

    wanted: int = -1
    most: int = 0
    found: list[tuple[bytes, int]] = field(default_factory=list)
    content: bytes | None = None

    @property
    def is_full(self) -> bool:
        return self.content is not None

    def wants(self, headers: "Headers[str, str]") -> int | None:
        if not is_file(headers.get_content_type(), is_attachment=_is_attachment(headers)):
            return None
        return self.most if len(self.found) == self.wanted else 0

    def add(self, raw_headers: bytes, kept: _Kept) -> None:
        if len(self.found) == self.wanted:
            self.content = kept.content
        self.found.append((raw_headers, kept.size))


def scan(file: BinaryIO) -> tuple[bytes, list[Part]]:
    """The bytes of the headers, and the text parts, `MOST_TEXT_BYTES` of all at most."""
    state = _Scan()
    headers = _walk(file, state)
    if not state.parts and _parsed(headers).get_content_type().startswith(("multipart/", "text/")):
        # What calls itself text and has no part that can be told apart is read as it stands.
        file.seek(0)
        _header_block(_lines(file))
        state.parts.append(Part("text/plain", content=file.read(MOST_TEXT_BYTES)))
    return headers, state.parts


def files(file: BinaryIO) -> list[tuple[bytes, int]]:
    """The files in a mail, in its order: of each the headers, and its bytes as they were sent, counted."""
    state = _FileScan()
    _walk(file, state)
    return state.found


def content_of(file: BinaryIO, number: int, most: int) -> bytes | None:
    """The bytes of one of the `files`, still encoded, `most` of them; None where there is no such file."""
    state = _FileScan(wanted=number, most=most)
    _walk(file, state)
    return state.content


def _walk(file: BinaryIO, state: _Scan) -> bytes:
    """Reads part after part until nothing more is wanted; returns the headers of the mail."""
    lines = _lines(file)
    headers = _header_block(lines)
    next_headers: bytes | None = headers
    while next_headers is not None and not state.is_full:
        next_headers = _part(lines, next_headers, state)
    return headers


def _part(lines: Iterator[tuple[bytes, bool]], raw_headers: bytes, state: _Scan) -> bytes | None:
    """Reads one part up to the next; returns the headers of that one, or None at the end of the mail."""
    headers = _parsed(raw_headers)
    if headers.is_multipart() or headers.get_content_type().startswith("multipart/"):
        boundary = _boundary(headers)
        if boundary and len(state.boundaries) < _MOST_DEPTH:
            state.boundaries.append(boundary)
        return _skip(lines, state)
    most = state.wants(headers)
    if most is None:
        return _skip(lines, state)
    kept = _Kept(most)
    following = _skip(lines, state, kept)
    state.add(raw_headers, kept)
    return following


def _skip(lines: Iterator[tuple[bytes, bool]], state: _Scan, kept: _Kept | None = None) -> bytes | None:
    """Goes on to the next part of an open multipart, and keeps what is wanted; returns that part's headers."""
    for line, is_start in lines:
        if is_start and line.startswith(b"--") and _closes(line.rstrip(), state):
            if line.rstrip().endswith(b"--") and line.rstrip()[2:] not in state.boundaries:
                kept = None  # the end of a multipart: what follows belongs to nobody
                continue
            return _header_block(lines)
        if kept is not None:
            kept.add(line)
    return None


def _closes(line: bytes, state: _Scan) -> bool:
    """Whether a line ends the part at hand; the multiparts that end with it are closed."""
    name = line[2:]
    if name in state.boundaries:
        del state.boundaries[state.boundaries.index(name) + 1 :]
        return True
    if name.endswith(b"--") and name[:-2] in state.boundaries:
        del state.boundaries[state.boundaries.index(name[:-2]) :]
        return True
    return False


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The lines of a file, a long one in pieces, and of each whether a line starts with it."""
    is_start = True
    while line := file.readline(_LINE):
        yield line, is_start
        is_start = line.endswith(b"\n")


def _header_block(lines: Iterator[tuple[bytes, bool]]) -> bytes:
    block, size = [], 0
    for line, is_start in lines:
        if is_start and not line.strip(b"\r\n"):
            break
        if size < MOST_HEADER_BYTES:
            block.append(line)
            size += len(line)
    return b"".join(block)[:MOST_HEADER_BYTES]


def _parsed(raw: bytes) -> "Headers[str, str]":
    return BytesHeaderParser().parsebytes(raw.replace(b"\0", b""))


def _is_attachment(headers: "Headers[str, str]") -> bool:
    return str(headers.get("content-disposition", "")).strip().lower().startswith("attachment")


def _boundary(headers: "Headers[str, str]") -> bytes:
    return (headers.get_boundary("") or "").encode("utf-8", "surrogateescape")


def _charset(headers: "Headers[str, str]") -> str:
    try:
        return headers.get_content_charset("") or ""
    except (LookupError, UnicodeError):
        return ""
