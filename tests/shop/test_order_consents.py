"""The consent to immediate performance, as its person sees it."""

import pytest

from accounts.models import User
from privacy import consents
from shop import order_consents
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


def test_a_person_sees_the_consent_of_each_order_with_keys_at_once() -> None:
    ada = User.objects.create_user("ada@example.com")
    sold = purchases.edition()
    order = purchases.order((sold, 1), user=ada, at_once=True)
    purchases.order((sold, 1), user=ada)
    purchases.order((sold, 1), email="else@example.com", at_once=True)
    [given] = consents.of(ada)
    assert (given.key, given.about, given.given_at) == (
        "immediate_performance",
        f"order {order.number}",
        order.consent_at,
    )
    assert (given.can_be_withdrawn, given.words) == (False, "")  # version "1" of these orders was never in force


def test_the_words_of_the_version_in_force_are_known() -> None:
    ada = User.objects.create_user("ada@example.com")
    order = purchases.order((purchases.edition(), 1), user=ada, at_once=True)
    order.consent_version = order_consents.TEXT.version
    order.save()
    assert [given.words for given in consents.of(ada)] == [order_consents.TEXT.words]


def test_the_number_of_queries_is_the_same_for_1_and_30_orders(django_assert_num_queries: object) -> None:
    ada = User.objects.create_user("ada@example.com")
    for _ in range(30):
        purchases.order((purchases.edition(), 1), user=ada, at_once=True)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(consents.of(ada)) == 30
