"""Files to upload, drawn by code: honest pictures, and such as are made to do harm."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

PLACE = "48.137154"
"""A latitude that a photograph's metadata tells."""


def drawing(size: tuple[int, int] = (320, 120), mode: str = "RGB") -> Image.Image:
    """A red field with a blue bar at its left end, so that turning it is seen."""
    image = Image.new("RGB", size, (200, 30, 30))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1]), fill=(20, 40, 200))
    return image.convert(mode)


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of the picture as a file of that kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png(size: tuple[int, int] = (320, 120), mode: str = "RGB") -> bytes:
    """An honest PNG."""
    return file_of(drawing(size, mode))


def photograph(kind: str = "JPEG", orientation: int = 1) -> bytes:
    """A picture whose metadata tells place, camera and a comment."""
    image = drawing()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Lovelace Cameras", orientation
    exif.get_ifd(0x8825)[29] = PLACE  # in GPSDateStamp, which takes text
    if kind == "PNG":
        words = PngInfo()
        words.add_text("Comment", f"taken at {PLACE}")
        words.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{PLACE}</x:xmpmeta>")
        return file_of(image, kind, exif=exif, pnginfo=words, icc_profile=PLACE.encode() * 20)
    more = {"comment": f"taken at {PLACE}"} if kind == "JPEG" else {}
    return file_of(image, kind, exif=exif, xmp=PLACE.encode(), icc_profile=PLACE.encode() * 20, **more)


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG with its length and sum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes whose head claims that size: a bomb, for whoever makes room before looking."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def png_with_a_bomb_of_text() -> bytes:
    """A PNG with a compressed text of 50 MB."""
    text = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(50_000_000), 9))
    whole = png()
    return whole[:33] + text + whole[33:]


def webp_that_says(width: int, height: int) -> bytes:
    """A WebP whose extended head claims that size."""
    whole = bytearray(photograph("WEBP"))
    assert whole[12:16] == b"VP8X"
    whole[24:27], whole[27:30] = (width - 1).to_bytes(3, "little"), (height - 1).to_bytes(3, "little")
    return bytes(whole)


def jpeg_that_says(width: int, height: int) -> bytes:
    """A JPEG whose frame head claims that size."""
    whole = bytearray(file_of(drawing(), "JPEG"))
    at = whole.index(b"\xff\xc0")
    struct.pack_into(">HH", whole, at + 5, height, width)
    return bytes(whole)


def with_an_archive(picture: bytes) -> bytes:
    """A picture that is a ZIP archive as well."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("evil.js", "alert(1)")
    return picture + archive.getvalue()


def moving(kind: str) -> bytes:
    """A picture of two frames."""
    return file_of(drawing(), kind, save_all=True, append_images=[drawing((320, 120)).rotate(180)], duration=100)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
