"""How old the oldest order is that still names a person: the evidence of the promise to keep it no longer (P7b)."""

from datetime import datetime

from django.conf import settings
from django.db.models import Min

from privacy import clock
from privacy.promises import Figure
from privacy.retention import health
from shop import words
from shop.models import OrderParty


def oldest() -> Figure:
    """The age of the oldest order that names a person, beside the limit and the last sweep.

    Broken where the name of one should have gone two days ago; a legal hold moves that date.
    """
    placed_at = OrderParty.objects.aggregate(at=Min("order__placed_at"))["at"]
    swept_at = health.last_success()
    notes = [f"Last sweep on {words.day(swept_at.date())}." if swept_at else "No sweep has run yet."]
    due = OrderParty.objects.filter(expires_at__lte=clock.now() - health.LATE).aggregate(at=Min("expires_at"))["at"]
    if due is not None:
        notes.insert(0, f"The name on one should have gone on {words.day(due.date())}. We are looking at it.")
    if placed_at is None:
        return Figure("None", "No order names a person today.", " ".join(notes))
    years = settings.ORDER_RETENTION_YEARS
    limit = "1 year" if years == 1 else f"{years} years"
    return Figure(
        age(placed_at, clock.now()),
        f"is the age of the oldest order that still names a person. The limit is {limit}, or the end of a legal hold.",
        " ".join(notes),
        is_broken=due is not None,
    )


def age(start: datetime, end: datetime) -> str:
    """Whole years and the days beyond them, in words, in UTC."""
    first, last = start.date(), end.date()
    years = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    try:
        anniversary = first.replace(year=first.year + years)
    except ValueError:  # 29 February counts as 1 March
        anniversary = first.replace(year=first.year + years, month=3, day=1)
    days = (last - anniversary).days
    parts = [_counted(years, "year")] if years else []
    return ", ".join([*parts, _counted(days, "day")])


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
