"""Which pieces say where a buyer is, and what becomes of an order on too few: a flag, never another tax."""

from decimal import Decimal

import pytest
from django.db import transaction

from privacy import clock
from privacy.models import Alert
from shop import evidence, orders
from shop.models import Order, OrderLine
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def paid(said: dict[str, str], **fields: object) -> Order:
    order = purchases.order((purchases.edition(), 1), evidence=said)
    OrderLine.objects.filter(order=order).update(tax_rule="eu_destination")
    Order.objects.filter(pk=order.pk).update(country=said["billing"], **fields)
    with transaction.atomic():
        locked = orders.lock(order.pk)
        orders.mark_paid(locked, at=clock.now())
    return locked


def flagged() -> list[str]:
    return list(Alert.objects.filter(kind="location_evidence").values_list("key", flat=True))


def sold_abroad(net: str, currency: str = "EUR") -> None:
    order = paid({"billing": "FR", "payment": "FR", "ip": "FR"}, currency=currency)
    OrderLine.objects.filter(order=order).update(net=net, tax=0, total=net)


@pytest.mark.promise("P6d")
@pytest.mark.parametrize(
    "said",
    [
        {"billing": "IE", "ip": "IE"},
        {"billing": "IE", "payment": "IE"},
        {"billing": "IE", "ip": "US", "payment": "IE"},
        {"billing": "IE", "ip": "US", "answer": "IE", "payment": "IE"},
        {"billing": "IE", "ip": "US", "answer": "US", "payment": "US"},
        {"billing": "MC", "ip": "FR"},
    ],
)
def test_two_that_agree_are_enough(said: dict[str, str]) -> None:
    sold_abroad("200000")
    paid(said)
    assert flagged() == []


@pytest.mark.parametrize(
    "said",
    [
        {"billing": "IE"},
        {"billing": "IE", "ip": "US"},
        {"billing": "IE", "ip": "US", "answer": "IE"},
        {"billing": "IE", "ip": "US", "answer": "US", "payment": "IE"},
        {"billing": "IE", "ip": "US", "payment": "CA"},
    ],
)
def test_fewer_flag_the_order_and_its_tax_stays(said: dict[str, str]) -> None:
    sold_abroad("200000")
    order = paid(said)
    assert flagged() == [order.number]
    order.refresh_from_db()
    assert (order.state, order.tax) == ("paid", Decimal(19))


def test_below_the_limit_one_piece_from_a_third_party_is_enough() -> None:
    said = {"billing": "IE", "ip": "US", "answer": "US", "payment": "US"}
    sold_abroad("99000")
    paid({**said, "ip": "CA"})
    assert flagged() == []
    paid({"billing": "IE", "ip": "US"})  # neither is from a third party
    assert len(flagged()) == 1


@pytest.mark.parametrize(
    ("net", "currency", "is_small"), [("100000", "EUR", False), ("66000", "GBP", True), ("67000", "GBP", False)]
)
def test_the_limit_counts_foreign_money_with_caution(net: str, currency: str, is_small: bool) -> None:
    sold_abroad(net, currency)
    sold_abroad("1" if currency == "EUR" else "0", "EUR")
    assert evidence.sales_are_small(clock.now()) is is_small


def test_a_business_under_the_reverse_charge_needs_no_evidence() -> None:
    paid({"billing": "FR"}, is_business=True, net=100, tax=0, total=100)
    assert flagged() == []


def test_what_costs_nothing_needs_none() -> None:
    paid({"billing": "FR"}, net=0, tax=0, total=0)
    assert flagged() == []
