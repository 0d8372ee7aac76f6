from decimal import Decimal

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from shop import prices

pytestmark = pytest.mark.django_db


def request_from(address: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address)


@pytest.mark.parametrize(
    ("address", "country", "amount", "note"),
    [
        ("5.9.0.1", "DE", "119.00", "Germany: prices include 19% VAT, an estimate."),
        ("8.8.8.8", "US", "100.00", "United States: prices are without VAT, an estimate."),
        ("10.0.0.1", "DE", "119.00", "Germany: prices include 19% VAT, an estimate."),
        ("not an address", "DE", "119.00", "Germany: prices include 19% VAT, an estimate."),
    ],
)
def test_prices_follow_the_country_of_the_connection(address: str, country: str, amount: str, note: str) -> None:
    shown = prices.shown_to(request_from(address))
    assert (shown.country, shown.of(Decimal("119"), "EUR"), shown.note) == (country, Decimal(amount), note)


def test_the_parts_of_a_price_sum_up() -> None:
    parts = prices.shown_to(request_from("5.9.0.1")).parts_of(Decimal("149.00"), "EUR")
    assert (parts.net, parts.tax, parts.total) == (Decimal("125.21"), Decimal("23.79"), Decimal("149.00"))


def test_a_rate_with_a_fraction_is_written_with_it() -> None:
    finland = prices.shown_to(request_from("91.152.0.1"))
    assert (finland.country, finland.percent) == ("FI", "25.5")


def test_rows_without_a_price_stay_without() -> None:
    class Row:
        from_price: Decimal | None = None

    row = Row()
    prices.shown_to(request_from("8.8.8.8")).show([row])
    assert row.from_price is None
