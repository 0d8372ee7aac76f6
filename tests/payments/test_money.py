"""Minor units and decimal text at the providers' edge."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies

from payments import money


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "text"),
    [
        ("11.90", "EUR", 1190, "11.90"),
        ("11.900", "EUR", 1190, "11.90"),
        ("0", "EUR", 0, "0.00"),
        ("1190", "JPY", 1190, "1190"),
        ("1190.000", "JPY", 1190, "1190"),
        ("1.234", "KWD", 1234, "1.234"),
        ("999999999.99", "USD", 99999999999, "999999999.99"),
    ],
)
def test_an_amount_in_the_currency_s_own_units(amount: str, currency: str, minor: int, text: str) -> None:
    assert money.to_minor(Decimal(amount), currency) == minor
    assert money.to_text(Decimal(amount), currency) == text
    assert money.from_minor(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(("amount", "currency"), [("11.901", "EUR"), ("0.5", "JPY"), ("1.2345", "KWD")])
def test_a_fraction_of_the_smallest_unit_is_never_rounded_away(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="fraction of the smallest unit"):
        money.to_minor(Decimal(amount), currency)


@given(strategies.integers(min_value=0, max_value=10**11), strategies.sampled_from(["EUR", "JPY", "KWD"]))
def test_there_and_back(minor: int, currency: str) -> None:
    assert money.to_minor(money.from_minor(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("119.000", "EUR", "119.00 EUR"),
        ("119", "EUR", "119.00 EUR"),
        ("500.000", "JPY", "500 JPY"),
        ("1.005", "EUR", "1.005 EUR"),
    ],
)
def test_an_amount_is_named_with_the_decimals_of_its_currency(amount: str, currency: str, text: str) -> None:
    assert money.named(Decimal(amount), currency) == text
