"""Kept pages: quick, the same for everybody, and never older than the last change."""

import gzip
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path

from config import page_cache
from config.page_cache import PageCache, is_keepable
from privacy import clock, page_version
from shop import pages, stock, stock_words
from shop.demo.load import load
from shop.models import Edition, Price, Product

GERMANY, UNITED_STATES = "5.9.0.1", "8.8.8.8"
HTML = [("Content-Type", "text/html; charset=utf-8")]


@dataclass
class Answer:
    """What a browser got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Shop:
    """The application as the server runs it, and how often Django woke."""

    woken: int = 0
    cache: PageCache = field(init=False)

    def __post_init__(self) -> None:
        handler = WSGIHandler()

        def django(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self.woken += 1
            return handler(environ, start_response)

        self.cache = PageCache(django)

    def get(self, path: str, method: str = "GET", **environ: Any) -> Answer:
        """Asks as a new visitor from Germany; `environ` adds to the request."""
        visitor = {"REMOTE_ADDR": GERMANY, "HTTP_HOST": "testserver"} | environ
        request = RequestFactory().generic(method, path).environ
        started: list[Any] = []
        response = self.cache(request | visitor, lambda *answer: started.append(answer))
        body = b"".join(response)
        if close := getattr(response, "close", None):
            close()
        status, headers = started[-1][:2]
        return Answer(int(status[:3]), {name.lower(): value for name, value in headers}, body)

    def is_kept(self, path: str, **environ: Any) -> bool:
        """Whether the second of two requests was answered without Django."""
        self.get(path, **environ)
        before = self.woken
        self.get(path, **environ)
        return self.woken == before


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine may take longer than 50 ms; only one test is about that."""
    page_version._redis.cache_clear()
    page_version._redis().connection_pool.connection_kwargs |= {"socket_timeout": 5, "socket_connect_timeout": 5}
    yield
    page_version._redis.cache_clear()


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    """A shop in the transaction of the test; as in Django's test client, the end of a request leaves it open."""
    load()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Shop()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def live_shop(transactional_db: None) -> Shop:
    """A shop whose changes are committed, so that what is to happen after a commit happens."""
    load()
    return Shop()


@pytest.mark.parametrize(
    "path", ["/", "/c/excel/", "/c/suites/", "/c/excel/?page=1", "/p/gridtrace/", "/pages/terms/", "/privacy/"]
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


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "", "testserver.elsewhere.example", "testserver@evil", "test server"]
)
def test_a_host_that_is_not_ours_is_refused_before_anything_is_looked_up(shop: Shop, host: str) -> None:
    shop.get("/")
    assert (shop.get("/", HTTP_HOST=host).status, shop.woken) == (400, 2)
    assert len(shop.cache._pages) == 1


