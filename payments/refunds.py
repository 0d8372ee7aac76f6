"""Money given back: asked for under the order's lock, sent by a worker, and finished when the provider says so.

The exact parameters of the call are columns of the refund that never change, and its idempotency key is its id.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from accounts import key_pools, licenses
from accounts.models import Suspension
from payments import refund_seats, refund_tax
from payments.models import Attempt, Dispute, Refund, RefundUnit
from payments.money import named
from payments.refund_shares import Share, of_seats, units_left, within
from privacy import alerts
from shop import orders
from shop.models import Edition, Order, OrderEvent, OrderUnit

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

State = Refund.State
REASON = Suspension.Reason.REFUND_REQUESTED


def left_of(attempt: Attempt) -> Decimal:
    """What of a captured attempt can be given back, gross, in its currency: not what went back, is asked to, or was
    withdrawn by a dispute. Never less than nothing: a buyer may get a refund and win a dispute.
    """
    given = Refund.objects.filter(attempt=attempt).exclude(state=State.FAILED).aggregate(sum=Sum("amount"))["sum"]
    withdrawn = Dispute.objects.filter(attempt=attempt).aggregate(sum=Sum("withdrawn"))["sum"]
    return max(attempt.amount - (given or 0) - (withdrawn or 0), Decimal(0))


def request_units(attempt: Attempt, shares: list[Share], *, by: "AbstractBaseUser | None", reason: str) -> Refund:
    """Asks to give back these units, or seats of them, with their shares; see `attach_units`.

    The caller holds the order's lock. Raises IntegrityError at the commit where that is more than is left.
    """
    amount, tax = sum((share.amount for share in shares), Decimal(0)), refund_tax.of_units(attempt, shares)
    refund = _request(attempt, Refund.Kind.UNITS, amount, tax=tax, by=by, reason=reason)
    attach_units(refund, shares)
    return refund


def attach_units(refund: Refund, shares: list[Share]) -> None:
    """Says which units a refund is for. Their keys can't be used from now on, and those that wait for one get none.

    Where fewer seats go back than a unit has, it has fewer from now on, and its key works. The caller holds the order's
    lock.
    """
    RefundUnit.objects.bulk_create(
        RefundUnit(refund=refund, unit=share.unit, amount=share.amount, seats=_counted(share)) for share in shares
    )
    own, order = refund_seats.settle(share.unit for share in shares), refund.attempt.order
    key_pools.release_units([unit.pk for unit in own])
    licenses.suspend(own, reason=REASON, about=refund.about)
    waiting = OrderUnit.objects.filter(state__in=[OrderUnit.State.ORDERED, OrderUnit.State.BACKORDERED])
    waiting.filter(pk__in=[unit.pk for unit in own]).update(state=OrderUnit.State.REFUNDED)
    if not waiting.filter(line__order=order).exists():
        alerts.close_alert("backorder", order.number)


def _counted(share: Share) -> int | None:
    return share.seats if share.unit.line.sold_per == Edition.SoldPer.SEAT else None


def detach_units(refund: Refund) -> None:
    """Undoes `attach_units`, as the refund was not made: keys can be used again, and units without one wait again.

    Those of a paid order take what is in stock now. The caller holds the order's lock, and has moved the refund.
    """
    units, order = units_of(refund), refund.attempt.order
    give_seats_back(refund, units)
    licenses.lift(units, reason=REASON, about=refund.about)
    waiting = OrderUnit.State.BACKORDERED if order.paid_at else OrderUnit.State.ORDERED
    taken = OrderUnit.objects.filter(
        pk__in=[unit.pk for unit in units], state=OrderUnit.State.REFUNDED, license_keys__isnull=True
    )
    if taken.update(state=waiting) and order.state == Order.State.PAID:
        licenses.issue(order)


def give_seats_back(refund: Refund, units: list[OrderUnit]) -> None:
    """The seats of a refund that failed are the units' again: keys that others paused with the last seats aren't."""
    refund_seats.settle(units)
    for other in refund_seats.beside(refund, units):
        licenses.lift(units, reason=REASON, about=other.about)


def request_amount(
    attempt: Attempt, amount: Decimal, *, by: "AbstractBaseUser | None", reason: str, is_of_sale: bool = True
) -> Refund:
    """Asks to give back an amount that belongs to no unit: no key changes. The caller holds the order's lock.

    Money that never paid for the order, such as a second payment, isn't `is_of_sale` and bears no tax.
    """
    tax = refund_tax.of_amount(attempt.order, amount) if is_of_sale else Decimal(0)
    return _request(attempt, Refund.Kind.AMOUNT, amount, tax=tax, by=by, reason=reason)


def request_tax(attempt: Attempt, amount: Decimal, *, by: "AbstractBaseUser | None", reason: str) -> Refund:
    """Asks to give back tax alone, as where it wasn't owed: no unit and no key changes.

    The caller holds the order's lock. Raises IntegrityError at the commit where that is more than the order's tax.
    """
    return _request(attempt, Refund.Kind.TAX, amount, tax=amount, by=by, reason=reason)


def _request(
    attempt: Attempt, kind: str, amount: Decimal, *, tax: Decimal, by: "AbstractBaseUser | None", reason: str
) -> Refund:
    refund = Refund.objects.create(
        attempt=attempt, kind=kind, amount=amount, tax=tax, reason=reason[:200], requested_by_id=by.pk if by else None
    )
    orders.record(attempt.order, OrderEvent.Kind.REFUND_REQUESTED, by=by, detail=named(amount, attempt.currency))
    return refund


def give_back(order: Order, *, by: "AbstractBaseUser | None", reason: str) -> list[Refund]:
    """Asks to give back everything captured for an order and not given back yet. The caller holds the order's lock.

    The oldest attempt that holds money paid for the units; what it holds beyond them, and every other attempt, goes
    back as an amount.
    """
    made, units = [], units_left(order)
    for attempt in Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED).order_by("captured_at", "pk"):
        attempt.order = order
        left = left_of(attempt)
        paid = within(units, left, order.currency)
        if attempt.amount == 0:
            take_back_keys([share.unit for share in units], about=f"order:{order.pk}")
        elif paid:
            made.append(request_units(attempt, paid, by=by, reason=reason))
            left -= made[-1].amount
        if paid or attempt.amount == 0:
            units = []
        if left > 0:
            made.append(request_amount(attempt, left, by=by, reason=reason, is_of_sale=False))
    return made


def ask_again(refund_id: int, *, by: "AbstractBaseUser | None") -> bool:
    """Asks anew for a refund that failed, for the same units and seats, as far as they and the money are still here.

    False, and nothing done, where it didn't fail, was asked for again before, or nothing is left to give back.
    """
    with transaction.atomic():
        order = orders.lock(Attempt.objects.values_list("order_id", flat=True).get(refunds=refund_id))
        failed = Refund.objects.select_related("attempt", "repetition").get(pk=refund_id)
        attempt = failed.attempt
        attempt.order = order
        left = left_of(attempt)
        if not failed.can_be_repeated or left <= 0:
            return False
        units = within(_same_units(failed, order), left, order.currency)
        if units:
            again = request_units(attempt, units, by=by, reason=failed.reason)
        elif failed.kind == Refund.Kind.TAX:
            again = request_tax(attempt, min(failed.amount, left), by=by, reason=failed.reason)
        elif failed.kind == Refund.Kind.AMOUNT:
            again = request_amount(attempt, min(failed.amount, left), by=by, reason=failed.reason)
        else:
            return False
        again.repeats = failed
        again.save(update_fields=["repeats"])
        alerts.close_alert("refund_failed", str(failed.pk))
    return True


def _same_units(failed: Refund, order: Order) -> list[Share]:
    rows = {row.unit_id: row for row in failed.refund_units.select_related("unit__line")}
    shares = of_seats(order, {pk: row.seats or row.unit.line.seats for pk, row in rows.items()})
    return [share.cut_to(rows[share.unit.pk].amount, order.currency) for share in shares]


def take_back_keys(units: list[OrderUnit], *, about: str, reason: Suspension.Reason = REASON) -> None:
    """The units' keys end, or go back to stock, and the units are refunded. The caller holds the order's lock."""
    licenses.revoke(units, reason=reason, about=about)
    OrderUnit.objects.filter(pk__in=[unit.pk for unit in units]).update(state=OrderUnit.State.REFUNDED)


def units_of(refund: Refund) -> list[OrderUnit]:
    """The units that a refund is for, all of them or some seats."""
    return list(OrderUnit.objects.filter(refund_units__refund=refund).select_related("line"))
