"""Files that come with a request: pictures, PDF and plain text, each by what its bytes are. Nothing else is taken."""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts import images
from accounts.images import NotTaken

MOST_FILES = 3
MOST_OF_CASE = 12
MOST_BYTES = images.MOST_BYTES
MOST_TEXT_BYTES = 256 * 1024
PDF, TEXT = "application/pdf", "text/plain"
_ENDINGS = {PDF: "pdf", TEXT: "txt", **{images.MEDIA_TYPES[kind]: ending for kind, ending in images.ENDINGS.items()}}
#: What makes a PDF more than paper (ISO 32000-1, 12.6 and 7.11), under whatever spelling of a name with # in it.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Where the bytes of a stream begin, how long what describes it may be, and the one way in which objects are packed.
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_LONGEST_HEAD = 2048
_USUAL = re.compile(rb"/Filter\s*(?:/FlateDecode\b|\[\s*/FlateDecode\s*\])(?!.*/DecodeParms)", re.DOTALL)
_MOST_UNPACKED = 16 * 1024 * 1024
_LONGEST_NAME = 100


class Upload(Protocol):
    """An uploaded file, as Django hands it over."""

    name: str | None
    size: int | None

    def read(self, num_bytes: int | None = ...) -> bytes:
        """What is in it."""


@dataclass(frozen=True)
class File:
    """A file that may be kept, under a name that is safe everywhere."""

    name: str
    media_type: str
    content: bytes


def check(uploads: Sequence[Upload]) -> list[File]:
    """The uploads as files that may be kept. Raises `NotTaken` with a sentence that names the file."""
    if len(uploads) > MOST_FILES:
        raise NotTaken(f"Send {MOST_FILES} files at most. More can follow with the next message.")
    return [_checked(upload) for upload in uploads]


def _checked(upload: Upload) -> File:
    name = safe_name(upload.name or "file")
    try:
        media_type, content = _cleaned(_read(upload))
    except NotTaken as sentence:
        raise NotTaken(f"{name}: {sentence}") from None
    return File(_with_ending(name, media_type), media_type, content)


def _read(upload: Upload) -> bytes:
    size, content = upload.size or 0, b""
    if size <= MOST_BYTES:
        content = upload.read(MOST_BYTES + 1)  # what is said of the size may be wrong
        size = len(content)
    if size > MOST_BYTES:
        raise NotTaken(f"The file has {size / 1024**2:.1f} MB or more. We take up to 2 MB: save it smaller.")
    return content


def _cleaned(content: bytes) -> tuple[str, bytes]:
    if not content:
        raise NotTaken("The file is empty. Choose another one.")
    if content.startswith(b"%PDF-"):
        return PDF, _paper(content)
    if _is_text(content):
        return TEXT, content
    try:
        picture = images.clean(content)
    except NotTaken as sentence:
        if "We don’t take SVG" in str(sentence) or content[:4] in {b"\x89PNG", b"RIFF"} or content[:2] == b"\xff\xd8":
            raise
        raise NotTaken("We take pictures (PNG, JPEG, WebP), PDF and plain text. Save it as one of these.") from None
    return images.MEDIA_TYPES[picture.kind], picture.content


def _paper(content: bytes) -> bytes:
    """A PDF that is only read: it isn't locked, runs nothing, and carries no other file."""
    if b"%%EOF" not in content[-2048:]:
        raise NotTaken("This PDF is damaged or incomplete. Save it anew and try again.")
    if b"/Encrypt" in _spelled(content):
        raise NotTaken("This PDF is locked by a password. Save it without one.")
    if any(_ACTIVE.search(_spelled(part)) for part in (content, *_packed(content))) or b"<script" in content.lower():
        raise NotTaken("This PDF can run something or carries other files. Print it to a new PDF and send that.")
    return content


def _spelled(content: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _packed(content: bytes) -> Iterator[bytes]:
    """The packed parts of a PDF that hold objects (ISO 32000-1, 7.5.7): what it runs may be named in them alone.

    Raises `NotTaken` for one that isn't packed in the usual way, or is larger than the objects of any paper.
    """
    left = _MOST_UNPACKED
    for found in _STREAM.finditer(content):
        head = _spelled(content[max(0, found.start() - _LONGEST_HEAD) : found.start()].rpartition(b"obj")[2])
        if b"/ObjStm" not in head or b"/Filter" not in head:
            continue
        # No more than the part itself is handed over, so that many small ones cost no more than one.
        own, reader = content[found.end() : content.find(b"endstream", found.end())], zlib.decompressobj()
        try:
            part = reader.decompress(own, left) if _USUAL.search(head) else b""
        except zlib.error:
            part = b""
        if not reader.eof:
            raise NotTaken("This PDF is packed in a way that we can’t look into. Print it to a new PDF and send that.")
        left = max(1, left - len(part))  # 0 would be without a limit
        yield part


def _is_text(content: bytes) -> bool:
    """Whether it is plain text in UTF-8, and neither a web page nor a drawing that programs would run."""
    if b"\0" in content or content.lstrip()[:1] == b"<":
        return False
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n\f" for letter in text):
        return False
    if len(content) > MOST_TEXT_BYTES:
        raise NotTaken("A text may have 256 KB. Send the part that matters.")
    return True


def safe_name(name: str) -> str:
    """A name without a path, control characters and what turns the direction of writing."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and unicodedata.category(letter) != "Cf")
    return re.sub(r"[\"'<>|:*?;%&]", "_", kept).strip(" .")[:_LONGEST_NAME] or "file"


def _with_ending(name: str, media_type: str) -> str:
    """The name with the ending of what the file really is."""
    stem, _, ending = name.rpartition(".")
    own = _ENDINGS[media_type]
    if ending.lower() in {own, "jpeg" if own == "jpg" else own} and stem:
        return name
    return f"{name if media_type == TEXT or not stem else stem}.{own}"
