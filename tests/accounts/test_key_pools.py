"""Many buyers, few keys: real threads with connections of their own."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import key_pools, licenses
from accounts.models import License, LicenseKey, Suspension
from privacy import clock
from shop.models import Order
from tests.accounts import purchases

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, KEYS = 20, 10


@pytest.fixture
def at_the_same_time() -> Callable[..., list[Any]]:
    """Runs a function for each argument in a thread of its own; all start together."""

    def run(act: Callable[..., Any], arguments: list[Any]) -> list[Any]:
        start = threading.Barrier(len(arguments))

        def one(argument: Any) -> Any:
            try:
                start.wait()
                return act(argument)
            except IntegrityError as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(arguments)) as pool:
            return list(pool.map(one, arguments))

    return run


def test_twenty_buyers_of_ten_keys(at_the_same_time: Callable[..., list[Any]]) -> None:
    sold = purchases.edition(pool=KEYS)
    orders = [purchases.order((sold, 1)) for _ in range(BUYERS)]
    at_the_same_time(purchases.pay, orders)
    owners = [key.unit_id for key in LicenseKey.objects.filter(edition=sold)]
    assert len(set(owners)) == len(owners) == KEYS
    assert License.objects.count() == KEYS
    assert Counter(unit.state for order in orders for unit in purchases.units_of(order)) == {
        "fulfilled": KEYS,
        "backordered": BUYERS - KEYS,
    }


def test_canary_without_the_lock_two_buyers_choose_the_same_key(
    at_the_same_time: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Takes the lock away: each chooses the same free key, waits for the row, and overwrites the buyer before."""
    monkeypatch.setattr(key_pools, "LOCK", "")
    sold = purchases.edition(pool=KEYS)
    units = [purchases.units_of(purchases.order((sold, 1)))[0].pk for _ in range(4)]

    def take(unit: int) -> list[int]:
        with transaction.atomic():
            given = key_pools.take({unit: sold.pk}, now=clock.now(), opened_at=None)
            time.sleep(0.1)
        return list(given.values())

    keys = [key for given in at_the_same_time(take, units) for key in given]
    assert max(Counter(keys).values()) > 1


def test_one_order_settled_by_two_threads_gets_its_keys_once(at_the_same_time: Callable[..., list[Any]]) -> None:
    sold = purchases.edition(pool=KEYS)
    order = purchases.order((sold, 3))
    at_the_same_time(purchases.pay, [order] * 4)
    assert purchases.states(order) == ["assigned"] * 3
    assert LicenseKey.objects.filter(state="available").count() == KEYS - 3


def test_a_second_key_for_a_unit_is_refused_by_the_database() -> None:
    sold = purchases.edition(pool=2)
    [unit] = purchases.units_of(purchases.paid((sold, 1)))
    with pytest.raises(IntegrityError, match="licensekey_one_per_unit"):
        key_pools.take({unit.pk: sold.pk}, now=clock.now(), opened_at=None)


def test_a_key_that_another_buyer_lets_go_is_taken() -> None:
    sold = purchases.edition(pool=1)
    order = purchases.order((sold, 1))
    is_locked, may_end = threading.Event(), threading.Event()

    def hold_the_last_key() -> None:
        try:
            with transaction.atomic():
                list(LicenseKey.objects.select_for_update().filter(edition=sold))
                is_locked.set()
                may_end.wait(0.1)
        finally:
            connection.close()

    holder = threading.Thread(target=hold_the_last_key)
    holder.start()
    is_locked.wait()
    purchases.pay(order)
    holder.join()
    assert purchases.states(order) == ["assigned"]


def test_a_key_that_is_never_let_go_makes_a_back_order_in_time() -> None:
    sold = purchases.edition(pool=1)
    order = purchases.order((sold, 1))
    is_locked, may_end = threading.Event(), threading.Event()

    def hold_the_last_key() -> None:
        try:
            with transaction.atomic():
                list(LicenseKey.objects.select_for_update().filter(edition=sold))
                is_locked.set()
                may_end.wait(10)
        finally:
            connection.close()

    holder = threading.Thread(target=hold_the_last_key)
    holder.start()
    is_locked.wait()
    purchases.pay(order)
    may_end.set()
    holder.join()
    assert [unit.state for unit in purchases.units_of(order)] == ["backordered"]


def test_opening_and_refunding_at_once_leaves_no_shown_key_in_stock(
    at_the_same_time: Callable[..., list[Any]],
) -> None:
    sold = purchases.edition(pool=12)
    placed = [purchases.paid((sold, 1)) for _ in range(12)]

    def give_back(order: Order) -> None:
        with transaction.atomic():
            locked = Order.objects.select_for_update().get(pk=order.pk)
            licenses.revoke(purchases.units_of(locked), reason=Suspension.Reason.REFUND_REQUESTED, about="1")

    def open_it(order: Order) -> None:
        for key in purchases.keys_of(order):
            try:
                licenses.open_key(key.pk, order=order)
            except (licenses.KeyNotUsable, LicenseKey.DoesNotExist):
                return

    at_the_same_time(lambda job: job[0](job[1]), [(act, order) for order in placed for act in (open_it, give_back)])
    found = Counter((key.state, key.opened_at is not None) for key in LicenseKey.objects.all())
    assert found["revoked", True] + found["available", False] == 12
