from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.paginator import EmptyPage

from shop import catalog, stock
from shop.demo.load import load
from shop.models import Category, Edition, Price, Product
from tests.shop import goods

pytestmark = pytest.mark.django_db


def names(products: object) -> list[str]:
    return [product.name for product in products]  # type: ignore[attr-defined]


def shelf(slug: str) -> Category:
    return next(category for category in catalog.categories() if category.slug == slug)


def test_shelves_count_their_own_published_products() -> None:
    load()
    Product.objects.filter(slug="gridtrace").update(is_published=False)
    shelves = catalog.categories()
    assert [(each.slug, each.product_count) for each in shelves] == [
        ("excel", 3),
        ("sql-server", 4),
        ("azure", 4),
        ("suites", 0),
        ("trials", 0),
    ]
    assert catalog.count_of(shelves) == 11


def test_figures_count_gathered_tools_and_name_the_lowest_price() -> None:
    load()
    shelves = catalog.categories()
    figures = catalog.figures(shelves, "EUR")
    by_slug = {each.slug: (figures[each.pk].count, figures[each.pk].from_price) for each in shelves}
    suites = Edition.objects.filter(name="Suite")
    assert by_slug == {
        "excel": (4, Decimal("49")),
        "sql-server": (4, Decimal("119")),
        "azure": (4, Decimal("39")),
        "suites": (suites.count(), min(suites.filter(prices__currency="EUR").values_list("prices__amount", flat=True))),
        "trials": (12, Decimal("39")),
    }


def test_figures_name_the_shops_own_currency_where_nothing_is_sold_in_the_one_that_is_wanted() -> None:
    goods.edition()
    shelves = catalog.categories()
    assert catalog.figures(shelves, "USD")[shelves[0].pk] == catalog.ShelfFigures(
        count=1, from_price=Decimal(149), currency="EUR"
    )


def test_home_lists_the_first_products_of_each_shelf_and_says_how_many_there_are() -> None:
    load(100)
    shelves = catalog.home(catalog.categories(), "EUR")
    assert [(each.category.slug, len(each.products), each.count, each.has_more) for each in shelves] == [
        ("excel", catalog.ON_HOME_SHELF, 36, True),
        ("sql-server", catalog.ON_HOME_SHELF, 32, True),
        ("azure", catalog.ON_HOME_SHELF, 32, True),
    ]
    assert names(shelves[0].products)[:4] == ["Gridtrace", "Sheetdiff", "Pivotsmith", "Closebook"]
    assert shelves[0].products[0].from_price == Decimal("59")


def test_a_shelf_of_suites_shows_the_price_of_the_suite() -> None:
    load()
    page = catalog.page_of(shelf("suites"), 1, "EUR")
    suites = Price.objects.filter(edition__name="Suite", currency="EUR")
    prices = dict(suites.values_list("edition__product__name", "amount"))
    assert {product.name: product.from_price for product in page} == prices


def test_a_shelf_of_trials_shows_every_tool() -> None:
    load()
    assert catalog.page_of(shelf("trials"), 1, "EUR").paginator.count == 12


def test_a_shelf_has_pages() -> None:
    load(100)
    page = catalog.page_of(shelf("excel"), 2, "EUR")
    assert (len(page), page.paginator.num_pages) == (36 - catalog.ON_PAGE, 2)
    with pytest.raises(EmptyPage):
        catalog.page_of(shelf("excel"), 3, "EUR")


def test_the_lowest_price_leaves_out_editions_that_are_not_offered() -> None:
    cheap = goods.edition("1.00", is_offered=False)
    dear = Edition.objects.create(product=cheap.product, sku="dear", name="Team")
    Price.objects.create(edition=dear, currency="EUR", amount=Decimal("99.00"))
    assert Product.objects.with_from_price("EUR").get().from_price == Decimal("99")


def test_news_is_the_latest_change_of_a_product_with_a_drawing() -> None:
    load()
    news = catalog.news("EUR")
    assert news is not None
    assert (news.product.name, news.version, news.from_price) == ("Gridtrace", "5.2", Decimal("59"))
    Product.objects.update(drawing="")
    assert catalog.news("EUR") is None


def test_offers_leave_out_what_has_no_price_or_is_not_offered() -> None:
    sold = goods.edition("149.00")
    Edition.objects.create(product=sold.product, sku="no-price", name="No price")
    hidden = Edition.objects.create(product=sold.product, sku="hidden", name="Hidden", is_offered=False)
    Price.objects.create(edition=hidden, currency="EUR", amount=Decimal(1))
    assert catalog.offers(sold.product, "EUR") == [catalog.Offer(sold, Decimal("149.000"), "EUR", "")]


def test_a_withdrawn_product_offers_nothing() -> None:
    assert catalog.offers(goods.edition(published=False).product, "EUR") == []


def test_an_edition_without_keys_left_is_sold_out(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = goods.edition(key_source="pool")
    monkeypatch.setattr(stock, "_stock", [SimpleNamespace(left=lambda ids: dict.fromkeys(ids, 0))])
    (offer,) = catalog.offers(edition.product, "EUR")
    assert (offer.stock, offer.is_available) == ("Sold out", False)


def test_comparison_has_every_statement_once_and_a_figure_for_each_edition() -> None:
    first = goods.edition(features=[["Updates", "1 year"], ["Merge", "no"]])
    second = Edition(product=first.product, features=[["Merge", "yes"], ["Seats moved", "yes"]])
    offers = [catalog.Offer(first, Decimal(1), "EUR", ""), catalog.Offer(second, Decimal(2), "EUR", "")]
    assert catalog.comparison(offers) == [
        ("Updates", ["1 year", ""]),
        ("Merge", ["no", "yes"]),
        ("Seats moved", ["", "yes"]),
    ]
