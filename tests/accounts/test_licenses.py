"""What a paid order gets."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import license_keys, licenses
from accounts.models import License, User
from privacy import clock
from privacy.models import Alert, OutgoingMail
from shop import orders, stock
from shop.models import Edition, Order
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def queued() -> list[tuple[str, int]]:
    return list(OutgoingMail.objects.order_by("id").values_list("kind", "object_id"))


def test_each_unit_gets_a_license_with_a_key_of_its_own() -> None:
    order = purchases.paid((purchases.edition(), 3))
    keys = purchases.keys_of(order)
    assert [key.state for key in keys] == ["assigned"] * 3
    assert len({key.digest for key in keys}) == 3
    assert all(license_keys.is_well_formed(license_keys.text_of(key)) for key in keys)
    assert [key.license.unit_id for key in keys] == [unit.pk for unit in purchases.units_of(order)]
    assert [unit.state for unit in purchases.units_of(order)] == ["fulfilled"] * 3
    assert purchases.events(order) == [("paid", "card"), ("keys_assigned", "3 keys")]


def test_a_license_copies_what_was_agreed() -> None:
    sold = purchases.edition(devices=2, sold_per=Edition.SoldPer.SEAT)
    with clock.at(datetime(2028, 1, 31, 12, tzinfo=UTC)):
        order = purchases.paid((sold, 5), term_months=13)
    granted = License.objects.get(unit__line__order=order)
    assert (granted.product_name, granted.edition_name, granted.mark) == (sold.product.name, "Team", "x" * 25)
    assert (granted.seats, granted.devices, granted.link_hash) == (5, 2, orders.keys_hash_of(order))
    assert granted.ends_at is not None
    assert (granted.starts_at.date().isoformat(), granted.ends_at.date().isoformat()) == ("2028-01-31", "2029-02-28")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-22", 12, "2027-11-22"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-05-31", 1, "2026-06-30"),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_months_last(start: str, months: int, end: str) -> None:
    with clock.at(datetime.fromisoformat(f"{start}T23:30:00+00:00")):
        order = purchases.paid((purchases.edition(), 1), term_months=months)
    granted = License.objects.get(unit__line__order=order)
    assert granted.ends_at is not None
    assert granted.ends_at.replace(microsecond=0) == datetime.fromisoformat(f"{end}T23:30:00+00:00")


def test_pool_keys_are_given_exactly_as_imported_and_in_order() -> None:
    sold = purchases.edition(pool=0)
    texts = purchases.fill(sold, 3)
    order = purchases.paid((sold, 2))
    assert [license_keys.text_of(key) for key in purchases.keys_of(order)] == texts[:2]
    assert [key.is_generated for key in purchases.keys_of(order)] == [False, False]
    assert [key.license_id for key in purchases.keys_of(order)] == list(
        License.objects.filter(unit__line__order=order).order_by("unit_id").values_list("pk", flat=True)
    )


def test_sealed_keys_are_not_opened_and_keys_at_once_are() -> None:
    generated, pool = purchases.edition(), purchases.edition(pool=1)
    sealed = purchases.paid((generated, 1))
    at_once = purchases.paid((generated, 1), (pool, 1), at_once=True)
    assert [key.opened_at for key in purchases.keys_of(sealed)] == [None]
    assert [key.opened_at for key in purchases.keys_of(at_once)] == [
        key.assigned_at for key in purchases.keys_of(at_once)
    ]


def test_issuing_again_changes_nothing() -> None:
    order = purchases.paid((purchases.edition(), 2), (purchases.edition(pool=5), 2))
    before = [(key.pk, key.digest) for key in purchases.keys_of(order)]
    story, mails = purchases.events(order), queued()
    purchases.pay(order)
    assert [(key.pk, key.digest) for key in purchases.keys_of(order)] == before
    assert (purchases.events(order), queued()) == (story, mails)


@pytest.mark.parametrize("pool", [None, 60])
def test_queries_are_as_many_for_1_unit_as_for_50(pool: int | None) -> None:
    sold = purchases.edition(pool=pool)
    counts = []
    for quantity in (1, 50):
        order = purchases.order((sold, quantity))
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            licenses.issue(order)
        counts.append(len(queries))
    assert counts == [6 + (pool is not None)] * 2


def test_a_thousand_units_of_two_editions() -> None:
    order = purchases.paid((purchases.edition(), 500), (purchases.edition(pool=500), 500))
    assert purchases.states(order) == ["assigned"] * 1000


def test_an_empty_pool_puts_the_rest_on_back_order_and_calls_a_person() -> None:
    order = purchases.paid((purchases.edition(pool=1), 3))
    assert [unit.state for unit in purchases.units_of(order)] == ["fulfilled", "backordered", "backordered"]
    assert purchases.events(order)[1:] == [("keys_assigned", "1 key"), ("backordered", "2 keys")]
    assert list(Alert.objects.values_list("kind", "message")) == [
        ("backorder", f"Order {order.number} waits for 2 keys.")
    ]
    assert queued() == [("order_confirmation", order.pk)]


def test_an_order_without_any_key_is_confirmed_all_the_same() -> None:
    order = purchases.paid((purchases.edition(pool=0), 1))
    assert [unit.state for unit in purchases.units_of(order)] == ["backordered"]
    assert queued() == [("order_confirmation", order.pk)]


def test_new_keys_are_delivered_to_the_oldest_order_first_and_mailed() -> None:
    sold = purchases.edition(pool=0)
    first, second = purchases.paid((sold, 2)), purchases.paid((sold, 1))
    purchases.fill(sold, 2)
    assert licenses.deliver_backorders() == 2
    assert purchases.states(first) == ["assigned"] * 2
    assert purchases.states(second) == []
    assert queued() == [("order_confirmation", first.pk), ("order_confirmation", second.pk), ("license_keys", first.pk)]
    assert list(Alert.objects.filter(closed_at=None).values_list("key", flat=True)) == [second.number]
    assert licenses.deliver_backorders() == 0


def test_a_held_order_waits_with_its_back_order() -> None:
    sold = purchases.edition(pool=0)
    order = purchases.paid((sold, 1))
    purchases.fill(sold, 1)
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        locked.move_to(Order.State.ON_HOLD)
    assert licenses.deliver_backorders() == 0
    assert purchases.states(order) == []


def test_a_deleted_edition_becomes_a_back_order_for_a_person() -> None:
    sold = purchases.edition()
    order = purchases.order((sold, 1))
    sold.delete()
    purchases.pay(order)
    assert [unit.state for unit in purchases.units_of(order)] == ["backordered"]


def test_mails_go_to_the_buyer_and_to_the_other_address() -> None:
    own = purchases.paid((purchases.edition(), 1))
    other = purchases.paid((purchases.edition(), 1), delivery_email="it@example.com")
    assert queued() == [("order_confirmation", own.pk), ("order_confirmation", other.pk), ("license_keys", other.pk)]


def test_licenses_belong_to_the_account_that_ordered() -> None:
    user = User.objects.create_user("ada@example.com")
    purchases.paid((purchases.edition(), 2), user=user)
    assert user.licenses.count() == 2


@pytest.mark.promise("P6e")
def test_a_guest_order_with_an_address_that_an_account_has_confirmed_joins_it_when_paid() -> None:
    user = User.objects.create_user("ada@example.com")
    EmailAddress.objects.create(user=user, email="ada@example.com", verified=True)
    order = purchases.paid((purchases.edition(), 1), email="Ada@Example.com")
    assert user.licenses.count() == 1
    assert user.order_parties.get().order_id == order.pk
    assert purchases.events(order)[1] == ("joined_account", "")


def test_an_unconfirmed_address_joins_nothing() -> None:
    user = User.objects.create_user("ada@example.com")
    EmailAddress.objects.create(user=user, email="ada@example.com", verified=False)
    purchases.paid((purchases.edition(), 1))
    assert (user.licenses.count(), user.order_parties.count()) == (0, 0)


def test_the_stock_counts_free_keys_of_pools_only() -> None:
    generated, pool, empty = purchases.edition(), purchases.edition(pool=4), purchases.edition(pool=0)
    purchases.paid((pool, 1), (generated, 2))
    assert stock.left([generated.pk, pool.pk, empty.pk]) == {pool.pk: 3, empty.pk: 0}
