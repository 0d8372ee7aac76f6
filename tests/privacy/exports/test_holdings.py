"""What is kept of a person, counted."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from privacy import clock, people
from privacy.exports import holdings
from shop.models import OrderParty
from tests.accounts import purchases
from tests.accounts.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return person("ada@example.com", name="Ada Lovelace")


def held(ada: User) -> dict[str, holdings.Holding]:
    return {holding.title: holding for holding in holdings.of(people.of_account(ada.pk))}


def test_an_empty_account_has_its_own_values_and_nothing_else(ada: User) -> None:
    found = held(ada)
    assert list(found) == ["Your account", "E-mail addresses of your account"]
    account = found["Your account"]
    assert account.values[:2] == [("E-mail address", "ada@example.com"), ("Name", "Ada Lovelace")]
    assert (account.amount, account.correct_at) == ("1 account", "account_profile")


def test_orders_are_counted_with_the_days_on_which_the_name_leaves_the_first_and_the_last(ada: User) -> None:
    sold = purchases.edition()
    for day in (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)):
        with clock.at(day):
            purchases.paid((sold, 1), user=ada, placed_at=day)
    empty = {each.what.partition(",")[0]: each.words for each in held(ada)["Orders"].until}
    assert empty["Browser"] == "180 days after the order was placed"  # none is stored, so no day stands on a row
    OrderParty.objects.update(street="Elm Street 1", browser_family="Firefox")
    found = held(ada)
    assert found["Orders"].amount == "2 orders"
    until = {each.what.partition(",")[0]: each.words for each in found["Orders"].until}
    assert until == {
        "Link to your account": "the first until 1 March 2029, the last until 20 November 2029",
        "Street and number": "the first until 31 March 2026, the last until 20 December 2026",
        "Browser": "the first until 28 August 2026, the last until 19 May 2027",
    }
    assert [found[title].amount for title in ("Licenses", "License keys")] == ["2 licenses", "2 license keys"]
    assert found["Orders"].values == []


def test_one_order_has_one_day(ada: User) -> None:
    day = datetime(2024, 2, 29, 23, 59, tzinfo=UTC)
    with clock.at(day):
        purchases.paid((purchases.edition(), 1), user=ada, placed_at=day)
    assert (held(ada)["Orders"].amount, held(ada)["Orders"].until[0].words) == ("1 order", "until 1 March 2027")


def test_it_takes_as_many_queries_for_1_row_as_for_30(ada: User) -> None:
    counts = []
    for more in (1, 29):
        for _ in range(more):
            purchases.paid((purchases.edition(), 1), user=ada)
        with CaptureQueriesContext(connection) as captured:
            held(ada)
        counts.append(len(captured))
    assert counts[0] == counts[1]
