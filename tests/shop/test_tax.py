from datetime import date
from decimal import Decimal

import eu_vat_rates_data
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import eu_members, tax, tax_rates
from shop.money import rounded

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("country", eu_members.members(TODAY))
def test_todays_rates_are_those_that_the_commission_publishes(country: str) -> None:
    assert tax_rates.standard_rate(country, TODAY) == Decimal(str(eu_vat_rates_data.get_standard_rate(country)))


def test_there_are_27_member_states_and_the_united_kingdom_was_one() -> None:
    assert len(eu_members.members(TODAY)) == 27
    assert eu_members.is_member("GB", date(2020, 1, 31))
    assert not eu_members.is_member("GB", date(2020, 2, 1))


@pytest.mark.parametrize(
    ("country", "on", "percent"),
    [
        ("EE", date(2023, 12, 31), "20"),
        ("EE", date(2024, 1, 1), "22"),
        ("EE", date(2025, 7, 1), "24"),
        ("FI", date(2024, 8, 31), "24"),
        ("FI", date(2024, 9, 1), "25.5"),
        ("RO", date(2025, 8, 1), "21"),
        ("SK", date(2025, 1, 1), "23"),
    ],
)
def test_the_rate_of_the_day_applies(country: str, on: date, percent: str) -> None:
    assert tax_rates.standard_rate(country, on) == Decimal(percent)


def test_no_day_has_two_rates() -> None:
    for country in {rate.country for rate in tax_rates.RATES}:
        rates = sorted((rate for rate in tax_rates.RATES if rate.country == country), key=lambda rate: rate.start)
        assert [rate.end for rate in rates[:-1]] == [rate.start for rate in rates[1:]]
        assert rates[-1].end is None


def test_a_day_without_a_rate_is_refused() -> None:
    with pytest.raises(tax_rates.NoRate, match="DE on 2019-01-01"):
        tax.treatment("DE", date(2019, 1, 1))


@pytest.mark.promise("P6d")
@pytest.mark.parametrize(
    ("country", "unit", "net", "vat", "total"),
    [
        ("DE", "149.00", "125.21", "23.79", "149.00"),
        ("FR", "149.00", "124.17", "24.83", "149.00"),
        ("FI", "149.00", "118.73", "30.27", "149.00"),
        ("US", "125.21", "125.21", "0.00", "125.21"),
        ("GB", "125.21", "125.21", "0.00", "125.21"),
    ],
)
def test_the_buyers_country_decides(country: str, unit: str, net: str, vat: str, total: str) -> None:
    treatment = tax.treatment(country, TODAY)
    unit_price = treatment.unit_price(Decimal("149.00"), "EUR")
    assert unit_price == Decimal(unit)
    assert tax.line_amounts(unit_price, 1, treatment, "EUR") == tax.Amounts(Decimal(net), Decimal(vat), Decimal(total))


@given(
    st.lists(st.tuples(st.decimals("0", "9999.99", places=2), st.integers(1, 999)), min_size=1, max_size=50),
    st.sampled_from([*eu_members.members(TODAY), "US", "JP", "CH"]),
)
def test_lines_tax_and_totals_always_add_up(lines: list[tuple[Decimal, int]], country: str) -> None:
    treatment = tax.treatment(country, TODAY)
    amounts = [
        tax.line_amounts(treatment.unit_price(price, "EUR"), quantity, treatment, "EUR") for price, quantity in lines
    ]
    whole = tax.sum_of(amounts)
    assert all(line.net + line.tax == line.total for line in amounts)
    assert whole.total == sum(line.total for line in amounts) == whole.net + whole.tax
    assert all(amount == rounded(amount, "EUR") for line in amounts for amount in (line.net, line.tax, line.total))


@pytest.mark.parametrize(("currency", "half_up"), [("EUR", "149.51"), ("JPY", "150"), ("KWD", "149.505")])
def test_rounding_follows_the_currency(currency: str, half_up: str) -> None:
    assert rounded(Decimal("149.505"), currency) == Decimal(half_up)
