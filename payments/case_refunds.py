"""Giving money back for a request of a customer: what `accounts.cases` asks for, and what became of it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import transaction

from accounts import cases
from accounts.cases.actions import Asked, Offer
from payments import refund_plans, refund_shares, refunds
from payments.models import Refund
from payments.refund_plans import NotPossible, What, Wish
from shop import words
from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class Refunds:
    """See `accounts.cases.actions.Refunds`."""

    permission = "payments.request_refund"

    def offers(self, order: Order) -> list[Offer]:
        """One for each line of which something is left."""
        shares = sorted(refund_shares.units_left(order), key=lambda share: share.unit.line_id)
        found = []
        for line, of_line in groupby(shares, key=lambda share: share.unit.line):
            some = list(of_line)
            amount = words.money(sum((share.amount for share in some), Decimal(0)), order.currency)
            found.append(Offer(line.pk, f"{line.product_name} {line.edition_name}, {_count(some)}", amount))
        return found

    def ask(
        self,
        order: Order,
        *,
        units: Sequence[int] = (),
        seats: Mapping[int, int] | None = None,
        lines: Sequence[int] = (),
        by: "AbstractBaseUser | None",
        reason: str,
    ) -> Asked:
        """Asks for the refund; the worker that submits refunds finds it."""
        try:
            with transaction.atomic():
                plan = refund_plans.make(order, Wish(What.UNITS, units=units, lines=lines, seats=seats or {}))
                made = refunds.request_units(plan.attempt, plan.units, by=by, reason=reason)
        except NotPossible as sentence:
            raise cases.CannotDo(str(sentence)) from None
        return Asked(made.about, words.money(made.amount, plan.attempt.currency))


def _count(shares: Sequence[refund_shares.Share]) -> str:
    first = shares[0]
    if len(shares) == 1:
        return words.seats(first.seats)
    return f"{len(shares)} licenses"


def tell(refund: Refund, *, succeeded: bool) -> None:
    """Tells the case for which a refund was made how it ended; asked for anew, it stands for the failed one."""
    first = refund
    while first.repeats is not None:
        first = first.repeats
    cases.refund_ended(first.about, succeeded=succeeded)
