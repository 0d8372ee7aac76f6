"""The pass over Redis: keys and values of every database that the shop uses, cache and broker alike."""

from collections.abc import Iterator
from typing import Any

import redis
from django.conf import settings

from privacy import places
from privacy.residue.matching import Hit, Matcher

_BATCH = 500


def search(matcher: Matcher) -> Iterator[tuple[str, str, Hit]]:
    """Where ("cache", "broker"), the number of the key in the order in which it was met, and what was found.

    Keys aren't told: one may hold the address. Raises redis.RedisError where the server is away: what couldn't
    be looked at isn't clean.
    """
    for where, url in _servers().items():
        client = redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=3)
        with client:
            for number, key in enumerate(client.scan_iter(count=_BATCH), start=1):
                shown = f"{_family(key)} {number}"
                for hit in matcher.search(key):
                    yield where, f"key {shown}", hit
                for value in _values(client, key):
                    yield from ((where, f"value {shown}", hit) for hit in matcher.search(value))


def count() -> int:
    """How many keys there are in all."""
    total = 0
    for url in _servers().values():
        with redis.Redis.from_url(url, socket_timeout=10, socket_connect_timeout=3) as client:
            total += int(client.dbsize())
    return total


def _servers() -> dict[str, str]:
    """The databases by what they are for; one that serves both is looked at once."""
    broker = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1).replace("?virtual_host=", "?db=")
    return {"cache": settings.REDIS_URL} | ({"broker": broker} if broker != settings.REDIS_URL else {})


def _family(key: bytes) -> str:
    """The declared prefix of a key: what stands behind it isn't told."""
    text = key.decode("utf-8", "replace")
    bare = text.split(":", 2)[-1] if text.startswith("shop:") and text.count(":") > 1 else text
    prefix = places.prefix_of(bare) or places.prefix_of(text)
    return prefix.name if prefix else "undeclared"


def _values(client: Any, key: bytes) -> Iterator[bytes]:
    """Every value under a key, whatever its type. A key that ended meanwhile has none."""
    kind = client.type(key)
    if kind == b"string":
        yield client.get(key) or b""
    elif kind == b"list":
        yield from client.lrange(key, 0, -1)
    elif kind == b"set":
        yield from client.sscan_iter(key)
    elif kind == b"zset":
        yield from (member for member, _ in client.zscan_iter(key))
    elif kind == b"hash":
        for field, value in client.hscan_iter(key):
            yield from (field, value)
    elif kind == b"stream":
        for _, fields in client.xrange(key):
            yield from (part for pair in fields.items() for part in pair)
