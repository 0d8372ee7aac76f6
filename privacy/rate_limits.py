"""How often one connection, or one mailbox, may do what costs the shop or bothers a third person.

The address is counted under a keyed hash, in the cache, for minutes. Where the cache is away, nothing is limited: a
limit protects, it must not close the shop.
"""

import hashlib
import hmac
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network

import redis
from django.conf import settings

from privacy import mail_addresses

PREFIX = "shop:limit"


def allow(deed: str, address: str, *, most: int, seconds: int) -> bool:
    """Counts a deed of a connection; False from the one after `most` within `seconds` on."""
    key = _key(deed, address)
    try:
        with _redis().pipeline() as asked:
            asked.set(key, 0, ex=seconds, nx=True)
            asked.incr(key)
            return asked.execute()[1] <= most
    except (redis.RedisError, OSError):
        return True


def forget(*counted: str) -> int:
    """Removes what was counted for these (connections, `account:ID`, e-mail addresses); returns how many keys."""
    found = [
        key
        for key in _redis().scan_iter(match=f"{PREFIX}:*", count=1000)
        if any(key.decode() == _key(key.decode().split(":")[2], one) for one in counted)
    ]
    return int(_redis().delete(*found)) if found else 0


def _key(deed: str, address: str) -> str:
    return f"{PREFIX}:{deed}:{fingerprint(f'{deed}:{counted(address)}')}"


def counted(address: str) -> str:
    """What is one: a mailbox, whatever the spelling; of IPv6 a /64, all of which one customer has (RFC 6177)."""
    if "@" in address:
        return mail_addresses.mailbox(address) or address
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    return str(ip.ipv4_mapped or ip_network((int(ip), 64), strict=False))


def fingerprint(address: str) -> str:
    """A keyed hash of an address: enough to count by, and nobody can tell the address from it."""
    return hmac.digest(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hex()[:32]


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
