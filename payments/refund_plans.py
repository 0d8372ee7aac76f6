"""What a refund would do, before anybody does it: money, tax, and what becomes of each key."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import LicenseKey
from payments import refund_shares, refund_tax, refunds
from payments.models import Attempt, Refund
from payments.refund_shares import Share
from shop import money, orders, words
from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class What(StrEnum):
    """What is given back."""

    EVERYTHING = "everything"
    UNITS = "units"
    AMOUNT = "amount"
    TAX = "tax"


class NotPossible(Exception):
    """This can't be given back. The text is a sentence for the person who wanted it."""


@dataclass(frozen=True)
class Wish:
    """What a person wants to give back: by lines and units (ids), or an amount, gross, in the order's currency.

    `seats`: of units that are sold per seat, how many of each (by its id).
    """

    what: What
    lines: Collection[int] = ()
    units: Collection[int] = ()
    seats: Mapping[int, int] = field(default_factory=dict)
    amount: Decimal | None = None


@dataclass(frozen=True)
class Plan:
    """The refund of a wish: `left` is what of the payment can be given back before it."""

    attempt: Attempt
    kind: Refund.Kind
    amount: Decimal
    tax: Decimal
    left: Decimal
    units: list[Share] = field(default_factory=list)


def make(order: Order, wish: Wish) -> Plan:
    """The plan of a wish, as things are now. Raises NotPossible."""
    attempt, left = _payment(order)
    if wish.what in {What.EVERYTHING, What.UNITS}:
        return _of_units(order, wish, attempt, left)
    wanted = wish.amount if wish.amount is not None else refund_tax.left_of(order)
    if wanted != money.rounded(wanted, order.currency):
        raise NotPossible(f"{order.currency} has no smaller part than {money.quantum(order.currency)}.")
    if wanted <= 0:
        raise NotPossible("Type an amount above zero." if wish.what == What.AMOUNT else "No tax is left to give back.")
    if wanted > left:
        raise NotPossible(f"Of this payment {words.money(left, order.currency)} are left. Type that or less.")
    if wish.what == What.AMOUNT:
        return Plan(attempt, Refund.Kind.AMOUNT, wanted, refund_tax.of_amount(order, wanted), left)
    if wanted > refund_tax.left_of(order):
        tax = words.money(refund_tax.left_of(order), order.currency)
        raise NotPossible(f"Of the tax {tax} are left. Type that or less.")
    return Plan(attempt, Refund.Kind.TAX, wanted, wanted, left)


def _payment(order: Order) -> tuple[Attempt, Decimal]:
    """The payment that money goes back to: the one that pays for the order, else the oldest that holds any."""
    captured = Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED).order_by("captured_at", "pk")
    holding = [(attempt, left) for attempt in captured if (left := refunds.left_of(attempt)) > 0]
    if not holding:
        raise NotPossible("Nothing that was paid for this order is left to give back.")
    attempt, left = min(holding, key=lambda found: bool(found[0].problem))
    attempt.order = order
    return attempt, left


def _of_units(order: Order, wish: Wish, attempt: Attempt, left: Decimal) -> Plan:
    there = refund_shares.units_left(order)
    if wish.what == What.UNITS:
        there = _chosen(order, wish, there)
    if not there:
        raise NotPossible("Choose at least one line or unit that was not given back.")
    units = refund_shares.within(there, left, order.currency)
    amount = sum((share.amount for share in units), Decimal(0))
    if amount <= 0:
        raise NotPossible("Nothing of the money for these units is left to give back.")
    return Plan(attempt, Refund.Kind.UNITS, amount, refund_tax.of_units(attempt, units), left, units)


def _chosen(order: Order, wish: Wish, there: list[Share]) -> list[Share]:
    """Whole units by line or unit, and of the others the seats that are wished for. Raises NotPossible."""
    left = {share.unit.pk: share for share in there}
    whole = {pk for pk, share in left.items() if pk in wish.units or share.unit.line_id in wish.lines}
    some = {pk: seats for pk, seats in wish.seats.items() if pk in left and pk not in whole}
    for pk, seats in some.items():
        if seats > left[pk].seats:
            name = left[pk].unit.line.product_name
            raise NotPossible(f"Of {name} {words.seats(left[pk].seats)} are left. Type that or less.")
    return refund_shares.of_seats(order, {pk: some.get(pk, left[pk].seats) for pk in left if pk in whole or pk in some})


def carry_out(order_id: int, wish: Wish, *, previewed: Plan, by: "AbstractBaseUser", reason: str) -> Refund:
    """Asks for the refund of a wish, if it is still what was previewed.

    A second sending of the same page finds less left, and asks for nothing. Raises NotPossible.
    """
    with transaction.atomic():
        order = orders.lock(order_id)
        plan = make(order, wish)
        if (plan.left, plan.amount, plan.tax) != (previewed.left, previewed.amount, previewed.tax):
            raise NotPossible("Something was given back meanwhile. Look at this again before you go on.")
        if plan.kind == Refund.Kind.UNITS:
            return refunds.request_units(plan.attempt, plan.units, by=by, reason=reason)
        request = refunds.request_tax if plan.kind == Refund.Kind.TAX else refunds.request_amount
        return request(plan.attempt, plan.amount, by=by, reason=reason)


def consequences(plan: Plan) -> list[tuple[Share, str]]:
    """Each share of a plan, and what becomes of the unit's key."""
    own = [share.unit.pk for share in plan.units]
    keys = LicenseKey.objects.filter(unit__in=own, state__in=["assigned", "suspended"])
    of_unit = {key.unit_id: key for key in keys.defer("ciphertext", "digest")}
    return [(share, _of_key(of_unit.get(share.unit.pk), share)) for share in plan.units]


def _of_key(key: LicenseKey | None, share: Share) -> str:
    stays = share.unit.seats - share.seats
    if stays > 0:
        fewer = f"{words.seats(share.seats)} less"
        return (
            f"{fewer}, {key} stays good for {words.seats(stays)}"
            if key
            else f"{fewer}, {words.seats(stays)} wait for a key"
        )
    if key is None:
        return "waits for a key, and gets none"
    if key.is_generated or key.opened_at is not None:
        return f"{key} stops working"
    return f"{key} goes back to stock, sealed"
