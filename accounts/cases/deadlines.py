"""Until when we answer, and until when a consumer may withdraw."""

from datetime import date, datetime, timedelta

from accounts.models import Case
from shop import withdrawal_period
from shop.models import Order

#: A withdrawal is paid back within 14 days (Directive 2011/83/EU, Art. 13(1)); the others are the house's own aims.
DUE = {Case.Kind.WITHDRAWAL: 14, Case.Kind.REFUND: 7, Case.Kind.COMPLAINT: 7, Case.Kind.QUESTION: 3}
#: So long after a case was closed its customer's answer opens it again.
REOPENS = timedelta(days=30)
#: After so long a withdrawal that names an order of its address goes to a person, confirmed or not.
HAND_OVER = timedelta(days=3)
#: So long a request from the form waits to be confirmed.
UNPROVEN = timedelta(days=14)


def due(kind: str, moment: datetime) -> datetime:
    """Until when a case of this kind is answered that came, or came again, at `moment`."""
    return moment + timedelta(days=DUE[Case.Kind(kind)])


def last_day(order: Order) -> date | None:
    """The last day on which a consumer may withdraw; None while nothing was paid."""
    return withdrawal_period.last_day(order.paid_at, order.country) if order.paid_at else None


def may_withdraw(order: Order, *, at: datetime) -> bool:
    """Whether a statement that was made at `at` was in time."""
    return order.paid_at is not None and withdrawal_period.runs(order.paid_at, order.country, at=at)
