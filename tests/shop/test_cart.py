from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from privacy import clock
from shop import cart, cart_store, cookies, tax_schemes
from shop.cart import Cart, CartError
from shop.cart_store import Kept
from shop.models import CartLine, Edition, Price
from shop.tax import Buyer
from tests.shop import goods

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def kept(edition: Edition, quantity: int = 1, price: str = "149.00") -> cart_store.Lines:
    return {edition.pk: Kept(quantity, Decimal(price))}


@pytest.mark.promise("P4")
def test_a_visitors_cart_is_a_cookie_and_has_no_row(client: Client) -> None:
    edition = goods.edition()
    response = client.post(reverse("cart_add"), {"edition": edition.sku, "quantity": "2"}, headers=SAME_ORIGIN)
    assert (response.status_code, response["Location"]) == (302, reverse("cart"))
    assert list(response.cookies) == ["cart"]
    assert CartLine.objects.count() == 0
    page = client.get(reverse("cart"))
    assert page.context["cart"].kept == kept(edition, 2)
    assert page.context["amounts"].total == Decimal("298.00")


def test_adding_takes_two_queries_at_most(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    edition = goods.edition(key_source=Edition.KeySource.POOL)
    tax_schemes.seller(clock.today())  # read once a version of what everybody sees
    with django_assert_max_num_queries(2):
        client.post(reverse("cart_add"), {"edition": edition.sku}, headers=SAME_ORIGIN)


@pytest.mark.parametrize("quantity", ["-1", "0", "1000000000", "x", "", "1.5", "9" * 5000, "\0", "１e3"])
def test_a_wrong_quantity_gets_a_sentence_and_changes_nothing(client: Client, quantity: str) -> None:
    edition = goods.edition()
    client.post(reverse("cart_add"), {"edition": edition.sku, "quantity": "1"}, headers=SAME_ORIGIN)
    response = client.post(reverse("cart_change"), {"edition": edition.sku, "quantity": quantity}, headers=SAME_ORIGIN)
    assert response.status_code == 422
    assert response.context["error"].startswith(("Please write", "The quantity starts", "You can buy 999"))
    assert client.get(reverse("cart")).context["cart"].kept == kept(edition, 1)


@pytest.mark.parametrize("sku", ["nothing", "", "\0", "x" * 9000, "'; DROP TABLE shop_edition"])
def test_an_unknown_edition_gets_a_sentence(client: Client, sku: str) -> None:
    response = client.post(reverse("cart_add"), {"edition": sku}, headers=SAME_ORIGIN)
    assert response.status_code == 422
    assert response.context["error"] == "We don't sell this edition. Please choose one on the product's page."


def test_a_price_from_the_client_is_ignored(client: Client) -> None:
    edition = goods.edition()
    client.post(
        reverse("cart_add"), {"edition": edition.sku, "price": "0.01", "unit_price": "0.01"}, headers=SAME_ORIGIN
    )
    assert client.get(reverse("cart")).context["amounts"].total == Decimal("149.00")


@pytest.mark.parametrize("value", ["garbage", "1-1-1:bad:signature", "x" * 5000, "\0", ":::", "é"])
def test_a_forged_cookie_is_an_empty_cart(client: Client, value: str) -> None:
    client.cookies["cart"] = value
    response = client.get(reverse("cart"))
    assert (response.status_code, response.context["cart"].kept) == (200, {})


@pytest.mark.parametrize("value", ["a-b-c", "1-1", "1--5-3", "1-1-x", "99999999999-1-1", "1-1000-1", "_", "1-1-NaN-"])
def test_a_signed_cookie_of_another_form_is_an_empty_cart(rf: RequestFactory, client: Client, value: str) -> None:
    from django.http import HttpResponse

    response = HttpResponse()
    cookies.CART.write(response, value)
    client.cookies["cart"] = response.cookies["cart"].value
    assert client.get(reverse("cart")).context["cart"].kept == {}


def test_50_lines_fit_and_the_51st_is_refused_in_words() -> None:
    cart_of = Cart({}, Buyer("DE"), "EUR")
    for _ in range(50):
        cart_of.put(goods.edition().sku, "999", add=True)
    with pytest.raises(CartError, match="50 lines at most"):
        cart_of.put(goods.edition().sku, "1", add=True)


def test_the_largest_cart_fits_into_its_cookie(rf: RequestFactory) -> None:
    from django.http import HttpResponse

    lines = {2_000_000_000 + number: Kept(999, Decimal("99999.99")) for number in range(50)}
    response = HttpResponse()
    cart_store.write_cookie(response, lines)
    request = rf.get("/")
    request.COOKIES["cart"] = response.cookies["cart"].value
    assert len(response.cookies["cart"].value) < cart_store.LARGEST_COOKIE
    assert cart_store.read_cookie(request) == lines


def test_a_withdrawn_product_and_a_changed_price_are_said_in_words() -> None:
    cheaper, gone = goods.edition("42.00", sold_per="seat", quantity_min=5), goods.edition()
    lines = kept(cheaper, 5, "42.00") | kept(gone)
    Price.objects.filter(edition=cheaper).update(amount="39.00")
    gone.product.is_published = False
    gone.product.save()
    cart_of = Cart(lines, Buyer("DE"), "EUR")
    assert [line.edition for line in cart_of.lines] == [cheaper]
    assert cart_of.notices == [
        f"{cheaper} went from €42.00 to €39.00 a seat since you added it. You pay the lower price.",
        f"{gone} is no longer sold. It isn't counted, and you don't pay for it.",
    ]
    assert cart_of.total == Decimal("195.00")


def test_more_than_a_thousand_keys_must_be_two_orders() -> None:
    lines = kept(goods.edition(), 999) | kept(goods.edition(), 2)
    cart_of = Cart(lines, Buyer("DE"), "EUR")
    assert cart_of.lines
    assert cart_of.problems == ["An order may have 1,000 keys at most. Please make two orders of it."]


def test_seats_are_one_key(client: Client) -> None:
    cart_of = Cart(kept(goods.edition(sold_per="seat"), 999), Buyer("DE"), "EUR")
    assert [line.units for line in cart_of.lines] == [1]


def _log_in(rf: RequestFactory, lines: cart_store.Lines, user: object) -> None:
    from django.http import HttpResponse

    response = HttpResponse()
    cart_store.write_cookie(response, lines)
    request = rf.post("/")
    request.session = SessionStore()
    request.COOKIES["cart"] = response.cookies["cart"].value
    user_logged_in.send(type(user), request=request, user=user)


def test_the_carts_merge_at_login_and_no_line_is_lost_or_doubled(rf: RequestFactory) -> None:
    user = get_user_model().objects.create_user("ada@example.com")
    both, mine, visitors = goods.edition(), goods.edition(), goods.edition()
    cart_store.write_rows(user, {}, kept(both, 2) | kept(mine, 1))
    for _ in range(2):  # the same cookie may arrive twice
        _log_in(rf, kept(both, 3) | kept(visitors, 4), user)
    assert cart_store.read_rows(user) == kept(both, 3) | kept(mine, 1) | kept(visitors, 4)


def test_an_account_keeps_its_cart_in_rows(client: Client) -> None:
    user = get_user_model().objects.create_user("ada@example.com")
    client.force_login(user)
    edition = goods.edition()
    client.post(reverse("cart_add"), {"edition": edition.sku, "quantity": "2"}, headers=SAME_ORIGIN)
    client.post(reverse("cart_change"), {"edition": edition.sku, "quantity": "5"}, headers=SAME_ORIGIN)
    assert cart_store.read_rows(user) == kept(edition, 5)
    client.post(reverse("cart_remove"), {"edition": edition.sku}, headers=SAME_ORIGIN)
    assert cart_store.read_rows(user) == {}


def test_two_tabs_add_to_one_account_and_no_line_is_lost() -> None:
    user = get_user_model().objects.create_user("ada@example.com")
    first, second = goods.edition(), goods.edition()
    cart_store.write_rows(user, {}, kept(first, 1))
    both_read = cart_store.read_rows(user)
    cart_store.write_rows(user, both_read, both_read | kept(second, 2))
    cart_store.write_rows(user, both_read, kept(first, 4))
    assert cart_store.read_rows(user) == kept(first, 4) | kept(second, 2)
    cart_store.write_rows(user, both_read, kept(first, 2))
    assert cart_store.read_rows(user)[first.pk].quantity == 5


@pytest.mark.django_db(transaction=True)
def test_ten_tabs_at_once_add_ten(client: Client) -> None:
    user = get_user_model().objects.create_user("ada@example.com")
    edition = goods.edition()

    def add(_: int) -> None:
        try:
            cart_store.write_rows(user, {}, kept(edition))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as threads:
        list(threads.map(add, range(10)))
    assert cart_store.read_rows(user) == kept(edition, 10)


def test_the_merged_cookie_is_forgotten_by_the_next_page(client: Client) -> None:
    edition = goods.edition()
    client.post(reverse("cart_add"), {"edition": edition.sku}, headers=SAME_ORIGIN)
    client.force_login(get_user_model().objects.create_user("ada@example.com"))
    assert client.get(reverse("header_fragment")).cookies["cart"].value == ""


def test_more_than_50_lines_after_a_merge_are_said() -> None:
    lines: cart_store.Lines = {}
    for _ in range(51):
        lines |= kept(goods.edition())
    cart_of = Cart(lines, Buyer("DE"), "EUR")
    assert len(cart_of.lines) == 51
    assert cart_of.problems == ["The cart holds 50 lines at most. Please take some out and buy them later."]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {}],
)
def test_a_form_of_another_site_changes_nothing(headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("cart_add"), {"edition": goods.edition().sku}, headers=headers)
    assert response.status_code == 403
    assert "cart" not in response.cookies


def test_the_cart_of_a_request_is_priced_for_its_country(rf: RequestFactory) -> None:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/", REMOTE_ADDR="8.8.8.8")
    request.user = AnonymousUser()
    assert (cart.of(request).country, cart.of(request, Buyer("FR")).country) == ("US", "FR")
