"""Connection and billing address say different countries: the buyer is asked once, before paying, and tax follows."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from privacy.models import Alert
from shop import payment_methods, tax_rates
from shop.models import Order, TaxScheme
from tests.shop import goods
from tests.shop.test_checkout import Method, fill, form

pytestmark = pytest.mark.django_db
US, IRELAND = "8.8.8.8", "87.32.0.1"
IRISH = {"country": "IE", "postal_code": "D02 X285", "payment_method": "paypal"}


@pytest.fixture(autouse=True)
def methods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_methods, "_methods", {"paypal": Method("paypal", eu_only=False)})


def send(client: Client, address: str = US, **changes: object) -> Any:
    fill(client, (goods.edition(), 1))
    return client.post(reverse("checkout"), form(**IRISH | changes), REMOTE_ADDR=address)


@pytest.mark.promise("P3", "P6d")
def test_an_irish_consumer_whose_connection_says_us_is_asked_politely(client: Client) -> None:
    response = send(client)
    assert response.status_code == 422
    assert response.context["form"].errors["residence"] == [
        (
            "Your connection is in United States, your billing address in Ireland. Where do you live, or where is your "
            "company? The tax follows your answer."
        )
    ]
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    ("answer", "said", "country", "tax"),
    [("billing", "IE", "IE", Decimal("27.86")), ("connection", "US", "US", Decimal(0))],
)
def test_the_tax_follows_the_answer(client: Client, answer: str, said: str, country: str, tax: Decimal) -> None:
    assert send(client, residence=answer).status_code == 302
    order = Order.objects.get()
    assert order.evidence == {"billing": "IE", "ip": "US", "answer": said}
    assert (order.country, order.lines.get().tax_country, order.tax) == ("IE", country, tax)


def test_who_looks_sees_the_question_before_he_pays(client: Client) -> None:
    fill(client, (goods.edition(), 1))
    shown = client.post(reverse("checkout"), form(**IRISH, look="1"), REMOTE_ADDR=US)
    assert shown.context["question"].startswith("Your connection is in United States")
    text = shown.content.decode()
    assert 'name="residence" value="billing"' in text
    assert 'name="residence" value="connection"' in text


@pytest.mark.parametrize("address", [IRELAND, "127.0.0.1", "10.0.0.1", "not an address"])
def test_nobody_is_asked_where_they_agree_or_nothing_is_known(client: Client, address: str) -> None:
    assert send(client, address).status_code == 302
    assert "answer" not in Order.objects.get().evidence


def test_a_nonsense_answer_is_none(client: Client) -> None:
    response = send(client, residence="the moon")
    assert (response.status_code, Order.objects.count()) == (422, 0)


def test_an_answer_to_a_question_that_wasnt_asked_is_ignored(client: Client) -> None:
    assert send(client, IRELAND, residence="connection").status_code == 302
    assert Order.objects.get().evidence == {"billing": "IE", "ip": "IE"}


def test_a_company_with_a_number_of_its_country_isnt_asked(client: Client) -> None:
    company = {"is_business": "on", "company": "Nordhafen Ltd", "vat_number": "IE6433435F"}
    assert send(client, **company).status_code == 302
    assert Order.objects.get().evidence == {"billing": "IE", "ip": "US"}


def test_monaco_and_france_are_no_difference(client: Client) -> None:
    assert send(client, "80.10.0.1", country="MC", postal_code="98000").status_code == 302


# --- Territories, and what can't be sold ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "code", "rule", "tax"),
    [
        ("ES", "35001", "outside_vat_area", "0"),
        ("ES", "28001", "eu_destination", "25.86"),
        ("PT", "9000-018", "eu_destination", "26.87"),
        ("DE", "78266", "outside_vat_area", "0"),
        ("US", "62704", "outside_eu", "0"),
    ],
)
def test_the_postal_code_tells_territories(client: Client, country: str, code: str, rule: str, tax: str) -> None:
    assert send(client, "127.0.0.1", country=country, postal_code=code).status_code == 302
    line = Order.objects.get().lines.get()
    assert (line.tax_rule, line.tax) == (rule, Decimal(tax))
    assert line.tax_article.startswith("Directive 2006/112/EC, Art. ")


def test_a_code_of_the_wrong_form_is_refused_in_words(client: Client) -> None:
    response = send(client, "127.0.0.1", country="ES", postal_code="3500")
    assert response.context["form"].errors["postal_code"] == [
        "A postal code of Spain has five digits. Please check it: the tax needs it."
    ]


def test_without_a_rate_nothing_is_sold_and_the_manager_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tax_rates, "RATES", [rate for rate in tax_rates.RATES if rate.country != "IE"])
    tax_rates.standard_rate.cache_clear()
    response = send(client, "127.0.0.1")
    tax_rates.standard_rate.cache_clear()
    assert (response.status_code, Order.objects.count()) == (422, 0)
    assert response.context["problems"] == [
        "We can't sell to this country today. Please write to us, and we will see to it."
    ]
    assert Alert.objects.get(kind="no_tax_rate").key == "IE"


def test_pages_stand_while_a_rate_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = goods.edition()
    monkeypatch.setattr(tax_rates, "RATES", [])
    tax_rates.standard_rate.cache_clear()
    for path in ("/", edition.product.get_absolute_url(), "/cart/", "/search/?q=tool"):
        assert client.get(path).status_code == 200
    tax_rates.standard_rate.cache_clear()


def test_a_gap_between_schemes_sells_nothing_and_says_so(client: Client) -> None:
    TaxScheme.objects.create(country="DE", scheme="oss", registration="DE1", valid_from="2030-01-01")
    response = send(client, "127.0.0.1")
    assert response.status_code == 422
    assert response.context["problems"][0].startswith("We can't sell today: our tax registration is being changed.")


def test_a_small_business_charges_no_tax(client: Client) -> None:
    TaxScheme.objects.create(country="DE", scheme="small_business", valid_from="2026-01-01")
    assert send(client, "127.0.0.1").status_code == 302
    order = Order.objects.get()
    assert (order.tax, order.total, order.lines.get().tax_rule) == (Decimal(0), Decimal(149), "small_business")


def test_net_prices_get_the_tax_on_top(client: Client) -> None:
    TaxScheme.objects.create(country="DE", scheme="oss", registration="DE1", prices="net", valid_from="2026-01-01")
    assert send(client, "127.0.0.1").status_code == 302
    order = Order.objects.get()
    assert (order.net, order.tax, order.total) == (Decimal(149), Decimal("34.27"), Decimal("183.27"))
