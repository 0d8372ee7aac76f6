"""Cookies are declared, and nothing undeclared is set (P4)."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from shop import cookies
from shop.checks import cookies_are_declared
from shop.demo.load import load


def test_a_signed_cookie_is_read_back_and_a_changed_one_is_not() -> None:
    response = HttpResponse()
    cookies.CART.write(response, "value")
    request = RequestFactory().get("/")
    request.COOKIES["cart"] = response.cookies["cart"].value
    assert cookies.CART.read(request) == "value"
    request.COOKIES["cart"] = "x" + request.COOKIES["cart"]
    assert cookies.CART.read(request) is None


def test_names_are_unique_and_only_what_needs_a_yes_is_not_necessary() -> None:
    declared = list(cookies.declared())
    assert len({cookie.name for cookie in declared}) == len(declared)
    assert [cookie.name for cookie in declared if cookie.needs_yes] == ["viewed"]


def test_a_cookie_is_secure_where_the_shop_is(settings: object) -> None:
    for secure in (True, False):
        settings.SESSION_COOKIE_SECURE = secure  # type: ignore[attr-defined]
        response = HttpResponse()
        cookies.CONSENT.write(response, "1-no-1")
        assert bool(response.cookies["consent"]["secure"]) is secure


@pytest.mark.promise("P4")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/", "/c/excel/", "/p/gridtrace/", "/search/?q=a", "/pages/terms/", "/privacy/", "/cookies/", "/cart/", "/x"],
)
def test_looking_at_pages_sets_no_cookie(client: Client, path: str) -> None:
    load()
    assert client.get(path).cookies.keys() == set()


def test_a_new_cookie_fails_the_check_until_it_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    banner = cookies.Cookie("banner", "Keeps that you saw the banner.", None, signed=False)
    monkeypatch.setattr(cookies, "BANNER", banner, raising=False)
    assert [(message.id, message.msg) for message in cookies_are_declared()] == [
        ("shop.E001", "The cookie “banner” isn't declared: visitors don't find it on the list of cookies.")
    ]
