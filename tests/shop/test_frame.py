"""Header and footer are rendered once for everybody in a country, and anew when what they show changes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy import page_version
from shop.models import Category
from tests.shop import goods

pytestmark = pytest.mark.django_db


def queries_of(address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(address).status_code == 200
    return len(queries)


def test_the_second_page_reads_no_shelves() -> None:
    goods.edition()
    assert [queries_of("/cart/"), queries_of("/cart/")] == [2, 0]


@pytest.mark.django_db(transaction=True)
def test_a_changed_shelf_shows_on_the_next_page() -> None:
    shelf = goods.edition().product.category
    before = Client().get("/cart/").content.decode()
    shelf.name = "Ledgers and more"
    shelf.save()
    after = Client().get("/cart/").content.decode()
    assert ("Ledgers and more" in before, after.count("Ledgers and more")) == (False, 1)


def test_each_country_has_its_own() -> None:
    def notes(address: str) -> bool:
        return (
            "Germany: prices include 19% VAT, an estimate."
            in Client(REMOTE_ADDR=address).get("/cart/").content.decode()
        )

    assert [notes("5.9.1.1"), notes("8.8.8.8"), notes("5.9.1.1")] == [True, False, True]


def test_a_page_that_marks_its_shelf_or_repeats_a_search_has_its_own() -> None:
    goods.edition()
    Client().get("/cart/")
    assert 'value="ledger"' in Client().get("/search/?q=ledger").content.decode()
    assert 'value="ledger"' not in Client().get("/cart/").content.decode()


def test_while_redis_is_away_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_version, "current", lambda: None)
    shelf = Category.objects.create(slug="new", name="New", code="N")
    assert [queries_of("/cart/"), queries_of("/cart/")] == [3, 3]
    assert shelf.name in Client().get("/cart/").content.decode()
