"""Gives back the tax that was charged while nobody could say whether a VAT number is valid, and that isn't owed.

`shop` writes a row when VIES has confirmed the number; here it becomes a refund of kind `tax`, once. No key changes.
"""

import structlog
from django.db import transaction

from payments import refund_tax, refunds
from payments.models import Attempt, Refund
from shop import orders, vat_checks
from shop.models import Order

log = structlog.get_logger(__name__)
REASON = "The VAT number was confirmed: reverse charge."


def request_due() -> int:
    """Asks for the refund of every order's tax that has to go back; returns how many were asked for."""
    return sum(len(request(order_id)) for order_id in vat_checks.owing())


@transaction.atomic
def request(order_id: int) -> list[Refund]:
    """Asks to give back what is left of an order's tax; nothing where that was asked before, or it is back already."""
    order = orders.lock(order_id)
    if order.state != Order.State.PAID or not vat_checks.mark_returned(order):
        return []
    made = []
    left = refund_tax.left_of(order)
    for attempt in Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED).order_by("captured_at", "pk"):
        attempt.order = order
        amount = min(left, refunds.left_of(attempt))
        if amount > 0:
            made.append(refunds.request_tax(attempt, amount, by=None, reason=REASON))
            left -= amount
    log.info("tax goes back", order=order.number, count=len(made))
    return made


def is_of(refund: Refund) -> bool:
    """Whether a refund gives back tax because a VAT number was confirmed."""
    return refund.kind == Refund.Kind.TAX and refund.reason == REASON
