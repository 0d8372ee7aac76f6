"""Coupons, carts and orders with them, for the tests."""

import uuid
from decimal import Decimal
from typing import Any

import pytest

from shop import checkout, payment_methods
from shop.cart import Cart
from shop.cart_store import Kept
from shop.models import Coupon, Edition, Order
from shop.tax import Buyer
from tests.shop import goods
from tests.shop.test_checkout import Method


class Free(Method):
    """For what costs nothing; never listed."""

    def is_offered(self, country: str, currency: str) -> bool:
        return False


def offer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ways to pay of these tests: two that are chosen, and the one for what costs nothing."""
    ways = [Method("card", eu_only=True), Method("paypal", eu_only=False), Free(payment_methods.FREE, eu_only=False)]
    monkeypatch.setattr(payment_methods, "_methods", {way.name: way for way in ways})


def coupon(code: str = "SPRING-10", *, percent: str | None = "10", amount: str | None = None, **fields: Any) -> Coupon:
    """A coupon of a tenth, or of an amount in EUR; `minimum` in EUR, `products` that it is for."""
    minimum, products = fields.pop("minimum", None), fields.pop("products", None)
    kind = Coupon.Kind.PERCENT if amount is None else Coupon.Kind.AMOUNT
    share = percent if amount is None else None
    made = Coupon.objects.create(code=code, kind=kind, percent=share, is_for_all=products is None, **fields)
    if amount is not None or minimum is not None:
        made.amounts.create(currency="EUR", amount=amount, minimum=minimum or 0)
    made.products.set(products or [])
    return made


def cart_of(*lines: tuple[Edition, int], code: str = "SPRING-10", country: str = "DE") -> Cart:
    kept = {edition.pk: Kept(count, Decimal(149)) for edition, count in lines}
    return Cart(kept, Buyer(country), "EUR", code=code)


def place(of: Cart, email: str = "ada@example.com", user: Any = None) -> Order:
    goods.terms()
    bought = checkout.Purchase(
        token=uuid.uuid4(),
        country="DE",
        party={"email": email, "name": "Ada Lovelace"},
        is_business=False,
        payment_method="card",
        delivery=Order.Delivery.SEALED,
        terms=goods.terms(),
        user=user,
        ip_country="DE",
        browser_family="Firefox",
    )
    return checkout.place(of, bought)
