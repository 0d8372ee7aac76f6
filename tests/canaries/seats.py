"""A unit that is sold per seat, of which some went back: rows that break one rule about seats, and no other."""

from decimal import Decimal

from django.db import connection

from accounts.models import License
from payments.models import Attempt, Refund, RefundUnit
from privacy import clock
from shop.models import OrderUnit
from tests.accounts import purchases


def _paid() -> Attempt:
    """Five seats for 595.00 EUR."""
    order = purchases.paid((purchases.edition(sold_per="seat"), 5))
    paid = {"state": "captured", "captured_at": clock.now(), "amount": Decimal(595), "currency": "EUR"}
    return Attempt.objects.create(order=order, number=1, provider="stripe", **paid)


def _refund(attempt: Attempt, seats: int, amount: str) -> RefundUnit:
    made = Refund.objects.create(attempt=attempt, kind="units", amount=Decimal(amount))
    unit = purchases.units_of(attempt.order)[0]
    return RefundUnit.objects.create(refund=made, unit=unit, amount=Decimal(amount), seats=seats)


def _count(attempt: Attempt, seats: int, *, of_license: int | None = None) -> None:
    unit = purchases.units_of(attempt.order)[0]
    OrderUnit.objects.filter(pk=unit.pk).update(seats=seats)
    License.objects.filter(unit=unit).update(seats=of_license or seats)


def that_stay_with_the_unit() -> None:
    """The refund takes two seats, unit and license have five."""
    _refund(_paid(), 2, "238.00")


def that_cost_more() -> None:
    """One seat for more than a fifth of what all five cost."""
    attempt = _paid()
    _refund(attempt, 1, "119.01")
    _count(attempt, 4)


def that_nobody_gave_back() -> None:
    """Unit and license have one less, and no refund says why."""
    _count(_paid(), 4)


def that_a_failure_kept() -> None:
    """The refund of two seats failed, and they are missing still."""
    attempt = _paid()
    row = _refund(attempt, 2, "238.00")
    _count(attempt, 3)
    connection.check_constraints()  # until then all is well
    Refund.objects.filter(pk=row.refund_id).update(state="failed")


def that_the_license_keeps() -> None:
    """The unit has two less, its license as many as before."""
    attempt = _paid()
    _refund(attempt, 2, "238.00")
    OrderUnit.objects.filter(line__order=attempt.order).update(seats=3)


def of_the_license_alone() -> None:
    """The license has more than its unit."""
    License.objects.filter(unit__line__order=_paid().order).update(seats=6)
