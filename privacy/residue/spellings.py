"""How an identifier may be written down, in two degrees: anchors that find quickly, and a pattern that is sure.

An *anchor* is a few pieces of text that a place must have, all of them and in small letters, so that it can hold the
identifier in some spelling. Anchors cost little, and are asked of every row. What they let through is then read in
every way there is (`privacy.residue.readings`) and judged by the pattern, which knows where an identifier begins and
ends.
"""

import base64
import re
from collections.abc import Iterable, Iterator

from privacy.residue.identifiers import Identifier, Kind

#: All pieces must be there. A place is read when one anchor fits.
Anchor = tuple[str, ...]

_ASCII_RUN = re.compile(r"[a-z0-9]+")
_DOMAIN_RUN = re.compile(r"[a-z0-9.-]+")
_HASH_PIECE = 16
_LONGEST_CORE = 16


def anchors(identifiers: Iterable[Identifier]) -> list[Anchor]:
    """The anchors of all of these, each once."""
    found: dict[Anchor, None] = {}
    for identifier in sorted(identifiers):
        found |= dict.fromkeys(_anchors(identifier))
    return list(found)


def pattern(identifier: Identifier) -> re.Pattern[str]:
    """What is sure about a text that was read: the identifier in any casing, between its boundaries."""
    value = identifier.value
    if identifier.kind in {Kind.EMAIL, Kind.OTHER_EMAIL}:
        # Neither within a longer local part, nor of a longer domain; signs that only delimit addresses do not count.
        return _compiled(r"(?<![\w.+-])", re.escape(value), r"(?![\w-]|\.[\w-])")
    if identifier.kind is Kind.VAT_NUMBER:
        signs = re.sub(r"[^0-9A-Za-z]", "", value)
        return _compiled(r"(?<![0-9A-Za-z])", r"[\s./-]{0,2}".join(map(re.escape, signs)), r"(?![0-9A-Za-z])")
    if identifier.kind in {Kind.TOKEN, Kind.HASH}:
        return _compiled(r"(?<![0-9A-Za-z])", re.escape(value), r"(?![0-9A-Za-z])")
    return _compiled(r"(?<!\w)", r"\s+".join(map(re.escape, value.split())), r"(?!\w)")


def _compiled(before: str, value: str, after: str) -> re.Pattern[str]:
    return re.compile(before + value + after, re.IGNORECASE)


def _anchors(identifier: Identifier) -> Iterator[Anchor]:
    value = identifier.value.lower()
    if identifier.kind in {Kind.EMAIL, Kind.OTHER_EMAIL}:
        yield from _of_address(value)
    elif identifier.kind is Kind.HASH:
        yield (value[:_HASH_PIECE],)
    elif identifier.kind is Kind.VAT_NUMBER:
        signs = re.sub(r"[^0-9a-z]", "", value)
        yield (signs[2:] or signs,)
        yield tuple(re.findall(r"[0-9a-z]{3}", signs[2:])) or (signs,)  # people write it in groups of three
        yield from _encoded(signs)
    elif identifier.kind is Kind.TOKEN:
        yield (value[:_HASH_PIECE],)
        yield from _encoded(identifier.value)
    else:
        yield _pieces(value)


def _of_address(address: str) -> Iterator[Anchor]:
    local, _, domain = address.rpartition("@")
    longest = max(_DOMAIN_RUN.findall(domain), key=len, default="")
    if longest:
        yield (longest, *_pieces(local)[:1])
        for spelled in (longest, longest.upper()):  # each sign escaped, which only machines do
            yield from (("".join(start + f"{ord(sign):02x}" for sign in spelled),) for start in ("%", r"\u00"))
    if not address.isascii():
        yield from ((word,) for word in _escaped(address))
    for spelled in sorted({f"@{domain}", f"@{domain.capitalize()}"}):
        yield from _encoded(spelled)


def _pieces(text: str) -> tuple[str, ...]:
    """Its runs of ASCII letters and digits, longest first: they stand as they are in most spellings."""
    runs = sorted(_ASCII_RUN.findall(text), key=len, reverse=True)
    return tuple(runs[:3]) or (text,)


def _escaped(text: str) -> Iterator[str]:
    """Spellings of signs beyond ASCII in which nothing stays as it is."""
    beyond = max(re.findall(r"[^\x00-\x7f]+", text), key=len)
    yield beyond
    yield beyond.encode("unicode_escape").decode("ascii").lower()
    yield "".join(f"%{byte:02x}" for byte in beyond.encode())
    yield "".join(f"={byte:02x}" for byte in beyond.encode())


def _encoded(text: str) -> Iterator[Anchor]:
    """In hex, in UTF-16 in hex, and in base64 at each of the three places where a byte can fall in its groups of 3."""
    for content in sorted({text.encode(), text.lower().encode(), text.upper().encode()}):
        yield (content.hex(),)
        for offset in range(3):
            yield from {(core,) for core in _base64_cores(content, offset)}
        yield (content.decode().encode("utf-16-le").hex(),)


def _base64_cores(content: bytes, offset: int) -> Iterator[str]:
    """The signs of base64 that depend on nothing but `content`, in both alphabets (RFC 4648), in small letters."""
    whole = base64.b64encode(bytes(offset) + content).decode()
    first, last = -(-offset * 8 // 6), (offset + len(content)) * 8 // 6
    core = whole[first:last][:_LONGEST_CORE].lower()
    yield core
    yield core.replace("+", "-").replace("/", "_")
