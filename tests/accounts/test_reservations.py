"""Keys of pools are reserved while an order waits for its payment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts import key_pools, tasks
from accounts.models import LicenseKey
from privacy import clock
from shop import order_lookup, orders, stock
from shop.models import Edition, Order
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def reserve(placed: Order, sold: Edition) -> Order:
    """What checkout does for the units of an order."""
    with transaction.atomic():
        stock.reserve({unit.pk: sold.pk for unit in purchases.units_of(placed)}, until=placed.expires_at)
    return placed


def states(sold: Edition) -> list[str]:
    return list(LicenseKey.objects.filter(edition=sold).order_by("pk").values_list("state", flat=True))


def over(placed: Order) -> datetime:
    return placed.expires_at + timedelta(minutes=1)


def test_a_reserved_key_is_kept_for_its_unit_and_given_to_it() -> None:
    sold = purchases.edition(pool=3)
    first = reserve(purchases.order((sold, 2)), sold)
    assert (states(sold), stock.left([sold.pk])) == (["reserved", "reserved", "available"], {sold.pk: 1})
    reserved = [key.pk for key in purchases.keys_of(first)]
    purchases.paid((sold, 1))
    purchases.pay(first)
    assert [(key.pk, key.state, key.reserved_until) for key in purchases.keys_of(first)] == [
        (pk, "assigned", None) for pk in reserved
    ]


def test_the_last_keys_are_refused_whole_and_nothing_is_written() -> None:
    sold = purchases.edition(pool=2)
    with pytest.raises(stock.SoldOut):
        reserve(purchases.order((sold, 3)), sold)
    assert states(sold) == ["available"] * 2


def test_an_order_that_ends_frees_its_keys() -> None:
    sold = purchases.edition(pool=2)
    expired, cancelled = (reserve(purchases.order((sold, 1)), sold) for _ in range(2))
    with clock.at(over(expired)):
        orders.expire(expired.pk)
    orders.cancel(cancelled.pk, by=None, reason="The customer called.")
    assert states(sold) == ["available"] * 2
    assert LicenseKey.objects.filter(unit__isnull=False).count() == 0


def test_an_order_on_hold_keeps_its_keys_until_it_is_decided() -> None:
    sold = purchases.edition(pool=1)
    held = reserve(purchases.order((sold, 1)), sold)
    orders.hold(held.pk, by=None, reason="Looks odd.")
    with clock.at(over(held)):
        assert key_pools.release_due() == 0
    assert states(sold) == ["reserved"]
    orders.cancel(held.pk, by=None, reason="Not as agreed.")
    assert states(sold) == ["available"]


def test_what_was_left_reserved_is_found_after_its_time() -> None:
    sold = purchases.edition(pool=2)
    gone, waiting = (reserve(purchases.order((sold, 1)), sold) for _ in range(2))
    Order.objects.filter(pk=gone.pk).update(state="expired")
    assert tasks.release_reservations() == 0
    with clock.at(over(gone)):
        assert tasks.release_reservations() == 1
    assert states(sold) == ["available", "reserved"]
    assert purchases.keys_of(waiting)


def test_a_late_payment_takes_what_is_there_or_waits() -> None:
    sold = purchases.edition(pool=1)
    late = reserve(purchases.order((sold, 1)), sold)
    with clock.at(over(late)):
        orders.expire(late.pk)
    purchases.paid((sold, 1))
    purchases.pay(late)
    assert [unit.state for unit in purchases.units_of(late)] == ["backordered"]


def test_an_order_that_goes_back_to_the_cart_frees_its_keys() -> None:
    class Cart:
        def put(self, sku: str, quantity: str, *, add: bool) -> None:
            self.sku = sku

    sold = purchases.edition(pool=1)
    order_lookup.put_back(reserve(purchases.order((sold, 1)), sold), Cart())  # type: ignore[arg-type]
    assert states(sold) == ["available"]


@pytest.mark.parametrize("count", [1, 50])
def test_one_statement_reserves_any_number(count: int) -> None:
    sold = purchases.edition(pool=count)
    placed = purchases.order((sold, count))
    with CaptureQueriesContext(connection) as captured:
        reserve(placed, sold)
    asked = [query["sql"] for query in captured if "accounts_licensekey" in query["sql"]]
    assert (len(asked), set(states(sold))) == (1, {"reserved"})


def rush(sold: Edition, buyers: int) -> list[bool]:
    """So many buyers at once, each with an order for one key; whether each has one."""
    placed = [purchases.order((sold, 1)) for _ in range(buyers)]

    def buy(order: Order) -> bool:
        try:
            reserve(order, sold)
        except stock.SoldOut:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(buyers) as pool:
        return list(pool.map(buy, placed))


@pytest.mark.django_db(transaction=True)
def test_of_many_buyers_exactly_as_many_get_a_key_as_there_are() -> None:
    sold = purchases.edition(pool=7)
    assert sorted(rush(sold, 20)) == [False] * 13 + [True] * 7
    assert states(sold) == ["reserved"] * 7
    assert LicenseKey.objects.filter(state="reserved").values("unit").distinct().count() == 7
