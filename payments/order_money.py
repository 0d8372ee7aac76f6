"""Answers the shop's questions about an order's money."""

from typing import TYPE_CHECKING

from payments import disputes, refunds, settlement
from payments.models import Attempt, Dispute
from privacy import clock
from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class Money:
    """See `shop.order_money.OrderMoney`: every method is called under the order's lock."""

    def is_captured(self, order: Order) -> bool:
        """Whether an attempt is captured and not fully given back; one of a free order holds nothing and counts."""
        return bool(_holding(order))

    def fulfil(self, order: Order) -> None:
        """Marks a captured order as paid, at the time its money came, and assigns its keys.

        While it was held, more than one payment may have arrived. The oldest pays, or the oldest against which there
        was no objection; every other goes back.
        """
        paying, *others = sorted(_holding(order), key=lambda attempt: bool(attempt.problem))
        settlement.fulfil(order, at=paying.captured_at or clock.now())
        disputes.keep(order)
        for second in others:
            settlement.return_second(order, second)

    def give_back(self, order: Order, *, by: "AbstractBaseUser | None", reason: str) -> None:
        """Writes the refunds of all that is left; a worker submits them after the commit."""
        refunds.give_back(order, by=by, reason=reason)


def _holding(order: Order) -> list[Attempt]:
    """The captured attempts that still hold money, or never held any; the oldest first."""
    captured = Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED).order_by("captured_at", "pk")
    return [
        attempt for attempt in captured if attempt.amount == 0 or refunds.left_of(attempt) > 0 or _is_disputed(attempt)
    ]


def _is_disputed(attempt: Attempt) -> bool:
    """Whether a dispute is open about it: what the provider has withdrawn for that may come back."""
    return Dispute.objects.filter(attempt=attempt, state=Dispute.State.OPEN).exists()
