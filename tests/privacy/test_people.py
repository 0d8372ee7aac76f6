"""Whose rows are whose."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts import closing
from accounts.models import License, LicenseKey, User
from payments.models import Attempt, Reference
from privacy import clock, people
from privacy.people import Person
from shop.models import Edition, Order, OrderParty
from tests.accounts import purchases
from tests.accounts.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return person("ada@example.com")


def numbers(of: Person) -> set[str]:
    """The orders whose party is this person's."""
    return set(people.rows_of(OrderParty, of).values_list("order__number", flat=True))


def test_an_account_has_its_confirmed_addresses_and_no_other(ada: User) -> None:
    EmailAddress.objects.create(user=ada, email="Ada@Work.example", verified=True)
    EmailAddress.objects.create(user=ada, email="bob@example.com", verified=False)
    assert people.of_account(ada.pk) == Person(frozenset({ada.pk}), frozenset({"ada@example.com", "ada@work.example"}))


@pytest.mark.parametrize("typed", ["ada@example.com", "ADA@Example.COM", " ada@example.com "])
def test_an_address_finds_its_account_in_any_casing(ada: User, typed: str) -> None:
    assert people.of_address(typed) == people.of_account(ada.pk)


def test_an_address_that_an_account_has_not_confirmed_does_not_find_it() -> None:
    User.objects.create_user("ada@example.com")
    EmailAddress.objects.create(user=User.objects.get(), email="ada@example.com", verified=False)
    assert people.of_address("ada@example.com") == Person(frozenset(), frozenset({"ada@example.com"}))
    assert list(people.rows_of(User, people.of_address("ada@example.com"))) == []


def test_orders_of_the_account_and_those_of_a_guest_with_its_address(ada: User) -> None:
    sold = purchases.edition()
    by_account = purchases.order((sold, 1), user=ada, email="somebody@example.com")
    as_guest = purchases.order((sold, 1), email="Ada@Example.com")
    purchases.order((sold, 1), email="other@example.com")
    purchases.order((sold, 1), email="other@example.com", delivery_email="ada@example.com")
    assert numbers(people.of_account(ada.pk)) == {by_account.number, as_guest.number}
    assert numbers(people.of_address("ada@example.com")) == {by_account.number, as_guest.number}


def test_an_order_of_somebody_elses_account_that_names_the_address_is_not_theirs(ada: User) -> None:
    bob = person("bob@example.com")
    purchases.order((purchases.edition(), 1), user=bob, email="ada@example.com")
    assert numbers(people.of_account(ada.pk)) == set()


def test_orders_of_an_account_that_was_closed_belong_to_whoever_has_its_address(ada: User) -> None:
    order = purchases.order((purchases.edition(), 1), user=ada, email="ada@example.com")
    closing.close(ada.pk)
    assert numbers(people.of_address("ada@example.com")) == {order.number}
    assert numbers(people.of_account(person("ada@example.com").pk)) == {order.number}


def test_licenses_keys_and_payments_are_found_through_their_order(ada: User) -> None:
    order = purchases.paid((purchases.edition(), 2), email="guest@example.com")
    attempt = Attempt.objects.create(order=order, number=1, provider="card", amount=238, currency="EUR")
    reference = Reference.objects.create(attempt=attempt, kind="session", value="cs_1")
    purchases.paid((purchases.edition(), 1), user=ada)
    guest = people.of_address("guest@example.com")
    assert set(people.rows_of(License, guest)) == set(License.objects.filter(unit__line__order=order))
    assert set(people.rows_of(LicenseKey, guest)) == set(purchases.keys_of(order))
    assert list(people.rows_of(Reference, guest)) == [reference]


def test_a_license_whose_order_has_gone_is_still_the_accounts(ada: User) -> None:
    purchases.paid((purchases.edition(), 1), user=ada)
    OrderParty.objects.all().delete()
    License.objects.update(unit=None)
    LicenseKey.objects.update(unit=None)
    of_ada = people.of_account(ada.pk)
    assert (people.rows_of(License, of_ada).count(), people.rows_of(LicenseKey, of_ada).count()) == (1, 1)


@pytest.mark.parametrize("model", [Order, Edition])
def test_a_model_that_names_nobody_has_no_rows_of_anybody(ada: User, model: type) -> None:
    purchases.order((purchases.edition(), 1), user=ada)
    assert people.rows_of(model, people.of_account(ada.pk)).count() == 0


def test_nobody_has_nothing(ada: User) -> None:
    purchases.order((purchases.edition(), 1), user=ada, placed_at=clock.now() - timedelta(days=1))
    assert numbers(Person(frozenset(), frozenset())) == set()
