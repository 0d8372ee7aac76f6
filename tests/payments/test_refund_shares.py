"""What units and their seats cost: exact to the cent, whatever goes back first, fails or was cut."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from payments import refund_shares
from payments.models import Attempt
from payments.refund_shares import Share
from shop.models import Order, OrderLine, OrderUnit
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.giving_back import ask_seats
from tests.payments.paying import Till

CENT = Decimal("0.01")


def test_parts_sum_to_the_whole_and_differ_by_a_cent_at_most() -> None:
    assert refund_shares.equal_parts(Decimal("100.00"), 3, "EUR") == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    assert refund_shares.equal_parts(Decimal(100), 3, "JPY") == [34, 33, 33]


def seats_of(cost: Decimal, tax: Decimal, seats: int, before: int, given_amount: Decimal, count: int) -> Share:
    unit: Any = SimpleNamespace(line=SimpleNamespace(seats=seats))
    sold = refund_shares._Sold(unit, cost, tax)
    return refund_shares._share(sold, refund_shares._Given(before, given_amount), count, CENT)


@given(
    cents=st.integers(1, 10**7),
    percent=st.integers(0, 27),
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=12),
)
@example(cents=4, percent=15, counts=[2, 1, 1, 1])  # the tax's cent would fall to the seat that costs nothing
def test_however_seats_go_back_they_cost_what_the_unit_did(cents: int, percent: int, counts: list[int]) -> None:
    """Any order of any numbers: to the cent in sum, and each within a cent of its part."""
    cost, seats = cents * CENT, sum(counts)
    tax = (cost * percent / (100 + percent)).quantize(CENT)
    gone, amount, taxes = 0, Decimal(0), Decimal(0)
    for count in counts:
        share = seats_of(cost, tax, seats, gone, amount, count)
        assert abs(share.amount - cost * count / seats) < CENT
        assert 0 <= share.tax <= share.amount
        gone, amount, taxes = gone + count, amount + share.amount, taxes + share.tax
    assert (amount, taxes) == (cost, tax)


@given(cents=st.integers(1, 10**5), counts=st.lists(st.integers(1, 9), min_size=2, max_size=6), data=st.data())
def test_after_any_failure_no_seat_costs_more_than_it_did(cents: int, counts: list[int], data: st.DataObject) -> None:
    cost, seats = cents * CENT, sum(counts)
    made: list[Share] = []
    for count in counts:
        made.append(seats_of(cost, Decimal(0), seats, _gone(made), _amount(made), count))
    made.remove(data.draw(st.sampled_from(made)))
    again = seats_of(cost, Decimal(0), seats, _gone(made), _amount(made), seats - _gone(made))
    assert again.amount < cost * again.seats / seats + CENT
    assert abs(_amount([*made, again]) - cost) <= CENT * (len(counts) - 1)
    assert _amount([*made, again]) <= cost


def _gone(made: list[Share]) -> int:
    return sum(share.seats for share in made)


def _amount(made: list[Share]) -> Decimal:
    return sum((share.amount for share in made), Decimal(0))


def test_less_money_than_a_share_bears_less_tax() -> None:
    line = OrderLine(seats=1)
    share = Share(OrderUnit(line=line), Decimal("119.00"), Decimal("19.00"), 1)
    assert share.cut_to(Decimal(200), "EUR") == share
    assert share.cut_to(Decimal("50.00"), "EUR")[1:] == (Decimal("50.00"), Decimal("7.98"), 1)
    first, second = refund_shares.within([share, share], Decimal("150.00"), "EUR")
    assert (first.amount, second.amount, second.tax) == (119, 31, Decimal("4.95"))
    assert refund_shares.within([share], Decimal(0), "EUR") == []


@pytest.fixture
def seats(till: Till, client: Client) -> Attempt:
    """Five seats of one unit and one license, 714.00 EUR, paid and delivered."""
    placed = purchases.order((purchases.edition(sold_per="seat"), 5), (purchases.edition(), 1))
    return paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))


@pytest.mark.django_db
def test_what_is_left_of_an_order_knows_its_seats(seats: Attempt) -> None:
    per_seat, license_unit = purchases.units_of(seats.order)
    assert [share[1:] for share in refund_shares.units_left(seats.order)] == [(595, 95, 5), (119, 19, 1)]
    ask_seats(seats, 2)
    assert [share[1:] for share in refund_shares.units_left(seats.order)] == [(357, 57, 3), (119, 19, 1)]
    few = refund_shares.of_seats(seats.order, {per_seat.pk: 1, license_unit.pk: 1})
    assert [share[1:] for share in few] == [(119, 19, 1), (119, 19, 1)]
    assert [share.seats for share in refund_shares.of_seats(seats.order, {per_seat.pk: 99})] == [3]
