"""What of a refund is tax: in proportion, so that all refunds of an order together give back exactly its tax."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet, Sum

from payments.models import Attempt, Refund
from payments.refund_shares import Share
from shop import money
from shop.models import Order


def left_of(order: Order) -> Decimal:
    """What of the order's tax is neither given back nor asked to be."""
    return max(order.tax - _sum(Refund.objects.filter(attempt__order=order), "tax"), Decimal(0))


def _sum(asked: QuerySet[Refund], column: str) -> Decimal:
    return asked.exclude(state=Refund.State.FAILED).aggregate(sum=Sum(column))["sum"] or Decimal(0)


def of_units(attempt: Attempt, shares: Iterable[Share]) -> Decimal:
    """The tax of shares of the units that a payment pays for, at most what is left of the order's.

    The last of the order's money takes all that is left: after a refund that failed late, the parts of the seats that
    go back anew may differ by a cent from those before.
    """
    shares, order = list(shares), attempt.order
    amount, left = sum((share.amount for share in shares), Decimal(0)), left_of(order)
    if attempt.amount == order.total == amount + _sum(Refund.objects.filter(attempt=attempt), "amount"):
        return min(left, amount)
    return min(sum((share.tax for share in shares), Decimal(0)), left)


def of_amount(order: Order, amount: Decimal) -> Decimal:
    """The tax of an amount that belongs to no unit: as much of it as of the order, at most what is left."""
    if not order.total:
        return Decimal(0)
    tax = (amount * order.tax / order.total).quantize(money.quantum(order.currency), ROUND_HALF_UP)
    return min(tax, amount, left_of(order))
