"""Reads the headers and the text parts of a mail in a file, line by line: what is no text is passed over, not kept.

Memory stays the same whatever the mail holds. Nothing is decoded or unpacked here, and nothing is refused: a tree that
is broken gives the parts that could be told apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Headers
from email.parser import BytesHeaderParser
from typing import BinaryIO

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
class _Scan:
    """Where the reading is: the boundaries that are open, the text parts so far, and the bytes that may still come."""

    left: int = MOST_TEXT_BYTES
    parts: list[Part] = field(default_factory=list)
    boundaries: list[bytes] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.left <= 0 or len(self.parts) >= MOST_PARTS


def scan(file: BinaryIO) -> tuple[bytes, list[Part]]:
    """The bytes of the headers, and the text parts, `MOST_TEXT_BYTES` of all at most."""
    lines = _lines(file)
    headers = _header_block(lines)
    state = _Scan()
    next_headers: bytes | None = headers
    while next_headers is not None and not state.is_full:
        next_headers = _part(lines, next_headers, state)
    if not state.parts and _parsed(headers).get_content_type().startswith(("multipart/", "text/")):
        # What calls itself text and has no part that can be told apart is read as it stands.
        file.seek(0)
        _header_block(_lines(file))
        state.parts.append(Part("text/plain", content=file.read(MOST_TEXT_BYTES)))
    return headers, state.parts


def _part(lines: Iterator[tuple[bytes, bool]], raw_headers: bytes, state: _Scan) -> bytes | None:
    """Reads one part up to the next; returns the headers of that one, or None at the end of the mail."""
    headers = _parsed(raw_headers)
    kind = headers.get_content_type()
    if headers.is_multipart() or kind.startswith("multipart/"):
        boundary = _boundary(headers)
        if boundary and len(state.boundaries) < _MOST_DEPTH:
            state.boundaries.append(boundary)
        return _skip(lines, state)
    is_attachment = str(headers.get("content-disposition", "")).strip().lower().startswith("attachment")
    if not is_wanted(kind, is_attachment=is_attachment):
        return _skip(lines, state)
    most = min(state.left, MOST_REPORT_BYTES if kind == REPORT or kind in RETURNED else state.left)
    kept: list[bytes] = []
    following = _skip(lines, state, kept, most)
    content = b"".join(kept)[:most]
    state.left -= len(content)
    encoding = str(headers.get("content-transfer-encoding", "")).strip().lower()
    state.parts.append(Part(kind, _charset(headers), encoding, content, is_attachment))
    return following


def _skip(
    lines: Iterator[tuple[bytes, bool]], state: _Scan, kept: list[bytes] | None = None, most: int = 0
) -> bytes | None:
    """Goes on to the next part of an open multipart, keeping `most` bytes in `kept`; returns that part's headers."""
    size = 0
    for line, is_start in lines:
        if is_start and line.startswith(b"--") and _closes(line.rstrip(), state):
            if line.rstrip().endswith(b"--") and line.rstrip()[2:] not in state.boundaries:
                kept = None  # the end of a multipart: what follows belongs to nobody
                continue
            return _header_block(lines)
        if kept is not None and size < most:
            kept.append(line)
            size += len(line)
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


def _boundary(headers: "Headers[str, str]") -> bytes:
    return (headers.get_boundary("") or "").encode("utf-8", "surrogateescape")


def _charset(headers: "Headers[str, str]") -> str:
    try:
        return headers.get_content_charset("") or ""
    except (LookupError, UnicodeError):
        return ""
