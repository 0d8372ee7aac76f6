"""Keyed hashes of what orders have in common: e-mail address, card, network. Only the hash is stored, for a day."""

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings

from payments.models import FraudSighting

Kind = FraudSighting.Kind
#: How much of an address is one network: what a provider usually gives to one customer, or to a few.
PREFIXES = {4: 24, 6: 48}
_TRANSLATED = ip_network("64:ff9b::/96")


def network_of(address: str) -> str:
    """The network of a connection, as text; empty where the address says nothing: a private one, or none."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, IPv6Address):
        ip = _embedded(ip) or ip
    return str(ip_network((ip, PREFIXES[ip.version]), strict=False)) if ip.is_global else ""


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address carries: mapped, of 6to4 (RFC 3056), or of a translator (RFC 6052)."""
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def hashed(**things: str) -> dict[str, str]:
    """The keyed hash of each thing by its kind; those that are empty are left out."""
    return {kind: _hash(Kind(kind), thing) for kind, thing in things.items() if thing}


def _hash(kind: Kind, thing: str) -> str:
    """128 bits that count, and tell nobody what they were made of without the shop's secret."""
    key = hashlib.sha256(b"fraud-sighting:" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, f"{kind.value}:{thing}".encode(), "sha256").hex()[:32]
