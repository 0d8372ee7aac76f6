"""Coupons: finding one by what was typed, what it takes off a cart's lines, and its use by an order (docs/coupons.md).

Everything is reckoned in prices of the catalog, before any tax: the tax is then that of what is paid (Directive
2006/112/EC, Art. 79(b)).
"""

import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, connection, transaction
from django.db.models import F, FilteredRelation, OuterRef, Q

from privacy import clock
from shop import money, words
from shop.models import Coupon, CouponUse, Order, OrderEvent, OrderLine
from shop.models.coupons import INSTEAD, LOOK_ALIKES

NOTHING = Decimal(0)
LONGEST = 60
UNKNOWN = "We don’t know this code. Please check how it is written."
#: Signs of new codes: none that looks like another.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_USED_UP, _USED_BY_PERSON = "coupon_within_most_uses", "couponuse_within_most_per_person"


class Refused(Exception):
    """A code that can't be used now. The text is a sentence for the buyer."""


def folded(typed: str) -> str:
    """What was typed as codes are looked for: in one case, without spaces and hyphens, one sign for all look-alikes."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).upper()
    kept = "".join(sign for sign in plain if sign.isascii() and sign.isalnum())
    return kept.translate(str.maketrans(LOOK_ALIKES, INSTEAD))


def new_code() -> str:
    """A code that nobody guesses: 47 random bits."""
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


# --- What it takes off ------------------------------------------------------------------------------------------------


class Offer:
    """A coupon as it stands for a cart in one currency."""

    def __init__(self, coupon: Coupon, currency: str) -> None:
        self.coupon, self.currency = coupon, currency
        self.amount: Decimal | None = coupon.amount_here  # type: ignore[attr-defined]  # as `find` reads it
        self.minimum: Decimal = coupon.minimum_here or NOTHING  # type: ignore[attr-defined]
        self.products: frozenset[int] | None = (
            None if coupon.is_for_all else frozenset(coupon.product_ids)  # type: ignore[attr-defined]
        )

    @property
    def code(self) -> str:
        return self.coupon.code

    def shares(self, lines: Sequence[tuple[int, Decimal]]) -> list[Decimal]:
        """What it takes off each line, which is a product's id and what the line costs in prices of the catalog.

        They sum to the share or the amount exactly, and never to more than the lines cost. Raises Refused.
        """
        costs = [cost if self.products is None or product in self.products else NOTHING for product, cost in lines]
        whole = sum(costs, NOTHING)
        if self.coupon.kind == Coupon.Kind.AMOUNT and self.amount is None:
            raise Refused(f"The code {self.code} isn’t for prices in {words.currency(self.currency)}.")
        if whole <= 0:
            raise Refused(f"The code {self.code} isn’t for the tools in your cart.")
        if whole < self.minimum:
            least = words.money(self.minimum, self.currency)
            what = "your cart" if self.products is None else "the tools it is for"
            raise Refused(f"The code {self.code} counts from a list price of {least} on, for {what}.")
        off = self.amount if self.amount is not None else whole * (self.coupon.percent or NOTHING) / 100
        off = min(money.rounded(off, self.currency), whole)
        if off <= 0:
            raise Refused(f"The code {self.code} takes nothing off a price this small.")
        return money.shared(off, costs, self.currency)


def find(typed: str, currency: str) -> Offer:
    """The coupon of a code as it was typed, if it can be used today. Raises Refused."""
    code = folded(typed)
    here = {"here": FilteredRelation("amounts", condition=Q(amounts__currency=currency))}
    products = Coupon.products.through.objects.filter(coupon=OuterRef("pk")).values("product")
    found = (
        Coupon.objects.annotate(**here)
        .annotate(amount_here=F("here__amount"), minimum_here=F("here__minimum"), product_ids=ArraySubquery(products))
        .filter(folded=code)
        .first()
        if code
        else None
    )
    if found is None:
        raise Refused(UNKNOWN)
    if why := _why_not(found):
        raise Refused(why)
    return Offer(found, currency)


def _why_not(coupon: Coupon) -> str:
    today = clock.today()
    if not coupon.is_active:
        return f"The code {coupon.code} was withdrawn and counts no more."
    if today < coupon.valid_from:
        return f"The code {coupon.code} counts from {words.day(coupon.valid_from)} on."
    if coupon.valid_until is not None and today > coupon.valid_until:
        return f"The code {coupon.code} ended on {words.day(coupon.valid_until)}."
    if coupon.most_uses is not None and coupon.uses >= coupon.most_uses:
        return _used_up(coupon)
    return ""


def _used_up(coupon: Coupon) -> str:
    return f"The code {coupon.code} was used as often as it may be, and counts no more."


def _used_by_person(coupon: Coupon) -> str:
    often = "once" if coupon.most_per_person == 1 else f"{coupon.most_per_person} times"
    return (
        f"The code {coupon.code} can be used {often} by each person, and you have. An order of yours that waits for "
        "its payment counts until its time ends."
    )


# --- Its use ----------------------------------------------------------------------------------------------------------


def use(order: Order, coupon: Coupon) -> None:
    """Counts the coupon for an order with its party, in their transaction: the database refuses a use too many.

    The coupon stays locked until the commit, so this is one of the last things that a transaction does. Raises Refused.
    """
    try:
        with transaction.atomic():
            CouponUse(order=order, coupon=coupon).save(force_insert=True)
    except IntegrityError as error:
        sentences = {_USED_UP: _used_up, _USED_BY_PERSON: _used_by_person}
        sentence = sentences.get(_constraint(error))
        if sentence is None:
            raise
        raise Refused(sentence(coupon)) from error


def give_back(order: Order) -> bool:
    """Frees the use of an order that ends unpaid. The caller holds the order's lock. False where it has none."""
    if not order.discount:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shop_couponuse SET given_back_at = %s WHERE order_id = %s AND given_back_at IS NULL",
            [clock.now(), order.pk],
        )
        is_free = cursor.rowcount > 0
    if is_free:
        OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.COUPON_RETURNED, detail=code_of(order))
    return is_free


def count_again(order: Order) -> bool:
    """Takes the use again of an order whose money comes after all. The caller holds the order's lock.

    False where others have used the coupon up meanwhile, or the same person: then it stays given back.
    """
    if not order.discount:
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE shop_couponuse SET given_back_at = NULL WHERE order_id = %s AND given_back_at IS NOT NULL",
                [order.pk],
            )
            is_again = cursor.rowcount > 0
    except IntegrityError as error:
        if _constraint(error) not in {_USED_UP, _USED_BY_PERSON}:
            raise
        return False
    if is_again:
        OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.COUPON_COUNTED, detail=code_of(order))
    return True


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


# --- In words ---------------------------------------------------------------------------------------------------------


def code_of(order: Order) -> str:
    """The code of the coupon that an order has; empty where it has none."""
    if not order.discount:
        return ""
    found = CouponUse.objects.filter(order=order).values_list("coupon__code", flat=True).first()
    return found or ""


def name(code: str) -> str:
    """How the line of a discount is named."""
    return f"Discount, code {code}" if code else "Discount"


def lines_off(order: Order, lines: Iterable[OrderLine]) -> list[tuple[str, Decimal]]:
    """The line that an order's page, its receipt and its mails show between lines and taxes: below zero, without tax.

    Empty where nothing was taken off.
    """
    if not order.discount:
        return []
    return [(name(code_of(order)), -sum((line.discount_net for line in lines), NOTHING))]
