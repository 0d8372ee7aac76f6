"""Whether the servers that the shop stands on answer, and soon."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from privacy import journal

SECONDS = 1.0


def database_answers() -> bool:
    """Whether PostgreSQL answers a question. A new connection waits for the `connect_timeout` of the settings."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def problems() -> list[str]:
    """Why visitors must not be served now, in sentences; empty where nothing speaks against it."""
    if not database_answers():
        return ["The database doesn't answer."]
    found = [] if cache_answers() else ["The cache doesn't answer."]
    try:
        words = journal.problem()
    except DatabaseError:
        words = "The database has no such tables yet, or other ones: run `manage.py migrate`."
    return [*found, words] if words else found


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
