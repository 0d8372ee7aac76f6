"""Kept pages: quick, the same for everybody, and never older than the last change."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy import clock
from shop import pages, stock, stock_words
from shop.models import Edition, Price, Product
from tests.config.kept_shop import UNITED_STATES, Shop


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/c/excel/",
        "/c/suites/",
        "/c/excel/?page=1",
        "/p/gridtrace/",
        "/pages/terms/",
        "/privacy/",
        "/trusted-by/",
        "/trusted-by/gridtrace/",
    ],
)
def test_pages_that_everybody_sees_are_kept_and_cost_no_query(shop: Shop, path: str) -> None:
    first = shop.get(path)
    with CaptureQueriesContext(connection) as queries:
        second = shop.get(path)
    assert (shop.woken, len(queries)) == (1, 0)
    assert (second.status, second.body, second.headers) == (200, first.body, first.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=excel",
        "/cart/",
        "/checkout/",
        "/cookies/",
        "/fragments/header/",
        "/?utm_source=x",
        "/c/excel/?page=1&x=1",
        "/c/excel/?page=01",
        "/p/gridtrace/?page=1",
        "/p/nothing/",
        "/p/gridtrace",
        "/healthz",
        "/readyz",
        "/sitemap.xml",
        "/account/login/",
    ],
)
def test_everything_else_is_answered_by_django(shop: Shop, path: str) -> None:
    assert not shop.is_kept(path)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_pass_through(shop: Shop, method: str) -> None:
    shop.get("/")
    assert (shop.get("/", method).status in {403, 405}, shop.woken) == (True, 2)


@pytest.mark.parametrize("cookie", ["sessionid=abc", "a=b; sessionid=", "messages=x"])
def test_a_session_or_words_for_the_next_page_pass_through(shop: Shop, cookie: str) -> None:
    shop.get("/")
    assert not shop.is_kept("/", HTTP_COOKIE=cookie)
    assert len(shop.cache._pages) == 1


def test_the_visitors_own_cookies_change_nothing(shop: Shop) -> None:
    plain = shop.get("/p/gridtrace/")
    own = shop.get("/p/gridtrace/", HTTP_COOKIE="cart=forged; consent=1-yes; viewed=1.2; csrftoken=x")
    assert (own.body, shop.woken) == (plain.body, 1)


def test_a_person_who_is_signed_in_and_a_stranger_never_get_each_others_page(shop: Shop) -> None:
    person = get_user_model().objects.create_user("person@example.com", "a long password")
    client = Client()
    client.force_login(person)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    before = shop.get("/p/gridtrace/")
    signed_in = shop.get("/p/gridtrace/", HTTP_COOKIE=cookie)
    after = shop.get("/p/gridtrace/")
    assert (before.body, shop.woken, len(shop.cache._pages)) == (after.body, 2, 1)
    assert signed_in.status == 200
    assert b"person@example.com" not in after.body


def test_a_changed_price_shows_on_the_next_response(live_shop: Shop) -> None:
    assert "€149.00" in live_shop.get("/p/gridtrace/").text
    Price.objects.filter(edition__sku="gridtrace-professional").update(amount=Decimal("151.00"))
    text = live_shop.get("/p/gridtrace/").text
    assert ("€149.00" in text, "€151.00" in text) == (False, True)


def test_a_changed_name_shows_on_the_next_response_of_every_page(live_shop: Shop) -> None:
    pages_with_it = ("/", "/c/excel/", "/p/gridtrace/")
    for each in pages_with_it:
        live_shop.get(each)
    product = Product.objects.get(slug="gridtrace")
    product.name = "Cellway"
    product.save()
    assert ["Cellway" in live_shop.get(each).text for each in pages_with_it] == [True, True, True]


def test_a_changed_stock_word_shows_on_the_next_response(live_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = Edition.objects.get(sku="sheetdiff-personal")
    left = {edition.pk: 50}
    monkeypatch.setattr(stock, "_stock", [SimpleNamespace(left=lambda _ids: left)])
    stock_words.changed([edition.pk])
    assert "Sold out" not in live_shop.get("/p/sheetdiff/").text
    left[edition.pk] = 0
    with transaction.atomic():
        stock_words.changed([edition.pk])
    assert "Sold out" in live_shop.get("/p/sheetdiff/").text


def test_a_withdrawn_product_is_gone_from_the_next_response(live_shop: Shop) -> None:
    live_shop.get("/p/gridtrace/")
    Product.objects.filter(slug="gridtrace").update(is_published=False)
    assert live_shop.get("/p/gridtrace/").status == 410


def test_a_new_text_shows_on_the_next_response(live_shop: Shop) -> None:
    live_shop.get("/pages/terms/")
    pages.publish("terms", "Terms of sale", "Everything is new.")
    assert "Everything is new." in live_shop.get("/pages/terms/").text


def test_a_change_that_is_rolled_back_changes_nothing(live_shop: Shop) -> None:
    before = live_shop.get("/p/gridtrace/").body
    with transaction.atomic():
        Product.objects.filter(slug="gridtrace").update(name="Cellway")
        transaction.set_rollback(True)
    assert (live_shop.get("/p/gridtrace/").body, live_shop.woken) == (before, 1)


def test_without_the_signal_a_change_would_stay_unseen_for_a_minute(shop: Shop) -> None:
    """The canary of the tests above: raw SQL sends no signal, so the old page is given until it is too old."""
    shop.get("/p/gridtrace/")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_product SET name = 'Cellway' WHERE slug = 'gridtrace'")
    assert "Cellway" not in shop.get("/p/gridtrace/").text
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert "Cellway" in shop.get("/p/gridtrace/").text


def test_a_page_rendered_from_old_rows_never_stands_under_the_new_version(live_shop: Shop) -> None:
    """The product changes while its page is rendered: the version was read before, so the old page dies with it."""
    handler = live_shop.cache._application

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = b"".join(handler(environ, start_response))
        Product.objects.filter(slug="gridtrace").update(name="Cellway")
        return [body]

    live_shop.cache._application = slow
    assert "Cellway" not in live_shop.get("/p/gridtrace/").text
    live_shop.cache._application = handler
    assert "Cellway" in live_shop.get("/p/gridtrace/").text


def test_every_country_sees_its_own_prices(shop: Shop) -> None:
    german, american = shop.get("/p/gridtrace/"), shop.get("/p/gridtrace/", REMOTE_ADDR=UNITED_STATES)
    assert ("€149.00" in german.text, "€149.00" in american.text) == (True, False)
    assert shop.get("/p/gridtrace/").body == german.body
    assert shop.get("/p/gridtrace/", REMOTE_ADDR=UNITED_STATES).body == american.body
    assert shop.woken == 2


def test_who_chose_a_country_sees_its_prices_and_nonsense_changes_nothing(shop: Shop) -> None:
    german, irish = shop.get("/p/gridtrace/"), shop.get("/p/gridtrace/", HTTP_COOKIE="place=IE.EUR")
    assert "an estimate for Ireland" in irish.text
    assert "an estimate for Ireland" not in german.text
    assert shop.get("/p/gridtrace/", HTTP_COOKIE="cart=x; place=IE.EUR").body == irish.body
    for nonsense in ("place=XX.EUR", "place=IE.XXX", "place=", "place=IE.EUR.EUR"):
        assert shop.get("/p/gridtrace/", HTTP_COOKIE=nonsense).body == german.body
    assert shop.woken == 2
