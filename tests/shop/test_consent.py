"""The question whether viewed products may be remembered, and what follows from the answer (P2)."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from shop import consent, cookies
from shop.demo.load import load
from shop.models import Product

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
ASKED = "May we remember"


def answer(client: Client, given: str, **headers: str) -> HttpResponse:
    return client.post("/consent/", {"recently_viewed": given}, **(HERE | headers))


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [("1-yes", "yes"), ("1-no", "no"), ("0-yes", ""), ("yes", ""), ("1-", ""), ("1-maybe", ""), ("", "")],
)
def test_only_an_answer_to_the_question_in_force_counts(cookie: str, expected: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["consent"] = cookie
    assert consent.of(request) == expected


def test_global_privacy_control_is_a_no_whatever_the_cookie_says() -> None:
    request = RequestFactory().get("/", HTTP_SEC_GPC="1")
    request.COOKIES["consent"] = "1-yes"
    assert consent.of(request) is consent.Answer.NO


@pytest.mark.promise("P2")
def test_nothing_is_remembered_before_a_yes_and_the_line_asks(client: Client) -> None:
    load()
    response = client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    assert ASKED in response.content.decode()
    assert response.cookies.keys() == set()


@pytest.mark.promise("P2")
def test_after_a_no_nothing_is_remembered_and_nothing_is_asked(client: Client) -> None:
    load()
    answer(client, "no")
    response = client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    assert ASKED not in response.content.decode()
    assert response.cookies.keys() == set()


@pytest.mark.promise("P2")
def test_with_global_privacy_control_nothing_is_remembered_or_asked(client: Client) -> None:
    load()
    answer(client, "yes")
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    assert client.cookies["viewed"].value
    response = client.get("/fragments/header/?viewed=sheetdiff", HTTP_HX_REQUEST="true", HTTP_SEC_GPC="1")
    assert (ASKED in response.content.decode(), "recently-viewed" in response.content.decode()) == (False, False)
    assert client.cookies["viewed"].value == ""


@pytest.mark.promise("P2")
def test_after_a_yes_the_view_is_recorded_and_shown_on_the_next_page(client: Client) -> None:
    load()
    answer(client, "yes")
    first = client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true").content.decode()
    second = client.get("/fragments/header/?viewed=sheetdiff", HTTP_HX_REQUEST="true").content.decode()
    assert ("recently-viewed" in first, ASKED in second) == (False, False)
    assert re.findall(r'class="tile" href="([^"]+)"', second) == ["/p/gridtrace/"]


@pytest.mark.promise("P2")
def test_taking_the_yes_back_forgets_what_was_viewed(client: Client) -> None:
    load()
    answer(client, "yes")
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    answer(client, "no")
    assert (client.cookies["viewed"].value, client.cookies["viewed"]["max-age"]) == ("", 0)


def test_clearing_forgets_the_list_and_keeps_the_answer(client: Client) -> None:
    load()
    answer(client, "yes")
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    response = client.post("/recently-viewed/clear/", **HERE, HTTP_HX_REQUEST="true")
    assert '<section id="recently-viewed">' in response.content.decode()
    assert (client.cookies["viewed"].value, client.cookies["consent"].value) == ("", "1-yes")


@pytest.mark.parametrize("path", ["/consent/", "/recently-viewed/clear/"])
def test_another_site_cannot_answer_for_the_visitor(client: Client, path: str) -> None:
    for headers in ({"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://elsewhere.example"}, {}):
        response = client.post(path, {"recently_viewed": "yes"}, **headers)
        assert (response.status_code, response.cookies.keys()) == (403, set())


def test_an_answer_that_is_none_changes_nothing(client: Client) -> None:
    response = answer(client, "perhaps")
    assert (response.status_code, response.cookies.keys()) == (400, set())


def test_without_javascript_the_page_asks_and_says_the_answer(client: Client) -> None:
    assert "You have not said yet" in client.get("/cookies/").content.decode()
    for given, words in (("yes", "You said yes"), ("no", "You said no")):
        response = client.post("/consent/", {"recently_viewed": given}, **HERE, follow=True)
        assert response.redirect_chain == [("/cookies/", 302)]
        assert words in response.content.decode()


def test_a_yes_and_a_no_are_buttons_of_the_same_kind(client: Client) -> None:
    load()
    for path in ("/cookies/", "/fragments/header/"):
        buttons = re.findall(
            r'<button class="([^"]+)" name="recently_viewed" value="(yes|no)">', client.get(path).content.decode()
        )
        (yes, _), (no, _) = buttons
        assert yes == no


def test_the_cookies_page_lists_every_declared_cookie(client: Client) -> None:
    text = client.get("/cookies/").content.decode()
    names = re.findall(r"<th scope=\"row\"><code>([^<]+)</code>", text)
    assert names == [cookie.name for cookie in cookies.declared()]
    assert names == ["cart", "consent", "viewed", "sessionid", "csrftoken", "messages"]


def test_a_withdrawn_product_is_not_recorded_and_not_shown(client: Client) -> None:
    load()
    answer(client, "yes")
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    Product.objects.filter(slug__in=["gridtrace", "sheetdiff"]).update(is_published=False)
    before = client.cookies["viewed"].value
    response = client.get("/fragments/header/?viewed=sheetdiff", HTTP_HX_REQUEST="true")
    assert ("tile" in response.content.decode(), client.cookies["viewed"].value) == (False, before)


@pytest.mark.parametrize("slug", ["nothing", "%00", "a%00b", "x" * 500])
def test_an_unknown_product_is_no_error(client: Client, slug: str) -> None:
    answer(client, "yes")
    response = client.get(f"/fragments/header/?viewed={slug}", HTTP_HX_REQUEST="true")
    assert (response.status_code, response.cookies.keys()) == (200, set())


def test_a_plain_visit_of_the_fragment_records_nothing(client: Client) -> None:
    load()
    answer(client, "yes")
    assert client.get("/fragments/header/?viewed=gridtrace").cookies.keys() == set()


def test_the_fragment_is_never_kept_and_costs_few_queries(client: Client, django_assert_num_queries: object) -> None:
    load()
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = client.get("/fragments/header/")
    assert "no-store" in response["Cache-Control"]
    answer(client, "yes")
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    with django_assert_num_queries(2):  # type: ignore[operator]
        client.get("/fragments/header/?viewed=sheetdiff", HTTP_HX_REQUEST="true")
