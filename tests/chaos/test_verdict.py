"""The verdict itself: what it counts must be able to be other than zero."""

from collections import Counter
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import license_keys
from accounts.models import LicenseKey
from payments.models import Attempt, Reference, Refund
from privacy import clock
from shop import orders
from shop.models import Order, OrderUnit
from tests.accounts import purchases
from tests.chaos import books, report
from tests.chaos.books import Ledger

pytestmark = pytest.mark.django_db
CENTS = 11900


def ledger(order: Order, *captures: str, refunds: tuple[str, ...] = ()) -> dict[str, Ledger]:
    """What the provider would say: each capture takes the order's price, and some went back in full."""
    entries: list[dict[str, Any]] = [
        {"kind": "capture", "id": name, "of": name, "reference": f"{order.number}-1@shop", "amount": CENTS}
        for name in captures
    ]
    entries += [{"kind": "refund", "id": f"re_{of}", "of": of, "reference": None, "amount": CENTS} for of in refunds]
    return {"stripe": Ledger.read({"entries": entries})}


@pytest.fixture
def bought() -> Order:
    order = purchases.paid((purchases.edition(pool=3), 1))
    attempt = Attempt.objects.create(
        order=order, number=1, provider="stripe", amount=119, currency="EUR", state="captured", captured_at=clock.now()
    )
    Reference.objects.create(attempt=attempt, kind="stripe_charge", value="ch_1")
    return order


def test_books_that_are_right(bought: Order) -> None:
    said = ledger(bought, "ch_1")
    text = license_keys.text_of(purchases.keys_of(bought)[0])
    assert (books.unwritten(said), books.captured_without_key(said), books.difference_cents(said)) == (set(), 0, 0)
    assert (books.double_charges(said), books.key_given_twice({text: {orders.path(bought)}})) == ((0, 0), 0)


def test_money_that_our_books_do_not_know(bought: Order) -> None:
    said = ledger(bought, "ch_1", "ch_2")
    assert books.unwritten(said) == {"ch_2"}
    assert books.difference_cents(said) == CENTS
    assert books.double_charges(said) == (1, 1)


def test_a_second_payment_that_went_back_is_no_double_charge(bought: Order) -> None:
    assert books.double_charges(ledger(bought, "ch_1", "ch_2", refunds=("ch_2",))) == (0, 1)


def test_a_refund_that_only_we_believe_in(bought: Order) -> None:
    Refund.objects.create(attempt=bought.attempts.get(), kind="amount", amount=Decimal("1.50"), state="succeeded")
    assert books.difference_cents(ledger(bought, "ch_1")) == 150


@pytest.mark.parametrize("state", ["pending_payment", "expired", "cancelled"])
def test_money_kept_for_an_order_that_is_not_paid(bought: Order, state: str) -> None:
    unpaid = purchases.order((purchases.edition(), 1))
    Order.objects.filter(pk=unpaid.pk).exclude(state=state).update(state=state)
    assert books.captured_without_key(ledger(unpaid, "ch_9")) == 1
    assert books.captured_without_key(ledger(unpaid, "ch_9", refunds=("ch_9",))) == 0


def test_a_paid_order_whose_key_another_buyer_took(bought: Order) -> None:
    (key,) = purchases.keys_of(bought)
    text, stranger = license_keys.text_of(key), purchases.order((purchases.edition(), 1))
    LicenseKey.objects.filter(pk=key.pk).update(unit=purchases.units_of(stranger)[0])
    assert books.captured_without_key(ledger(bought, "ch_1")) == 1
    assert books.key_given_twice({text: {orders.path(bought)}}) == 1


def test_a_key_that_two_buyers_saw(bought: Order) -> None:
    text = license_keys.text_of(purchases.keys_of(bought)[0])
    assert books.key_given_twice({text: {orders.path(bought), "/order/another/"}}) == 1


def test_a_unit_that_waits_or_went_back_needs_no_key(bought: Order) -> None:
    OrderUnit.objects.filter(line__order=bought).update(state="refunded")
    LicenseKey.objects.filter(unit__line__order=bought).delete()
    assert books.captured_without_key(ledger(bought, "ch_1")) == 0


def test_what_is_left_undone_is_named(bought: Order) -> None:
    assert books.unfinished() == {}
    purchases.order((purchases.edition(), 1))
    assert books.unfinished() == {"orders that wait for payment": 1}


@pytest.mark.parametrize("name", [*report.ZERO, "reconciled", "killed"])
def test_each_figure_can_fail_the_run(name: str) -> None:
    good = {"checkouts": 200, "killed": 160, "reconciled": 2, **dict.fromkeys(report.ZERO, 0)}
    assert report.complaints(books.Verdict(**good), {}) == []
    bad = good | {name: {"reconciled": 0, "killed": 159}.get(name, 1)}
    assert len(report.complaints(books.Verdict(**bad), {})) == 1
    toll = SimpleNamespace(problems=Counter({"500 at /checkout/": 1}))
    assert len(report.complaints(books.Verdict(**good), toll.problems)) == 1
