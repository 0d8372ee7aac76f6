"""The spellings under which one address may have been written down.

Letters with marks have two forms in Unicode, and an international domain has two spellings (RFC 5891): all of them are
the same mailbox. What stands before the @ is never judged: with a plus sign in it, it is another address.
"""

import unicodedata
from collections.abc import Iterable, Iterator


def all_of(addresses: Iterable[str]) -> frozenset[str]:
    """The addresses in every spelling, in small letters."""
    return frozenset(spelled for address in addresses for spelled in _of(address.strip().lower()))


def _of(address: str) -> Iterator[str]:
    local, at, domain = unicodedata.normalize("NFC", address).rpartition("@")
    yield address
    if not at:
        return
    unicode = ".".join(_to_unicode(label) for label in domain.split("."))
    ascii_only = ".".join(_to_ascii(label) for label in unicode.split("."))
    for spelled in (f"{local}@{unicode}", f"{local}@{ascii_only}"):
        yield spelled
        yield unicodedata.normalize("NFD", spelled)


def _to_unicode(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _to_ascii(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
