"""Mail addresses as people write them: in any casing, with umlauts, with a plus."""

import re
import unicodedata

from django.conf import settings

# Letters and digits of any script, and the signs that RFC 5321 allows without quotes. Bounded, so that a long line of
# signs costs nothing.
_LOCAL = r"[^\W_][\w.!#$%&'*+/=?^`{|}~-]{0,63}|[\w!#$%&'*+/=?^`{|}~-]{1,64}"
_ADDRESS = re.compile(rf"(?<![\w.+@-])((?:{_LOCAL})@[^\W_](?:[\w-]{{0,62}})(?:\.[^\W_][\w-]{{0,62}}){{1,8}})")


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
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


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
