"""The locks of retention. All are advisory locks of PostgreSQL in one class, so that nothing else takes them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

#: The class; `privacy_period` in the database takes the first lock of it too.
CLASS = 7710
#: Shared by whoever writes a date, in its transaction; alone by whoever announces another period.
PERIODS = 1
#: Held by the one sweep that runs, for as long as its connection lives.
SWEEP = 2


class SweepRuns(Exception):
    """Another sweep is running."""


def share_periods() -> None:
    """Says that this transaction computes dates with the periods that are in force."""
    _ask("SELECT pg_advisory_xact_lock_shared(%s, %s)", PERIODS)


def change_periods() -> None:
    """Waits until nobody computes dates, and lets nobody begin before this transaction ends."""
    _ask("SELECT pg_advisory_xact_lock(%s, %s)", PERIODS)


@contextmanager
def only_sweep() -> Iterator[None]:
    """Inside, this is the only sweep. Raises SweepRuns; a process that dies gives the lock back by dying."""
    if not _ask("SELECT pg_try_advisory_lock(%s, %s)", SWEEP):
        raise SweepRuns
    try:
        yield
    finally:
        if connection.is_usable():
            _ask("SELECT pg_advisory_unlock(%s, %s)", SWEEP)


def _ask(sql: str, lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [CLASS, lock])
        return bool(cursor.fetchone()[0])
