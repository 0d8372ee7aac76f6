"""What of a refund is tax: in proportion, so that all refunds of an order together give back exactly its tax."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum

from payments.models import Refund
from shop import money
from shop.models import Edition, Order, OrderLine, OrderUnit


def left_of(order: Order) -> Decimal:
    """What of the order's tax is neither given back nor asked to be."""
    asked = Refund.objects.filter(attempt__order=order).exclude(state=Refund.State.FAILED)
    given = asked.aggregate(sum=Sum("tax"))["sum"] or Decimal(0)
    return max(order.tax - given, Decimal(0))


def of_units(order: Order, units: Iterable[tuple[OrderUnit, Decimal]]) -> Decimal:
    """The tax of these units with their gross shares, at most what is left of the order's."""
    tax = sum((_of_unit(unit, share, order.currency) for unit, share in units), Decimal(0))
    return min(tax, left_of(order))


def _of_unit(unit: OrderUnit, share: Decimal, currency: str) -> Decimal:
    """Equal parts of the line's tax, the first units bear what doesn't divide; less where the share was cut."""
    line, part = unit.line, money.quantum(currency)
    whole, cost = _equal_part(line, line.tax, unit, part), _equal_part(line, line.total, unit, part)
    return whole if share >= cost else (whole * share / cost).quantize(part, ROUND_HALF_UP)


def _equal_part(line: OrderLine, whole: Decimal, unit: OrderUnit, part: Decimal) -> Decimal:
    count = 1 if line.sold_per == Edition.SoldPer.SEAT else line.quantity
    each, rest = divmod(int(whole / part), count)
    return (each + (unit.position <= rest)) * part


def of_amount(order: Order, amount: Decimal) -> Decimal:
    """The tax of an amount that belongs to no unit: as much of it as of the order, at most what is left."""
    if not order.total:
        return Decimal(0)
    tax = (amount * order.tax / order.total).quantize(money.quantum(order.currency), ROUND_HALF_UP)
    return min(tax, amount, left_of(order))
