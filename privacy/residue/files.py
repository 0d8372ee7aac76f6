"""The pass over stored files: their names, and what is in them, the data that cameras and editors add included."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from django.core.files.storage import Storage, default_storage

from privacy.residue import readings
from privacy.residue.identifiers import Kind
from privacy.residue.matching import Hit, Matcher

_CHUNK = 8_000_000
#: What lies on the border of two chunks stands in both.
_OVERLAP = 20_000
#: Packed files are opened up to so many bytes a member.
_MOST_OF_MEMBER = 64_000_000
#: Packed files in packed files are opened so deep: a document in an archive in an archive.
_DEPTH = 3
#: Beginnings of what is packed or encrypted in ways that aren't opened here: 7z, RAR, bzip2, xz, and old Office files,
#: which may be encrypted.
_LOCKED = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00", b"-----BEGIN PGP MESSAGE")
_ZIP, _MOST_MARK = b"PK\x03\x04", 32
#: What reading a zip may raise: a password is needed, a method nobody knows, a broken stream.
_ODD = (zipfile.BadZipFile, RuntimeError, ValueError, LookupError, EOFError, OSError, zlib.error, lzma.LZMAError)
UNREADABLE = Hit(Kind.UNREADABLE, "packed")


def search(matcher: Matcher, storage: Storage = default_storage) -> Iterator[tuple[str, Hit]]:
    """The number of a file in the order of names, and what was found in its name or content.

    Names aren't told, one may be the person's: `path_of` gives the file by its number. A file that goes meanwhile isn't
    there.
    """
    for number, name in enumerate(names(storage), start=1):
        yield from ((f"name of {number}", hit) for hit in matcher.search(name))
        try:
            with storage.open(name, "rb") as content:
                yield from ((f"content of {number}", hit) for hit in in_file(content, matcher))
        except FileNotFoundError:
            continue


def path_of(number: int, storage: Storage = default_storage) -> str:
    """The name of a file by its number in a report. Raises IndexError."""
    return list(names(storage))[number - 1]


def names(storage: Storage = default_storage, folder: str = "") -> Iterator[str]:
    """Every file in order, in whatever folder it lies. None where there is no folder for files yet."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (str(PurePosixPath(folder) / name) for name in sorted(files))
    for inner in sorted(folders):
        yield from names(storage, str(PurePosixPath(folder) / inner))


def in_file(content: IO[bytes], matcher: Matcher, depth: int = 0) -> set[Hit]:
    """What is found in the content of a file, packed or not; also that it can't be read whole."""
    found = _in_chunks(content, matcher)
    content.seek(0)
    start = content.read(_MOST_MARK)
    content.seek(0)
    is_zip = zipfile.is_zipfile(content)
    if start.startswith(_LOCKED) or (start.startswith(_ZIP) and not is_zip):
        found.add(UNREADABLE)
    if is_zip:
        content.seek(0)
        found |= _in_packed(content, matcher, depth) if depth < _DEPTH else {UNREADABLE}
    return found


def _in_packed(content: IO[bytes], matcher: Matcher, depth: int) -> set[Hit]:
    """What is found in the members of a zip; of one that is encrypted or odd, that it can't be read."""
    found: set[Hit] = set()
    try:
        with zipfile.ZipFile(content) as packed:
            for member in packed.infolist():
                found |= matcher.search(member.filename)
                found |= _in_member(packed, member, matcher, depth)
    except _ODD:
        found.add(UNREADABLE)
    return found


def _in_member(packed: zipfile.ZipFile, member: zipfile.ZipInfo, matcher: Matcher, depth: int) -> set[Hit]:
    try:
        with packed.open(member) as inner:
            content = inner.read(_MOST_OF_MEMBER)
            is_cut = bool(inner.read(1))
        found = in_file(io.BytesIO(content), matcher, depth + 1)
        return found | {UNREADABLE} if is_cut else found
    except _ODD:
        return {UNREADABLE}


def _in_chunks(content: IO[bytes], matcher: Matcher) -> set[Hit]:
    found: set[Hit] = set()
    before = b""
    while chunk := content.read(_CHUNK):
        part = before + chunk
        looked_at = [part] if matcher.may_be_in(part) else [*readings.unpacked(part), *_without_markup(part, matcher)]
        for piece in looked_at:
            found |= matcher.search(piece)
        before = part[-_OVERLAP:]
    return found


def _without_markup(part: bytes, matcher: Matcher) -> list[bytes]:
    """The words of a document whose program cut them into pieces, where something may be in them."""
    if b"</" not in part:
        return []
    words = readings.TAG.sub("", part.decode("utf-8", "replace")).encode()
    return [words] if matcher.may_be_in(words) else []
