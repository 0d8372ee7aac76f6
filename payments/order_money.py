"""Answers the shop's questions about an order's money."""

from typing import TYPE_CHECKING

from payments import refunds, settlement
from payments.models import Attempt
from privacy import clock
from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class Money:
    """See `shop.order_money.OrderMoney`: every method is called under the order's lock."""

    def is_captured(self, order: Order) -> bool:
        """Whether an attempt is captured and not fully given back; one of a free order holds nothing and counts."""
        captured = Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED)
        return any(attempt.amount == 0 or refunds.left_of(attempt) > 0 for attempt in captured)

    def fulfil(self, order: Order) -> None:
        """Marks a captured order as paid, at the time its money came, and assigns its keys."""
        first = Attempt.objects.filter(order=order, captured_at__isnull=False).order_by("captured_at").first()
        settlement.fulfil(order, at=first.captured_at if first and first.captured_at else clock.now())

    def give_back(self, order: Order, *, by: "AbstractBaseUser | None", reason: str) -> None:
        """Writes the refunds of all that is left; a worker submits them after the commit."""
        refunds.give_back(order, by=by, reason=reason)
