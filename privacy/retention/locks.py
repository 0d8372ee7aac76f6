"""The locks of retention: advisory ones of PostgreSQL, in a class that nobody else takes, and those of rows above."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

from privacy.retention.cuts import array, column_of, is_one_of

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


def lock_above(model: type[Model], under: str, keys: Iterable[Any]) -> None:
    """Locks the rows at which those of `model` point by the foreign key `under`.

    It waits for whoever writes what goes with them, and whoever comes later sees that they are gone. It is no lock of
    the key, so that foreign keys may be checked meanwhile.
    """
    step, quote = column_of(model, under), connection.ops.quote_name
    above: type[Model] = step.related_model  # type: ignore[assignment]  # it is a foreign key
    table, key, column = quote(above._meta.db_table), quote(column_of(above).column or ""), quote(step.column or "")
    these = f"SELECT {column} FROM {quote(model._meta.db_table)} WHERE {is_one_of(column_of(model))}"  # noqa: S608
    sql = f"SELECT {key} FROM {table} WHERE {key} IN ({these}) ORDER BY {key} FOR NO KEY UPDATE"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"WITH locked AS ({sql}) SELECT count(*) FROM locked", [array(keys)])  # noqa: S608


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
