"""Coupons and their uses that PostgreSQL must refuse."""

from collections.abc import Callable
from functools import partial
from typing import Any

from shop.models import Coupon, CouponUse, Order

TABLES = ("shop_coupon", "shop_couponamount", "shop_couponuse")
#: What makes a copy of a row a legal row of its own. A coupon has a generated column and is changed instead.
OWN: dict[str, dict[str, Any]] = {"shop_couponamount": {"currency": "USD"}, "shop_couponuse": {"order_id": -1}}
CHANGES: dict[str, dict[str, Any]] = {
    "coupon_code_is_plain": {"code": "=1+1"},
    "coupon_percent_of_kind": {"percent": None},
    "coupon_has_days": {"valid_until": "1999-01-01"},
    "coupon_within_most_uses": {"uses": 6},
    "coupon_person_has_uses": {"most_per_person": 0},
    "shop_coupon_uses_check": {"uses": -1},
}
#: Django's own checks that a positive number isn't negative, which stricter ones repeat.
SAID_TWICE = {"shop_coupon_most_uses_check", "shop_coupon_most_per_person_check"}


def make(order: Order) -> None:
    """A coupon that the order has, each row legal."""
    coupon = Coupon.objects.create(code="SPRING-10", percent=10, most_uses=5)
    coupon.amounts.create(currency="EUR", minimum=20)
    CouponUse.objects.create(coupon=coupon, order=order)


def _look_alike() -> None:
    Coupon.objects.create(code="SPR1NG-IO", percent=10)


def illegal(
    copy: Callable[[str, dict[str, Any]], None], change: Callable[[str, dict[str, Any]], None], keep: object
) -> dict[str, Callable[[], None]]:
    """By guard, what it refuses."""
    amount = partial(copy, "shop_couponamount")
    return {
        **{name: partial(change, "shop_coupon", changed) for name, changed in CHANGES.items()},
        "shop_coupon_folded_key": _look_alike,
        "couponamount_currency_once": partial(amount, {"currency": keep}),
        "couponamount_takes_something": partial(amount, {"amount": 0}),
        "couponamount_minimum_not_negative": partial(amount, {"minimum": -1}),
        "shop_couponuse_order_id_key": partial(copy, "shop_couponuse", {"order_id": keep}),
        "shop_couponuse_counts": partial(change, "shop_couponuse", {"order_id": -1}),
    }
