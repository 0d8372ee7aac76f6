"""Every change of what pages show renews their version: row by row, and many rows at once."""

import datetime
from collections.abc import Callable

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from privacy import page_version
from shop import pages
from shop.models import Category, Edition, Page, PageVersion, Price, Product, ProductChange
from tests.shop import goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def renews(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[Callable[[], object]], bool]:
    """Whether a change renews the version after its commit, and not before."""

    def check(change: Callable[[], object]) -> bool:
        before = page_version.current()
        with django_capture_on_commit_callbacks() as callbacks:
            change()
            assert page_version.current() == before
        for callback in callbacks:
            callback()
        return page_version.current() != before

    return check


def rows() -> list[Product | Category | Edition | Price | ProductChange | Page | PageVersion]:
    edition = goods.edition()
    change = ProductChange.objects.create(
        product=edition.product, version="1", released_on=datetime.date(2026, 11, 1), text="First."
    )
    version = pages.publish("news", "News", "Text.")
    return [edition.product.category, edition.product, change, edition, edition.prices.get(), version.page, version]


def test_saving_a_row_renews(renews: Callable[[Callable[[], object]], bool]) -> None:
    assert {type(row).__name__: renews(row.save) for row in rows()} == dict.fromkeys(
        ["Category", "Product", "ProductChange", "Edition", "Price", "Page", "PageVersion"], True
    )


def test_deleting_rows_renews(renews: Callable[[Callable[[], object]], bool]) -> None:
    for row in reversed(rows()):
        assert renews(type(row).objects.filter(pk=row.pk).delete), type(row).__name__


def test_bulk_verbs_renew(renews: Callable[[Callable[[], object]], bool]) -> None:
    edition = goods.edition()
    price = edition.prices.get()
    assert renews(lambda: Price.objects.filter(pk=price.pk).update(amount=1))
    assert renews(lambda: edition.prices.update(amount=2))
    assert renews(lambda: Price.objects.bulk_update([price], ["amount"]))
    assert renews(lambda: Price.objects.bulk_create([Price(edition=edition, currency="USD", amount=1)]))
    assert renews(lambda: edition.product.category.products.update(name="Other"))


def test_reading_renews_nothing(renews: Callable[[Callable[[], object]], bool]) -> None:
    goods.edition()
    assert not renews(lambda: list(Price.objects.all()))
