"""The question whether viewed products may be remembered, and what follows from the answer (P2)."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from privacy import clock
from privacy.models import Consent
from shop import consent, cookies
from shop.demo.load import load
from shop.models import Product

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
ASKED = "May we remember"


def answer(client: Client, given: str, **headers: str) -> HttpResponse:
    return client.post("/consent/", {"recently_viewed": given}, **(HERE | headers))


def asked(value: str, **headers: str) -> HttpRequest:
    """A request of a browser that keeps this answer, signed by the shop."""
    response, request = HttpResponse(), RequestFactory().get("/", **headers)
    cookies.CONSENT.write(response, value)
    request.COOKIES["consent"] = response.cookies["consent"].value
    return request


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("1-yes-1795399200000", "yes"),
        ("1-no-1795399200000", "no"),
        ("0-yes-1795399200000", ""),
        ("1-yes", ""),
        ("1-yes-x", ""),
        ("yes", ""),
        ("1-", ""),
        ("1-maybe-1", ""),
        ("", ""),
    ],
)
def test_only_an_answer_to_the_question_in_force_counts(cookie: str, expected: str) -> None:
    assert consent.of(asked(cookie)) == expected


def test_a_yes_that_the_shop_did_not_sign_counts_as_none() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["consent"] = "1-yes-1795399200000"
    assert consent.of(request) is consent.Answer.NONE


def test_global_privacy_control_is_a_no_whatever_the_cookie_says() -> None:
    assert consent.of(asked("1-yes-1795399200000", HTTP_SEC_GPC="1")) is consent.Answer.NO


def test_an_answer_names_its_question_and_its_moment(client: Client) -> None:
    with clock.at(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        answer(client, "yes")
    version, said, stamp = client.cookies["consent"].value.split(":")[0].split("-")
    assert (version, said) == (consent.QUESTION.version, "yes")
    assert datetime.fromtimestamp(int(stamp) / 1000, UTC).date() == date(2026, 11, 23)


def test_the_words_that_are_asked_are_the_words_of_the_register(client: Client) -> None:
    load()
    for path in ("/cookies/", "/fragments/header/"):
        assert consent.QUESTION.words in client.get(path).content.decode()


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
    client.get("/cart/")  # the tax scheme is read once a version of what everybody sees
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
    client.get("/cart/")  # the tax scheme is read once a version of what everybody sees
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    answer(client, "no")
    assert (client.cookies["viewed"].value, client.cookies["viewed"]["max-age"]) == ("", 0)


def test_clearing_forgets_the_list_and_keeps_the_answer(client: Client) -> None:
    load()
    answer(client, "yes")
    client.get("/cart/")  # the tax scheme is read once a version of what everybody sees
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    before = client.cookies["consent"].value
    response = client.post("/recently-viewed/clear/", **HERE, HTTP_HX_REQUEST="true")
    assert '<section id="recently-viewed">' in response.content.decode()
    assert (client.cookies["viewed"].value, client.cookies["consent"].value) == ("", before)


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
    assert names == ["cart", "coupon", "consent", "place", "viewed", "sessionid", "csrftoken", "messages"]


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
    client.get("/cart/")  # the tax scheme is read once a version of what everybody sees
    client.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    with django_assert_num_queries(2):  # type: ignore[operator]
        client.get("/fragments/header/?viewed=sheetdiff", HTTP_HX_REQUEST="true")


# --- People who are signed in -----------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(User.objects.create_user("ada@example.com"))
    return client


def standing() -> list[tuple[str, str, str]]:
    """The rows of the register, by version, digest and end."""
    return list(Consent.objects.order_by("pk").values_list("version", "digest", "end"))


QUESTION = (consent.QUESTION.version, consent.QUESTION.digest)


def test_a_yes_of_a_person_who_is_signed_in_is_on_record_and_so_is_taking_it_back(signed_in: Client) -> None:
    answer(signed_in, "yes")
    assert standing() == [(*QUESTION, "")]
    answer(signed_in, "yes")
    assert standing() == [(*QUESTION, "")]
    answer(signed_in, "no")
    assert standing() == [(*QUESTION, "withdrawn")]
    row = Consent.objects.get()
    assert row.ended_at is not None
    assert row.given_at <= row.ended_at


def test_a_no_before_any_yes_leaves_no_row(signed_in: Client) -> None:
    answer(signed_in, "no")
    assert standing() == []


def test_an_anonymous_answer_leaves_no_row_and_signing_in_makes_none_of_it(client: Client) -> None:
    answer(client, "yes")
    client.force_login(User.objects.create_user("ada@example.com"))
    client.get("/fragments/header/", HTTP_HX_REQUEST="true")
    assert standing() == []
    assert client.cookies["consent"].value


@pytest.mark.promise("P2")
def test_what_is_taken_back_in_one_browser_ends_in_every_browser_that_is_signed_in(signed_in: Client) -> None:
    load()
    elsewhere = Client()
    elsewhere.force_login(User.objects.get())
    for browser in (signed_in, elsewhere):
        answer(browser, "yes")
    elsewhere.get("/fragments/header/?viewed=gridtrace", HTTP_HX_REQUEST="true")
    answer(signed_in, "no")
    response = elsewhere.get("/fragments/header/?viewed=sheetdiff", HTTP_HX_REQUEST="true")
    assert "recently-viewed" not in response.content.decode()
    assert (elsewhere.cookies["viewed"].value, elsewhere.cookies["viewed"]["max-age"]) == ("", 0)
    answer(elsewhere, "yes")
    elsewhere.get("/fragments/header/?viewed=sheetdiff", HTTP_HX_REQUEST="true")
    assert elsewhere.cookies["viewed"].value


def test_a_browser_that_says_no_to_everybody_cannot_put_a_yes_on_record(signed_in: Client) -> None:
    response = answer(signed_in, "yes", HTTP_SEC_GPC="1", HTTP_HX_REQUEST="true")
    assert "No product that you view is remembered." in response.content.decode()
    assert standing() == []


def test_the_register_is_asked_once_and_only_after_a_yes(signed_in: Client) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            signed_in.get("/fragments/header/")
        return len([query for query in queries if "privacy_consent" in query["sql"]])

    assert questions() == 0
    answer(signed_in, "yes")
    assert questions() == 1


def test_the_account_shows_what_stands_and_that_the_browser_says_no_to_everybody(signed_in: Client) -> None:
    answer(signed_in, "yes")
    page = signed_in.get("/account/consents/").content.decode()
    assert (consent.QUESTION.words in page, "Products that you view are remembered." in page) == (True, True)
    page = signed_in.get("/account/consents/", HTTP_SEC_GPC="1").content.decode()
    assert "Your browser sends Global Privacy Control. We take it as a no, whatever was said before" in page
    assert "Products that you view are remembered." not in page
