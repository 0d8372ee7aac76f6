"""Every way in which a value may be read: as it stands, and with each known encoding undone, layer by layer.

Nothing that is read is ever run: pickles are listed, not loaded.
"""

import base64
import binascii
import html
import io
import pickletools  # nosec B403 (it lists a pickle and never loads it)
import quopri
import re
import unicodedata
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

#: Layers of encodings: percent signs in JSON in base64 in a compressed session are four.
DEPTH = 5
#: A compressed piece is opened up to so many bytes, so that a bomb stays a small one.
MOST_OPENED = 4_000_000
#: All readings of one value together.
MOST_READ = 64_000_000
#: What a value is called that has more readings than that.
CUT = "too much to read"

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{7,}")
_FOLDED_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]*")
_HEX = re.compile(r"[0-9A-Fa-f]{12,}")
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbf\"'/\\]))")
_QUOTED = re.compile(r"=[0-9A-Fa-f]{2}|=\r?\n")
_ZLIB_START = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
#: Office programs cut a word into pieces with markup between them.
TAG = re.compile(r"<[^<>]{0,2000}>")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}

Reading = tuple[str, str]


def of(value: str | bytes) -> Iterator[Reading]:
    """Pairs of how it was read ("plain", "base64, percent") and the text. The same text isn't given twice.

    Where there is more to read than `MOST_READ`, the last pair says so: `CUT`, without a text.
    """
    seen: set[tuple[bool, int]] = set()
    spent = 0
    waiting: list[tuple[tuple[str, ...], str | bytes]] = [((), value)]
    while waiting and spent < MOST_READ:
        way, content = waiting.pop()
        mark = isinstance(content, str), hash(content)  # a text and its bytes have the same hash
        if mark in seen or not content:
            continue
        seen.add(mark)
        spent += len(content)
        if isinstance(content, str):
            yield ", ".join(way) or "plain", unicodedata.normalize("NFC", content)
        if len(way) < DEPTH:
            undone = _of_text(content) if isinstance(content, str) else _of_bytes(content)
            waiting += [((*way, name) if name else way, inner) for name, inner in undone]
    if waiting:
        yield CUT, ""


def _of_text(text: str) -> Iterator[tuple[str, str | bytes]]:
    if "%" in text:
        yield "percent", unquote(text)
        if "+" in text:
            yield "percent", unquote(text.replace("+", " "))
    if "\\" in text:
        yield "escapes", _unescaped(text)
    yield from _of_markup(text)
    if _QUOTED.search(text):
        yield "quoted-printable", quopri.decodestring(text.encode("utf-8", "surrogatepass"))
    for run in _HEX.findall(text):
        yield from (("hex", bytes.fromhex(run[start : start + (len(run) - start) // 2 * 2])) for start in (0, 1))
    for run in _FOLDED_BASE64.findall(text):
        yield from _of_base64(re.sub(r"\s", "", run))
    for run in _BASE64.findall(text):
        yield from _of_base64(run)
    if not text.isascii() and (compatible := unicodedata.normalize("NFKC", text)) != text:
        yield "compatible signs", compatible


def _of_markup(text: str) -> Iterator[tuple[str, str]]:
    if "&" in text:
        yield "HTML", html.unescape(text)
    if "</" in text:
        yield "markup", TAG.sub("", text)


def _of_base64(run: str) -> Iterator[tuple[str, bytes]]:
    """The run read from each of four places: what stands before it may belong to it only by its looks."""
    signs = run.replace("-", "+").replace("_", "/")
    for start in range(4):
        part = signs[start:]
        part = part[: len(part) - 1] if len(part) % 4 == 1 else part
        try:
            yield "base64", base64.b64decode(part + "=" * (-len(part) % 4))
        except binascii.Error:
            continue


def _of_bytes(content: bytes) -> Iterator[tuple[str, str | bytes]]:
    yield "", content.decode("utf-8", "replace")
    if b"\x00" in content:
        for order in ("utf-16-le", "utf-16-be"):
            yield from (("UTF-16", content[start:].decode(order, "replace")) for start in (0, 1))
    yield from (("compressed", opened) for opened in unpacked(content))
    if content[:1] == b"\x80" and len(content) > 2:
        yield from (("pickle", text) for text in _pickled(content))


def unpacked(content: bytes) -> Iterator[bytes]:
    """What zlib and gzip packed anywhere in it: the texts of a PNG, the streams of a PDF, a session."""
    for found in _ZLIB_START.finditer(content):
        if opened := _opened(content[found.start() :]):
            yield opened


def _opened(content: bytes) -> bytes:
    """What zlib or gzip packed, as far as it can be opened; empty where it is none."""
    try:
        return zlib.decompressobj(wbits=47).decompress(content, MOST_OPENED)
    except zlib.error:
        return b""


def _pickled(content: bytes) -> Iterator[str]:
    """The texts of a pickle, which are read off and not loaded."""
    try:
        for _, argument, _ in pickletools.genops(io.BytesIO(content)):
            if isinstance(argument, str):
                yield argument
            elif isinstance(argument, bytes):
                yield argument.decode("utf-8", "replace")
    except (ValueError, IndexError, UnicodeError):
        return


def _unescaped(text: str) -> str:
    """The escapes of JSON and of most languages undone, pairs of surrogates included."""
    undone = _JSON_ESCAPE.sub(_sign, text)
    return undone.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _sign(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(found[3], found[3])
