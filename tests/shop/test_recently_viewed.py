import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from shop import cookies, recently_viewed
from shop.consent import Answer
from shop.demo.load import load
from shop.models import Product


def request_with(**values: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES.update(values)
    return request


def read(**values: str) -> list[int]:
    return recently_viewed.ids_of(request_with(**values), Answer.YES)


def written(ids: list[int]) -> str:
    response = HttpResponse()
    recently_viewed.record(response, ids)
    return response.cookies["viewed"].value


def test_the_latest_comes_first_once_and_the_oldest_of_12_falls_out() -> None:
    ids: list[int] = []
    for product_id in [*range(1, 15), 5]:
        ids = recently_viewed.with_viewed(ids, product_id)
    assert ids == [5, 14, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3]
    assert recently_viewed.MOST == 12


def test_what_was_written_is_read() -> None:
    assert read(viewed=written([3, 1, 2])) == [3, 1, 2]


@pytest.mark.promise("P2")
@pytest.mark.parametrize("answer", [Answer.NO, Answer.NONE])
def test_without_a_yes_the_cookie_is_not_read(answer: Answer) -> None:
    assert recently_viewed.ids_of(request_with(viewed=written([1])), answer) == []


@pytest.mark.parametrize(
    "change", [lambda value: "9" + value, lambda value: value[:-1], lambda _: "1.2.3", lambda _: ""]
)
def test_a_tampered_cookie_counts_as_none(change: object) -> None:
    assert read(viewed=change(written([1, 2]))) == []  # type: ignore[operator]


def test_a_cookie_signed_for_another_purpose_counts_as_none() -> None:
    response = HttpResponse()
    cookies.CART.write(response, "1.2")
    assert read(viewed=response.cookies["cart"].value) == []


def test_the_cookie_is_the_visitors_own() -> None:
    response = HttpResponse()
    recently_viewed.record(response, [1])
    cookie = response.cookies["viewed"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 90 * 24 * 3600)


@pytest.mark.django_db
def test_products_stand_in_the_order_of_the_views_without_the_withdrawn() -> None:
    load()
    ids = dict(Product.objects.values_list("slug", "pk"))
    Product.objects.filter(slug="sheetdiff").update(is_published=False)
    wanted = [ids["costline"], ids["sheetdiff"], 10**9, ids["gridtrace"]]
    assert [product.slug for product in recently_viewed.products(wanted, "EUR")] == ["costline", "gridtrace"]


@pytest.mark.django_db
def test_no_views_ask_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert recently_viewed.products([], "EUR") == []
