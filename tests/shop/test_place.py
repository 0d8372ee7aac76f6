"""The switch of country and currency, and prices in several currencies: each its own, none converted."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from shop import cart_store, catalog
from shop.cart import Cart
from shop.cart_store import Kept
from shop.models import Edition, Price
from shop.tax import Buyer
from tests.shop import goods

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def priced(**prices: str) -> Edition:
    """An edition with a price in each of these currencies, EUR 149 among them."""
    made = goods.edition()
    Price.objects.bulk_create(Price(edition=made, currency=code, amount=Decimal(each)) for code, each in prices.items())
    return made


def choose(client: Client, country: str, currency: str, **more: str) -> object:
    data = {"country": country, "currency": currency} | more
    return client.post(reverse("place_choose"), data, headers=SAME_ORIGIN)


def test_the_choice_is_a_cookie_of_ones_own_and_leads_back(client: Client) -> None:
    edition = priced(USD="159.00")
    response = choose(client, "IE", "USD", back=edition.product.get_absolute_url())
    assert (response.status_code, response["Location"]) == (302, edition.product.get_absolute_url())  # type: ignore[attr-defined, index]
    cookie = response.cookies["place"]  # type: ignore[attr-defined]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("IE.USD", "Lax", True)
    text = client.get(edition.product.get_absolute_url(), REMOTE_ADDR="5.9.0.1").content.decode()
    assert ("Ireland, USD" in text, "$159.00" in text, "€149.00" in text) == (True, True, False)
    assert "23% VAT is included, as an estimate for Ireland." in text


def test_the_page_shows_what_is_in_force_to_whoever_comes_from_anywhere(client: Client) -> None:
    priced(USD="159.00")
    page = client.get(
        reverse("place"), headers={"Sec-Fetch-Site": "cross-site", "Referer": "http://testserver/c/excel/"}
    )
    text = page.content.decode()
    assert '<option value="DE" selected>Germany</option>' in text
    assert '<option value="USD">US dollars (USD)</option>' in text
    assert page.context["back"] == "/c/excel/"


@pytest.mark.parametrize(
    ("country", "currency"), [("XX", "EUR"), ("", "EUR"), ("DE", "XXX"), ("DE", ""), ("de", "EUR"), ("DE", "USD")]
)
def test_what_isnt_offered_is_refused_in_words(client: Client, country: str, currency: str) -> None:
    goods.edition()
    response = choose(client, country, currency)
    assert (response.status_code, "place" in response.cookies) == (422, False)  # type: ignore[attr-defined]
    assert "Choose one of the options shown." in response.content.decode()  # type: ignore[attr-defined]


def test_a_form_of_another_site_is_refused(client: Client) -> None:
    response = client.post(
        reverse("place_choose"), {"country": "IE", "currency": "EUR"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (response.status_code, "place" in response.cookies) == (403, False)


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "/place/", "\\\\evil.example"]
)
def test_it_never_leads_elsewhere(client: Client, back: str) -> None:
    goods.edition()
    assert choose(client, "IE", "EUR", back=back)["Location"] == "/"  # type: ignore[index]


def test_only_currencies_with_prices_are_offered() -> None:
    priced(USD="159.00", JPY="20000")
    assert catalog.currencies() == ["EUR", "USD"]


def test_an_edition_without_that_price_is_shown_in_the_shops_own_with_a_sentence(client: Client) -> None:
    edition = priced(USD="159.00")
    other = Edition.objects.create(product=edition.product, sku="team", name="Team")
    Price.objects.create(edition=other, currency="EUR", amount=Decimal("349"))
    choose(client, "US", "USD")
    text = client.get(edition.product.get_absolute_url()).content.decode()
    assert ("$133.61" in text, "€293.28" in text) == (True, True)
    assert "Team has no price in US dollars. You see the price in euros." in text


def test_who_chose_nothing_isnt_told_of_currencies(client: Client) -> None:
    edition = goods.edition()
    text = client.get(edition.product.get_absolute_url(), REMOTE_ADDR="8.8.8.8").content.decode()
    assert ("€125.21" in text, "has no price" in text) == (True, False)


def test_a_cart_is_in_one_currency() -> None:
    both, euros = priced(USD="159.00"), goods.edition("39.00")
    lines = {both.pk: Kept(1, Decimal(159), "USD")}
    in_dollars = Cart(lines, Buyer("DE"), "USD", is_chosen=True)
    assert (in_dollars.currency, in_dollars.total, in_dollars.notices) == ("USD", Decimal("159.00"), [])
    mixed = Cart(lines | {euros.pk: Kept(1, Decimal(39), "EUR")}, Buyer("DE"), "USD", is_chosen=True)
    assert (mixed.currency, mixed.total) == ("EUR", Decimal("188.00"))
    assert mixed.notices == [f"{euros} has no price in US dollars, so you pay in euros."]


def test_what_is_sold_in_a_foreign_currency_only_is_not_mixed() -> None:
    dollars, euros = goods.edition(), goods.edition("39.00")
    Price.objects.filter(edition=dollars).update(currency="USD")
    lines = {dollars.pk: Kept(1, Decimal(149), "USD"), euros.pk: Kept(1, Decimal(39), "EUR")}
    mixed = Cart(lines, Buyer("DE"), "USD")
    assert [line.edition for line in mixed.lines] == [euros]
    assert len(mixed.problems) == 1


def test_switching_the_currency_is_no_change_of_price(client: Client) -> None:
    edition = priced(GBP="129.00")
    client.post(reverse("cart_add"), {"edition": edition.sku}, headers=SAME_ORIGIN)
    choose(client, "GB", "GBP")
    page = client.get(reverse("cart"))
    assert (page.context["currency"], page.context["notices"]) == ("GBP", [])
    assert page.context["amounts"].total == Decimal("108.40")


def test_a_cookie_from_before_there_were_currencies_is_read() -> None:
    assert cart_store._line("12-3-149.5") == (12, Kept(3, Decimal("149.5"), "EUR"))
    with pytest.raises(ValueError, match="no currency"):
        cart_store._line("12-3-149.5-XXX")


@pytest.mark.django_db(transaction=True)
def test_lists_name_the_price_in_the_chosen_currency(client: Client) -> None:
    priced(USD="159.00")
    goods.edition("39.00")
    choose(client, "DE", "USD")
    for path in ("/", "/c/excel/", "/search/?q=tool"):
        text = client.get(path).content.decode()
        assert ("$159.00" in text or path == "/search/?q=tool", "€39.00" in text or "$159.00" in text) == (True, True)