def test_browsers_ask_each_time_and_get_304_while_nothing_changed(live_shop: Shop) -> None:
    first = live_shop.get("/")
    assert (first.headers["cache-control"], first.headers["vary"]) == ("private, no-cache", "Accept-Encoding")
    same = live_shop.get("/", HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert (same.status, same.body, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert live_shop.get("/", HTTP_IF_NONE_MATCH='W/"other"').status == 200
    Product.objects.filter(slug="gridtrace").update(name="Cellway")
    changed = live_shop.get("/", HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert (changed.status, changed.headers["etag"] == first.headers["etag"]) == (200, False)


def test_a_head_request_gets_the_headers_alone(shop: Shop) -> None:
    page = shop.get("/")
    head = shop.get("/", "HEAD")
    assert (head.status, head.body, head.headers) == (200, b"", page.headers)
    assert shop.woken == 1


def test_a_head_request_is_never_kept_as_the_page(shop: Shop) -> None:
    shop.get("/", "HEAD")
    assert len(shop.get("/").body) > 1000


@pytest.mark.parametrize(("accepts", "zipped"), [("gzip, br", True), ("br", False), ("gzip;q=0", False), ("", False)])
def test_a_zipped_copy_is_ready_for_who_takes_it(shop: Shop, accepts: str, zipped: bool) -> None:
    plain = shop.get("/")
    answer = shop.get("/", HTTP_ACCEPT_ENCODING=accepts)
    assert (answer.headers.get("content-encoding") == "gzip") is zipped
    assert (gzip.decompress(answer.body) if zipped else answer.body) == plain.body
    assert answer.headers["content-length"] == str(len(answer.body))


def test_security_headers_are_kept_as_django_wrote_them(shop: Shop) -> None:
    names = (
        "content-security-policy",
        "x-frame-options",
        "referrer-policy",
        "x-content-type-options",
        "cross-origin-opener-policy",
    )
    shop.get("/")
    kept, rendered = shop.get("/"), Client().get("/", REMOTE_ADDR=GERMANY)
    assert {name: kept.headers[name] for name in names} == {name: rendered[name] for name in names}


def test_kept_pages_answer_only_secure_requests_where_the_shop_is_secure(shop: Shop, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    shop = Shop()
    secure = {"wsgi.url_scheme": "https"}
    assert shop.get("/", **secure).headers["strict-transport-security"] == "max-age=60"
    assert shop.is_kept("/", **secure)
    assert (shop.get("/").status, shop.get("/").headers["location"]) == (301, "https://testserver/")


def test_behind_a_proxy_its_header_says_whether_a_request_is_secure(shop: Shop, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    shop = Shop()
    assert shop.is_kept("/", HTTP_X_FORWARDED_PROTO="https")
    assert shop.get("/", HTTP_X_FORWARDED_PROTO="http").status == 301


def test_a_silent_redis_costs_50_ms_three_times_then_once_a_second_and_pages_are_rendered(
    shop: Shop, settings: Any
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        page_version._redis.cache_clear()
        start = clock.now()
        moments = [start + timedelta(seconds=after) for after in (0, 0, 0, 0.5, 0.9, 1.5, 1.6)]
        waited = [_seconds_until_passed_through(shop, moment) for moment in moments]
    assert [seconds >= 0.05 for seconds in waited] == [True, True, True, False, False, True, False]
    assert max(waited) < 0.5
    assert (shop.get("/").status, len(shop.cache._pages)) == (200, 0)


def _seconds_until_passed_through(shop: Shop, moment: datetime) -> float:
    with clock.at(moment):
        before = time.perf_counter()
        assert shop.cache._key(RequestFactory().get("/", HTTP_HOST="testserver").environ) is None
        return time.perf_counter() - before


def test_an_emptied_redis_makes_pages_anew(shop: Shop) -> None:
    shop.get("/")
    page_version._redis().flushdb()
    shop.get("/")
    assert shop.woken == 2
    assert shop.is_kept("/")


def test_the_cache_stays_small_and_drops_what_was_asked_for_longest_ago(shop: Shop) -> None:
    size = page_cache.KeptPage([], b"", b"", "", clock.now()).size
    for each in ("/", "/c/excel/", "/privacy/"):
        shop.get(each)
    everything = shop.cache._bytes
    assert everything == sum(page.size for page in shop.cache._pages.values()) > 3 * size
    shop.get("/")
    shop.cache._most_bytes = everything
    shop.get("/c/azure/")
    assert [key[0] for key in shop.cache._pages] == ["/privacy/", "/", "/c/azure/"]
    assert shop.cache._bytes == sum(page.size for page in shop.cache._pages.values()) <= everything


def test_a_page_in_maintenance_is_not_kept(shop: Shop, settings: Any) -> None:
    settings.MAINTENANCE = True
    assert not shop.is_kept("/")
    settings.MAINTENANCE = False
    assert shop.get("/").status == 200


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        ("404 Not Found", HTML, b"x"),
        ("302 Found", HTML, b"x"),
        ("200 OK", [("Content-Type", "text/plain")], b"x"),
        ("200 OK", [*HTML, ("Set-Cookie", "a=b")], b"x"),
        ("200 OK", [*HTML, ("Vary", "Cookie")], b"x"),
        ("200 OK", [*HTML, ("Vary", "Accept-Language")], b"x"),
        ("200 OK", [*HTML, ("vary", "Accept-Encoding"), ("Vary", "Cookie")], b"x"),
        ("200 OK", [*HTML, ("Cache-Control", "no-store")], b"x"),
        ("200 OK", [*HTML, ("Content-Security-Policy", "script-src 'nonce-abc'")], b"x"),
        ("200 OK", [*HTML, ("Content-Encoding", "gzip")], b"x"),
        ("200 OK", HTML, b'<input name="csrfmiddlewaretoken">'),
    ],
)
def test_what_may_not_be_given_to_others_is_not_kept(status: str, headers: list[tuple[str, str]], body: bytes) -> None:
    assert not is_keepable(status, headers, body)
    assert is_keepable("200 OK", [*HTML, ("Vary", "Accept-Encoding")], b"x")


def _page_with_a_token(request: HttpRequest) -> HttpResponse:
    from django.template import engines

    return HttpResponse(engines["django"].from_string("<form>{% csrf_token %}</form>").render({}, request))


urlpatterns = [path("privacy/", _page_with_a_token, name="policy")]


@pytest.mark.urls(__name__)
def test_a_page_with_a_csrf_token_is_not_kept() -> None:
    shop = Shop()
    assert b"csrfmiddlewaretoken" in shop.get("/privacy/").body
    assert not shop.is_kept("/privacy/")


@pytest.mark.parametrize("path", ["/", "/c/excel/", "/p/gridtrace/", "/pages/terms/", "/privacy/"])
def test_no_page_that_is_meant_to_be_kept_carries_a_csrf_token(shop: Shop, path: str) -> None:
    answer = shop.get(path)
    assert b"csrfmiddlewaretoken" not in answer.body
    assert shop.is_kept(path)
