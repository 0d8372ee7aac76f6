"""Mail addresses as people write them: in any casing, with umlauts, with a plus.

Letters with marks have two forms in Unicode, and an international domain has two spellings (RFC 5891): all of them are
the same mailbox. What stands before the @ is never judged: with a plus sign in it, it is another address.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.conf import settings

# Letters and digits of any script, and the signs that RFC 5321 allows without quotes. Bounded, so that a long line of
# signs costs nothing.
_LOCAL = r"[^\W_][\w.!#$%&'*+/=?^`{|}~-]{0,63}|[\w!#$%&'*+/=?^`{|}~-]{1,64}"
_ADDRESS = re.compile(rf"(?<![\w.+@-])((?:{_LOCAL})@[^\W_](?:[\w-]{{0,62}})(?:\.[^\W_][\w-]{{0,62}}){{1,8}})")
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def normal(address: str) -> str:
    """An address in one form: small letters, composed (NFC), and the host as people write it, not in Punycode."""
    typed = unicodedata.normalize("NFC", address.strip()).lower()
    local, _, host = typed.rpartition("@")
    labels = [_label(label) for label in host.rstrip(".").split(".")]
    return f"{local}@{'.'.join(labels)}" if local else typed


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def spellings(addresses: Iterable[str]) -> frozenset[str]:
    """The addresses in every spelling under which one may have been written down, in small letters."""
    return frozenset(spelled for address in addresses for spelled in _spellings(address.strip().lower()))


def _spellings(address: str) -> Iterator[str]:
    local, at, host = unicodedata.normalize("NFC", address).rpartition("@")
    yield address
    if not at:
        return
    composed = ".".join(_label(label) for label in host.split("."))
    ascii_only = ".".join(_punycode(label) for label in composed.split("."))
    for spelled in (f"{local}@{composed}", f"{local}@{ascii_only}"):
        yield spelled
        yield unicodedata.normalize("NFD", spelled)


def _punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def mailbox(address: str) -> str:
    """One spelling for all addresses of a mailbox, for counting alone: who has one has each with a plus as well.

    With Gmail dots count for nothing, and its two hosts are one: https://support.google.com/mail/answer/7436150. Empty
    where it is no address.
    """
    local = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")[0]
    if not local:
        return ""
    local, at = local.partition("+")[0] or local, host(address)
    if at in _GMAIL:
        local, at = local.replace(".", ""), "gmail.com"
    return f"{local}@{at}"


def host(address: str) -> str:
    """The host of an address as mail servers look it up: Punycode, whatever letters, casing and dots it is typed in."""
    typed = address.rpartition("@")[2].strip().rstrip(".").lower()
    try:
        return typed.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return typed


def named_in(text: str) -> list[str]:
    """The addresses that a text names, each once, in the order of their first mention."""
    return list(dict.fromkeys(normal(found) for found in _ADDRESS.findall(text)))


def is_ours(address: str) -> bool:
    """Whether mail to this address comes to support: the address itself, or one with a plus."""
    local, _, host = normal(address).rpartition("@")
    our_local, _, our_host = normal(settings.SUPPORT_EMAIL).rpartition("@")
    return host == our_host and local.partition("+")[0] == our_local


def token_of(address: str) -> str:
    """The part after the plus of an address of ours, or nothing."""
    if not is_ours(address):
        return ""
    return normal(address).rpartition("@")[0].partition("+")[2]


def with_token(token: str) -> str:
    """The address of ours that carries a token."""
    local, _, host = settings.SUPPORT_EMAIL.rpartition("@")
    return f"{local}+{token}@{host}"
