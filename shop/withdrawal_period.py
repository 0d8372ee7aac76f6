"""Until when a consumer may withdraw from a purchase (Directive 2011/83/EU, Art. 9)."""

from datetime import UTC, date, datetime, time, timedelta

from shop import public_holidays

DAYS = 14
#: A day ends last at UTC-12: whoever still has that day somewhere is in time.
_LAST_ZONE = timedelta(hours=12)
_SATURDAY = 5


def last_day(start: datetime, country: str) -> date:
    """The last day of a period that begins with the contract, which we count from the payment where that is later.

    Its own day doesn't count, and a period that would end on Saturday, Sunday or a public holiday of the consumer's
    country ends with the next working day (Regulation (EEC, Euratom) 1182/71, Art. 3).
    """
    day = start.astimezone(UTC).date() + timedelta(days=DAYS)
    while day.weekday() >= _SATURDAY or public_holidays.is_one(day, country):
        day += timedelta(days=1)
    return day


def runs(start: datetime, country: str, *, at: datetime) -> bool:
    """Whether a statement that is made at `at` is in time: the last day must not have ended anywhere."""
    return at < datetime.combine(last_day(start, country) + timedelta(days=1), time(), UTC) + _LAST_ZONE
