"""Whether the servers that the shop stands on answer, and soon."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 1.0


def database_answers() -> bool:
    """Whether PostgreSQL answers a question. A new connection waits for the `connect_timeout` of the settings."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def cache_answers() -> bool:
    """Whether Redis answers within a second, on a connection of its own and asked once."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
    )
    try:
        with client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
