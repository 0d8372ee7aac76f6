"""The one clock. All code takes its time from here; a test, or a rehearsal of a later date, sets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC) + _offset.get()


def today() -> date:
    """The day in UTC."""
    return now().date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, the clock starts at `moment` (aware) and goes on from there."""
    token = _offset.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _offset.reset(token)
