"""What accounts does when an order's link or person changes."""

import pytest

from accounts.models import License, User
from shop import orders
from shop.models import OrderParty
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def links() -> list[str]:
    return list(License.objects.values_list("link_hash", flat=True))


def test_licenses_follow_a_renewed_link(ada: User) -> None:
    order = purchases.paid((purchases.edition(), 2))
    other = purchases.paid((purchases.edition(), 1), email="else@example.com")
    renewed = orders.renew_link(order.pk)
    assert renewed.link_hash != order.link_hash
    assert sorted(links()) == sorted([orders.keys_hash_of(one) for one in (renewed, renewed, other)])


def test_licenses_follow_the_link_of_a_corrected_address() -> None:
    order = purchases.paid((purchases.edition(), 1))
    corrected = orders.correct_email(order.pk, "right@example.com")
    assert corrected.link_hash != order.link_hash
    assert links() == [orders.keys_hash_of(corrected)]


def test_an_order_that_hit_a_strangers_address_leaves_the_account_with_its_licenses(ada: User) -> None:
    order = purchases.paid((purchases.edition(), 2), email="ada@example.com")
    kept = purchases.paid((purchases.edition(), 1), email="ada@example.com")
    assert ada.licenses.count() == 3
    orders.correct_email(order.pk, "right@example.com")
    assert OrderParty.objects.get(order=order).user_id is None
    assert [granted.unit.line.order_id for granted in ada.licenses.all() if granted.unit] == [kept.pk]
    assert License.objects.filter(user=None).count() == 2
