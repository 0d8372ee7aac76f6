"""Until when we answer, and until when a consumer may withdraw."""

from datetime import UTC, date, datetime, time, timedelta

from accounts.models import Case
from shop.models import Order

#: A withdrawal is paid back within 14 days (Directive 2011/83/EU, Art. 13(1)); the others are the house's own aims.
DUE = {Case.Kind.WITHDRAWAL: 14, Case.Kind.REFUND: 7, Case.Kind.COMPLAINT: 7, Case.Kind.QUESTION: 3}
WITHDRAWAL_DAYS = 14
#: A day ends last at UTC-12: whoever still has that day somewhere is in time.
_LAST_ZONE = timedelta(hours=12)
_SATURDAY = 5
#: So long after a case was closed its customer's answer opens it again.
REOPENS = timedelta(days=30)
#: So long a request from the form waits to be confirmed.
UNPROVEN = timedelta(days=14)


def due(kind: str, moment: datetime) -> datetime:
    """Until when a case of this kind is answered that came, or came again, at `moment`."""
    return moment + timedelta(days=DUE[Case.Kind(kind)])


def last_day(order: Order) -> date | None:
    """The last day on which a consumer may withdraw; None while nothing was paid.

    Fourteen days from the contract (Directive 2011/83/EU, Art. 9), which we count from the payment where that is later.
    Its own day doesn't count, and a period that would end on Saturday or Sunday ends with the next working day
    (Regulation (EEC, Euratom) 1182/71, Art. 3). Public holidays differ by country: they aren't looked up.
    """
    if order.paid_at is None:
        return None
    day = order.paid_at.astimezone(UTC).date() + timedelta(days=WITHDRAWAL_DAYS)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def may_withdraw(order: Order, *, at: datetime) -> bool:
    """Whether a statement that was made at `at` was in time: that day must not have ended anywhere."""
    day = last_day(order)
    return day is not None and at < datetime.combine(day + timedelta(days=1), time(), UTC) + _LAST_ZONE
