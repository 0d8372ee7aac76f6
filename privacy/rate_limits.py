"""How often one connection may do what costs the shop or bothers a third person.

The address is counted under a keyed hash, in the cache, for minutes. Where the cache is away, nothing is limited: a
limit protects, it must not close the shop.
"""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache

PREFIX = "limit"


def allow(deed: str, address: str, *, most: int, seconds: int) -> bool:
    """Counts a deed of a connection; False from the one after `most` within `seconds` on."""
    who = hmac.digest(settings.SECRET_KEY.encode(), f"{deed}:{address}".encode(), hashlib.sha256).hex()[:32]
    key = f"{PREFIX}:{deed}:{who}"
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key) <= most
    except Exception:  # noqa: BLE001  (whatever the cache says, and when it is gone between the two calls)
        return True
