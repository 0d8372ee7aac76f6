"""The version of what everybody sees: a random token in Redis that a change of the catalog replaces.

Whoever keeps rendered pages keeps them under this token. It is never the truth: a missing one is made anew, and where
Redis is away there is none, so pages are rendered each time.
"""

import secrets
from functools import cache

import redis
from django.conf import settings
from django.db import transaction

KEY = "shop:page-version"


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.05, socket_connect_timeout=0.05)


def current() -> str | None:
    """The token in force, or None while Redis can't be reached within 50 ms."""
    try:
        token = _redis().get(KEY)
        if token is None:
            _redis().set(KEY, secrets.token_hex(8), nx=True)
            token = _redis().get(KEY)
    except (redis.RedisError, OSError):
        return None
    return token.decode() if isinstance(token, bytes) else None


def renew() -> None:
    """After the transaction commits, all kept pages are out of date."""
    transaction.on_commit(_write, robust=True)


def _write() -> None:
    _redis().set(KEY, secrets.token_hex(8))
