"""The pages of the catalog, through the whole of Django."""

import html
import json
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy import clock
from shop import catalog, stock, tax_schemes
from shop.demo.load import load
from shop.models import Edition, Price, Product

pytestmark = pytest.mark.django_db

GERMANY, UNITED_STATES = "5.9.0.1", "8.8.8.8"
PAGES = {
    "/": 6,
    "/c/excel/": 5,
    "/c/suites/": 5,
    "/c/trials/?page=1": 5,
    "/p/sheetdiff/": 8,
    "/search/?q=excel": 4,
    "/pages/terms/": 2,
    "/privacy/": 1,
}


def text_of(client: Client, path: str, address: str = GERMANY, status: int = 200) -> str:
    response = client.get(path, REMOTE_ADDR=address)
    assert response.status_code == status
    return html.unescape(response.content.decode())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", [12, 1000])
def test_queries_are_the_same_for_12_and_1000_products(
    client: Client, path: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(size)
    monkeypatch.setattr(stock, "_stock", [SimpleNamespace(left=_count_by_one_query)])
    tax_schemes.seller(clock.today())  # read once a version of what everybody sees
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(path)
    assert len(queries) == PAGES[path] <= 8


def _count_by_one_query(ids: object) -> dict[int, int]:
    return dict(Edition.objects.filter(pk__in=ids).values_list("pk", "low_pool_at"))


@pytest.mark.parametrize("path", ["/", "/c/trials/", "/search/?q=tools+excel"])
def test_a_page_of_1000_products_is_under_100_kilobytes(client: Client, path: str) -> None:
    load(1000)
    assert len(client.get(path).content) < 100_000


def test_home_shows_shelves_prices_and_news(client: Client) -> None:
    load()
    text = text_of(client, "/")
    assert re.findall(r'<h2 id="shelf-([-\w]+)">', text) == ["excel", "sql-server", "azure"]
    assert len(re.findall('class="product-row"', text)) == 12
    assert "€59.00" in text
    assert "New in Gridtrace 5.2" in text


def test_prices_are_those_of_the_visitors_country(client: Client) -> None:
    load()
    text = text_of(client, "/p/gridtrace/")
    assert ("€149.00" in text, "€125.21 + €23.79" in text) == (True, True)
    assert "19% VAT is included, as an estimate for Germany." in text
    abroad = text_of(client, "/p/gridtrace/", UNITED_STATES)
    assert ("$139.00" in abroad, "€" in abroad) == (True, False)
    assert "No VAT is added, as an estimate for United States." in abroad
    assert "United States: prices are without VAT, an estimate." in abroad
    Price.objects.exclude(currency="EUR").delete()
    abroad = text_of(client, "/p/gridtrace/", UNITED_STATES)
    assert ("€125.21" in abroad, "€149.00" in abroad) == (True, False)


def test_a_product_page_says_what_the_product_is(client: Client) -> None:
    load()
    text = text_of(client, "/p/gridtrace/")
    for words in (
        "Formulas traced on a four-core laptop",
        "2019, 2021, 2024, 365",
        "LAMBDA and LET are walked",
        "3 September 2026",
    ):
        assert words in text
    assert '<link rel="canonical" href="http://testserver/p/gridtrace/">' in text
    assert '<meta name="description" content="Shows where a number in a workbook comes from.">' in text


def test_a_product_page_carries_structured_data_that_agrees_with_it(client: Client) -> None:
    load()
    (block,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>',
        client.get("/p/gridtrace/", REMOTE_ADDR=GERMANY).content.decode(),
    )
    product, crumbs = json.loads(block)["@graph"]
    assert (product["@type"], product["name"], product["url"]) == (
        "Product",
        "Gridtrace",
        "http://testserver/p/gridtrace/",
    )
    assert [(offer["sku"], offer["price"], offer["priceCurrency"]) for offer in product["offers"]] == [
        ("gridtrace-personal", "59.00", "EUR"),
        ("gridtrace-professional", "149.00", "EUR"),
        ("gridtrace-team", "119.00", "EUR"),
        ("gridtrace-suite", "189.00", "EUR"),
    ]
    assert [step["item"] for step in crumbs["itemListElement"]] == [
        "http://testserver/",
        "http://testserver/c/excel/",
        "http://testserver/p/gridtrace/",
    ]


def test_structured_data_cannot_leave_its_block(client: Client) -> None:
    load()
    Product.objects.filter(slug="gridtrace").update(tagline="</script><script>alert(1)</script><!--")
    page = client.get("/p/gridtrace/").content.decode()
    assert "<script>alert" not in page
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(block)["@graph"][0]["description"] == "</script><script>alert(1)</script><!--"


def test_the_words_on_stock_are_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    monkeypatch.setattr(stock, "_stock", [SimpleNamespace(left=lambda ids: dict.fromkeys(ids, 3))])
    assert "Few left" in text_of(client, "/p/sheetdiff/")
    monkeypatch.setattr(stock, "_stock", [SimpleNamespace(left=lambda ids: dict.fromkeys(ids, 0))])
    assert "Sold out" in text_of(client, "/p/sheetdiff/")


def test_a_withdrawn_product_is_gone_in_words(client: Client) -> None:
    load()
    Product.objects.filter(slug="gridtrace").update(is_published=False)
    text = text_of(client, "/p/gridtrace/", status=410)
    assert "Gridtrace is no longer sold" in text
    assert "Gridtrace" not in text_of(client, "/c/excel/")


def test_a_product_without_a_price_is_shown_and_not_sold(client: Client) -> None:
    load()
    Price.objects.filter(edition__product__slug="gridtrace").delete()
    assert "Not sold now" in text_of(client, "/p/gridtrace/")
    assert "not sold now" in text_of(client, "/c/excel/")


@pytest.mark.parametrize(
    "path", ["/p/nothing/", "/c/nothing/", "/pages/nothing/", "/c/excel/?page=2", "/c/excel/?page=0"]
)
def test_what_is_not_there_answers_404(client: Client, path: str) -> None:
    load()
    assert "No page fits this address" in text_of(client, path, status=404)


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "", "²", "99999"])
def test_a_page_number_that_is_none_answers_404(client: Client, number: str) -> None:
    load()
    assert client.get("/c/excel/", {"page": number}).status_code == 404
    assert client.get("/search/", {"q": "excel", "page": number}).status_code == 404


