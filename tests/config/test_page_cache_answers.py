"""How kept pages are answered, what is never kept, and what happens when Redis is away."""

import gzip
import socket
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from config import page_cache
from config.page_cache import is_keepable
from privacy import clock, page_version
from shop.models import Product
from tests.config.kept_shop import GERMANY, Shop

pytestmark = pytest.mark.usefixtures("patience")

HTML = [("Content-Type", "text/html; charset=utf-8")]


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
