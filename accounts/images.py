"""Pictures that people upload: looked at by their bytes alone, drawn anew, and only the new drawing is kept.

Nothing of the file itself survives: no metadata (a photograph says where it was taken), no color profile, nothing that
stands behind the picture or between its parts. What a browser or a mail program could take for something else is
refused before that.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MOST_BYTES = 2 * 1024 * 1024
"""How long an upload may be: 2 MB."""

MOST_PIXELS = 16_000_000
"""How many pixels a picture may say it has. One takes four bytes when it is decoded: 64 MB for the largest."""

LONGEST_SIDE = 10_000
"""How many pixels wide or high a picture may be: a line of a million pixels is no picture."""

# What Pillow raises on files that are broken, or made to break it.
_BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError, MemoryError,
    ZeroDivisionError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip


class Kind(StrEnum):
    """The kinds of picture we take, by the names that Pillow uses."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"


MEDIA_TYPES = {Kind.PNG: "image/png", Kind.JPEG: "image/jpeg", Kind.WEBP: "image/webp"}
ENDINGS = {Kind.PNG: "png", Kind.JPEG: "jpg", Kind.WEBP: "webp"}


class NotTaken(ValueError):
    """Why a file isn't taken as a picture: a sentence for who uploaded it, with what to do."""


@dataclass(frozen=True)
class Picture:
    """A picture that was drawn anew. `content` holds the bytes of a whole file of that kind."""

    content: bytes
    kind: Kind
    width: int
    height: int


def clean(upload: bytes, *, longest_side: int = 2400) -> Picture:
    """The uploaded picture drawn anew in its own kind, upright, at most `longest_side` pixels wide and high.

    Raises `NotTaken`. The name of the file and what the browser says of it don't count: only the bytes do.
    """
    return draw(decode(upload), kind_of(upload), longest_side=longest_side)


def kind_of(upload: bytes) -> Kind:
    """What a picture is by its first bytes. Raises `NotTaken` for everything else, by its name where we know it."""
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if upload.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if _is_riff(upload, b"WEBP"):
        return Kind.WEBP
    raise NotTaken(_not_a_picture(upload))


def decode(upload: bytes) -> Image.Image:
    """The pixels of an uploaded picture, upright, in gray, RGB or RGBA. Raises `NotTaken`.

    Length, kind, width and height are judged before a pixel is decoded, and only the reader of the one kind runs.
    """
    if not upload:
        raise NotTaken("The file is empty. Choose another one.")
    if len(upload) > MOST_BYTES:
        raise NotTaken(f"The file has {len(upload) / 1024**2:.1f} MB. We take up to 2 MB: save it smaller.")
    kind = kind_of(upload)
    if _is_something_else_too(upload):
        raise NotTaken(
            "This file is more than a picture: something else is hidden in it. Open it in an image program and export "
            "it anew."
        )
    try:
        return _decode(upload, kind)
    except NotTaken:
        raise
    except _BROKEN:
        raise NotTaken("This picture is damaged or incomplete. Export it anew and try again.") from None


def draw(image: Image.Image, kind: Kind, *, longest_side: int) -> Picture:
    """`image` as a file of that kind, at most `longest_side` pixels wide and high. It is made smaller, never larger."""
    if max(image.size) > longest_side:
        image = ImageOps.contain(image, (longest_side, longest_side))
    if kind is Kind.JPEG and image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    # Only the pixels go on: `info`, which Pillow would write into the file, stays behind.
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    buffer = io.BytesIO()
    options: dict[Kind, dict[str, object]] = {Kind.PNG: {}, Kind.JPEG: {"quality": 88}, Kind.WEBP: {"quality": 90}}
    fresh.save(buffer, kind.value, **options[kind])
    return Picture(buffer.getvalue(), kind, *fresh.size)


def _decode(upload: bytes, kind: Kind) -> Image.Image:
    if kind is Kind.WEBP:
        _judge_size(*_webp_size(upload))  # its reader makes room for all pixels when it opens the file
    with _open(upload, kind) as image:
        _judge_size(*image.size)
        if getattr(image, "is_animated", False):
            raise NotTaken("This picture moves. Send a still one.")
        image.load()
        return ImageOps.exif_transpose(_in_plain_mode(image))


def _open(upload: bytes, kind: Kind) -> ImageFile:
    """The reader of that kind, and of no other, at the head of the file."""
    readers: dict[Kind, type[ImageFile]] = {
        Kind.PNG: PngImageFile,
        Kind.JPEG: JpegImageFile,
        Kind.WEBP: WebPImageFile,
    }
    return readers[kind](io.BytesIO(upload))


def _judge_size(width: int, height: int) -> None:
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        raise NotTaken(
            f"The picture is {width:,} by {height:,} pixels. We take up to {MOST_PIXELS // 1_000_000} million pixels, "
            f"and {LONGEST_SIDE:,} on a side: save it smaller."
        )


def _in_plain_mode(image: Image.Image) -> Image.Image:
    """In gray, RGB or RGBA: palettes, print colors and 16 bits a channel are turned into what every screen shows."""
    if image.mode.startswith("I"):  # 16 bits of gray, of which the upper eight are kept
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def _webp_size(upload: bytes) -> tuple[int, int]:
    """Width and height as the head of a WebP says them (RFC 9649, sections 2.5 to 2.7)."""
    form, head = upload[12:16], upload[20:30]
    if form == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if form == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", head, 6)
    return width & 0x3FFF, height & 0x3FFF


def _is_riff(upload: bytes, form: bytes) -> bool:
    return upload.startswith(b"RIFF") and upload[8:12] == form


# Long enough not to turn up in the pixels of an honest picture: the likeliest once in 30,000 files of 2 MB.
_MARKS_OF_OTHER_KINDS = (b"<script", b"<html", b"<!doctype", b"<iframe", b"<svg ", b"<?php", b"%pdf-", b"#!/bin/")


def _is_something_else_too(upload: bytes) -> bool:
    """Whether other programs would take the file for a web page, a script, a document or an archive."""
    lower = upload.lower()
    return any(mark in lower for mark in _MARKS_OF_OTHER_KINDS) or zipfile.is_zipfile(io.BytesIO(upload))


def _not_a_picture(upload: bytes) -> str:
    """The sentence for a file that is none of our kinds."""
    head = upload[:4096].lower()
    if b"<svg" in head or upload.startswith(b"\x1f\x8b"):
        return "We don’t take SVG, because such a file can carry a program. Export the picture as PNG."
    for at, sign, name in _KNOWN_BY_NAME:
        if head[at:].startswith(sign):
            return f"This file is a {name}, whatever its name ends in. We take PNG, JPEG and WebP: export it as PNG."
    return "This file is no picture that we know. We take PNG, JPEG and WebP."


_KNOWN_BY_NAME = (
    (0, b"gif8", "GIF"),
    (0, b"%pdf-", "PDF"),
    (0, b"ii*\x00", "TIFF"),
    (0, b"mm\x00*", "TIFF"),
    (0, b"bm", "bitmap (BMP)"),
    (4, b"ftyphei", "HEIC picture"),
    (4, b"ftypmif1", "HEIC picture"),
    (4, b"ftypavif", "picture in AVIF"),
    (0, b"pk\x03\x04", "ZIP archive"),
    (0, b"%!ps", "PostScript file (EPS)"),
)
