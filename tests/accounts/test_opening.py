"""Opening sealed keys."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import licenses
from accounts.licenses.opening import keys_by_link
from accounts.models import License, LicenseKey, Suspension, User
from privacy import clock
from shop import orders
from shop.models import Order
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def key_of(order: Order) -> LicenseKey:
    return purchases.keys_of(order)[0]


def test_a_sealed_key_is_opened_once() -> None:
    order = purchases.paid((purchases.edition(), 1))
    first = licenses.open_key(key_of(order).pk, order=order)
    again = licenses.open_key(key_of(order).pk, order=order)
    assert first.opened_at is not None
    assert again.opened_at == first.opened_at
    assert purchases.events(order)[-1] == ("key_opened", str(first.license))
    assert len([kind for kind, _ in purchases.events(order) if kind == "key_opened"]) == 1


def test_a_key_of_another_order_is_not_there() -> None:
    mine, other = purchases.paid((purchases.edition(), 1)), purchases.paid((purchases.edition(), 1))
    with pytest.raises(LicenseKey.DoesNotExist):
        licenses.open_key(key_of(other).pk, order=mine)
    assert key_of(other).opened_at is None


@pytest.mark.parametrize(("after", "word"), [(licenses.suspend, "suspended"), (licenses.revoke, "revoked")])
def test_a_suspended_or_revoked_key_says_why_it_stays_closed(after: object, word: str) -> None:
    order = purchases.paid((purchases.edition(), 1))
    after(purchases.units_of(order), reason=Suspension.Reason.REFUND_REQUESTED, about="1")  # type: ignore[operator]
    with pytest.raises(licenses.KeyNotUsable, match=word):
        licenses.open_key(key_of(order).pk, order=order)
    assert key_of(order).opened_at is None


def test_the_keys_of_a_held_order_stay_closed() -> None:
    order = purchases.paid((purchases.edition(), 1))
    orders.hold(order.pk, by=None, reason="looks odd")
    for attempt in (lambda: licenses.open_key(key_of(order).pk, order=order), lambda: licenses.open_all(order)):
        with pytest.raises(licenses.KeyNotUsable, match="We are checking this order"):
            attempt()
    assert key_of(order).opened_at is None


def test_an_account_opens_the_keys_of_its_licenses_and_no_others() -> None:
    ada, bob = User.objects.create_user("ada@example.com"), User.objects.create_user("bob@example.com")
    order = purchases.paid((purchases.edition(), 1), user=ada)
    with pytest.raises(LicenseKey.DoesNotExist):
        licenses.open_own_key(key_of(order).pk, user=bob)
    assert licenses.open_own_key(key_of(order).pk, user=ada).opened_at is not None
    assert purchases.events(order)[-1][0] == "key_opened"


def test_when_the_orders_period_has_ended_link_and_account_still_open_the_key() -> None:
    ada = User.objects.create_user("ada@example.com")
    order = purchases.paid((purchases.edition(), 2), user=ada)
    ids = [key.pk for key in purchases.keys_of(order)]
    License.objects.update(unit=None)
    LicenseKey.objects.update(unit=None)
    assert [key.pk for key in keys_by_link(orders.token(order))] == ids
    assert licenses.open_key_by_link(ids[0], token=orders.token(order)).opened_at is not None
    assert licenses.open_own_key(ids[1], user=ada).opened_at is not None
    with pytest.raises(LicenseKey.DoesNotExist):
        licenses.open_key_by_link(ids[0], token=orders.GONE)


def test_a_license_that_left_its_order_keeps_days_alone_and_loses_no_hour() -> None:
    with clock.at(datetime(2026, 3, 5, 14, 7, tzinfo=UTC)):
        order = purchases.paid((purchases.edition(), 1), term_months=12, at_once=True)
    License.objects.update(unit=None)
    LicenseKey.objects.update(unit=None)
    granted, key = License.objects.get(), LicenseKey.objects.get()
    assert granted.link_hash != order.link_hash
    assert (granted.starts_at, granted.ends_at) == (datetime(2026, 3, 5, tzinfo=UTC), datetime(2027, 3, 6, tzinfo=UTC))
    assert key.assigned_at == key.opened_at == granted.starts_at


def test_a_new_link_is_remembered_by_the_licenses() -> None:
    order = purchases.paid((purchases.edition(), 2))
    renewed = orders.renew_link(order.pk)
    remembered = set(License.objects.values_list("link_hash", flat=True))
    assert remembered == {orders.keys_hash_of(renewed)} != {orders.keys_hash_of(order)}


def test_all_sealed_keys_are_opened_with_as_many_queries_for_2_as_for_100() -> None:
    counts = []
    for quantity in (2, 100):
        order = purchases.paid((purchases.edition(), quantity))
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            assert licenses.open_all(order) == quantity
        counts.append(len(queries))
        assert licenses.open_all(order) == 0
        assert purchases.events(order)[-1] == ("key_opened", f"{quantity} keys")
    assert counts[0] == counts[1]
