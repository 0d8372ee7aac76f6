"""Money given back: asked for under the order's lock, sent by a worker, and finished when the provider says so.

The exact parameters of the call are columns of the refund that never change, and its idempotency key is its id.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from accounts import key_pools, licenses
from accounts.models import Suspension
from payments import refund_tax
from payments.models import Attempt, Dispute, Refund, RefundUnit
from privacy import alerts
from shop import money, orders
from shop.models import Order, OrderEvent, OrderLine, OrderUnit

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


def shares(line: OrderLine, units: Iterable[OrderUnit], currency: str) -> dict[int, Decimal]:
    """What each unit of a line cost, gross, by the unit's id: equal parts, the first ones bear what doesn't divide.

    `units` are all of the line, so that the parts sum to its total.
    """
    in_order = sorted(units, key=lambda unit: unit.position)
    part = money.quantum(currency)
    each, rest = divmod(int(line.total / part), len(in_order))
    return {unit.pk: (each + (place < rest)) * part for place, unit in enumerate(in_order)}


def units_left(order: Order) -> list[tuple[OrderUnit, Decimal]]:
    """The units that are neither refunded nor asked to be, each with its share."""
    by_line: dict[OrderLine, list[OrderUnit]] = {}
    for unit in OrderUnit.objects.filter(line__order=order).select_related("line").order_by("line_id", "position"):
        by_line.setdefault(unit.line, []).append(unit)
    asked = _asked(order)
    return [
        (unit, share[unit.pk])
        for line, units in by_line.items()
        for share in [shares(line, units, order.currency)]
        for unit in units
        if unit.pk not in asked and unit.state != OrderUnit.State.REFUNDED
    ]


def _asked(order: Order) -> set[int]:
    """The ids of the units that are given back, or asked to be."""
    rows = RefundUnit.objects.filter(unit__line__order=order).exclude(refund__state=State.FAILED)
    return set(rows.values_list("unit_id", flat=True))


def request_units(
    attempt: Attempt, units: list[tuple[OrderUnit, Decimal]], *, by: "AbstractBaseUser | None", reason: str
) -> Refund:
    """Asks to give back these units with their shares; see `attach_units`.

    The caller holds the order's lock. Raises IntegrityError at the commit where that is more than is left.
    """
    amount, tax = sum((share for _, share in units), Decimal(0)), refund_tax.of_units(attempt.order, units)
    refund = _request(attempt, Refund.Kind.UNITS, amount, tax=tax, by=by, reason=reason)
    attach_units(refund, units)
    return refund


def attach_units(refund: Refund, units: list[tuple[OrderUnit, Decimal]]) -> None:
    """Says which units a refund is for. Their keys can't be used from now on, and those that wait for one get none.

    The caller holds the order's lock.
    """
    RefundUnit.objects.bulk_create(RefundUnit(refund=refund, unit=unit, amount=share) for unit, share in units)
    own, order = [unit for unit, _ in units], refund.attempt.order
    key_pools.release_units([unit.pk for unit in own])
    licenses.suspend(own, reason=REASON, about=refund.about)
    waiting = OrderUnit.objects.filter(state__in=[OrderUnit.State.ORDERED, OrderUnit.State.BACKORDERED])
    waiting.filter(pk__in=[unit.pk for unit in own]).update(state=OrderUnit.State.REFUNDED)
    if not waiting.filter(line__order=order).exists():
        alerts.close_alert("backorder", order.number)


def detach_units(refund: Refund) -> None:
    """Undoes `attach_units`, as the refund was not made: keys can be used again, and units without one wait again.

    Those of a paid order take what is in stock now. The caller holds the order's lock.
    """
    units, order = units_of(refund), refund.attempt.order
    licenses.lift(units, reason=REASON, about=refund.about)
    waiting = OrderUnit.State.BACKORDERED if order.paid_at else OrderUnit.State.ORDERED
    taken = OrderUnit.objects.filter(
        pk__in=[unit.pk for unit in units], state=OrderUnit.State.REFUNDED, license_keys__isnull=True
    )
    if taken.update(state=waiting) and order.state == Order.State.PAID:
        licenses.issue(order)


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
    orders.record(attempt.order, OrderEvent.Kind.REFUND_REQUESTED, by=by, detail=f"{amount} {attempt.currency}")
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
        paid = within(units, left)
        if attempt.amount == 0:
            take_back_keys([unit for unit, _ in units], about=f"order:{order.pk}")
        elif paid:
            made.append(request_units(attempt, paid, by=by, reason=reason))
            left -= made[-1].amount
        if paid or attempt.amount == 0:
            units = []
        if left > 0:
            made.append(request_amount(attempt, left, by=by, reason=reason, is_of_sale=False))
    return made


def within(units: list[tuple[OrderUnit, Decimal]], left: Decimal) -> list[tuple[OrderUnit, Decimal]]:
    """All units, the last shares cut to what is left of the money: an amount may have gone back before."""
    cut = []
    for unit, share in units if left > 0 else []:
        cut.append((unit, min(share, left)))
        left -= cut[-1][1]
    return cut


def ask_again(refund_id: int, *, by: "AbstractBaseUser | None") -> bool:
    """Asks anew for a refund that failed, for the same units, as far as they and the money didn't go back otherwise.

    False, and nothing done, where it didn't fail, was asked for again before, or nothing is left to give back.
    """
    with transaction.atomic():
        order = orders.lock(Attempt.objects.values_list("order_id", flat=True).get(refunds=refund_id))
        failed = Refund.objects.select_related("attempt", "repetition").get(pk=refund_id)
        attempt, asked = failed.attempt, _asked(order)
        attempt.order = order
        left = left_of(attempt)
        if not failed.can_be_repeated or left <= 0:
            return False
        rows = failed.refund_units.select_related("unit__line")
        units = within([(row.unit, row.amount) for row in rows if row.unit_id not in asked], left)
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


def take_back_keys(units: list[OrderUnit], *, about: str, reason: Suspension.Reason = REASON) -> None:
    """The units' keys end, or go back to stock, and the units are refunded. The caller holds the order's lock."""
    licenses.revoke(units, reason=reason, about=about)
    OrderUnit.objects.filter(pk__in=[unit.pk for unit in units]).update(state=OrderUnit.State.REFUNDED)


def units_of(refund: Refund) -> list[OrderUnit]:
    """The units that a refund is for."""
    return list(OrderUnit.objects.filter(refund_units__refund=refund))