def test_pages_of_a_shelf_have_addresses_of_their_own(client: Client) -> None:
    load(100)
    text = text_of(client, "/c/excel/?page=2")
    assert '<link rel="canonical" href="http://testserver/c/excel/?page=2">' in text
    assert "Page 2 of 2" in text
    assert len(re.findall('class="product-row"', text)) == 36 - catalog.ON_PAGE


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Type what the tool should do"),
        ("\x00 \x00", "Type what the tool should do"),
        ("gridtrase", "None has these very words"),
        ("zzqqxx", "No tool has these words"),
        ("pivot\x00smith", "Pivotsmith"),
        ("excel " * 100, "only its beginning was used"),
        ('"unfinished quote -', "No tool has these words"),
        ("<script>alert(1)</script>", "No tool has these words"),
    ],
)
def test_search_answers_every_query_in_words(client: Client, query: str, words: str) -> None:
    load()
    assert words in text_of(client, f"/search/?{'q=' + query.replace(' ', '+').replace('<', '%3C')}")


def test_search_shows_the_price_of_the_country(client: Client) -> None:
    load()
    Price.objects.filter(edition__sku="gridtrace-personal").update(amount=Decimal("119.00"))
    Price.objects.filter(edition__product__slug="gridtrace").exclude(edition__sku="gridtrace-personal").delete()
    assert "$100.00" in text_of(client, "/search/?q=gridtrace", UNITED_STATES)
    Price.objects.exclude(currency="EUR").delete()
    assert "€100.00" in text_of(client, "/search/?q=gridtrace", UNITED_STATES)


@pytest.mark.parametrize("path", ["/", "/c/excel/", "/p/gridtrace/", "/search/?q=x"])
def test_pages_are_only_read(client: Client, path: str) -> None:
    load()
    assert client.post(path).status_code == 405
