from dataclasses import replace
from datetime import date
from decimal import Decimal

import eu_vat_rates_data
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import eu_members, tax, tax_rates, territories
from shop.money import quantum, rounded
from shop.tax import Buyer, Number, Seller
from shop.tax_rates import CannotSell
from tests.shop import tax_cases

TODAY = date(2026, 11, 22)
OSS = Seller("DE", "oss")
CASES = tax_cases.everything()


@pytest.mark.parametrize("country", eu_members.members(TODAY))
def test_todays_rates_are_those_that_the_commission_publishes(country: str) -> None:
    assert tax_rates.standard_rate(country, TODAY) == Decimal(str(eu_vat_rates_data.get_standard_rate(country)))


def test_the_united_kingdoms_rate_is_the_published_one() -> None:
    assert tax_rates.standard_rate("GB", TODAY) == Decimal(str(eu_vat_rates_data.get_standard_rate("GB")))


def test_there_are_27_member_states_and_the_united_kingdom_was_one() -> None:
    assert len(eu_members.members(TODAY)) == 27
    assert eu_members.is_member("GB", date(2020, 1, 31))
    assert not eu_members.is_member("GB", date(2020, 2, 1))


def test_no_day_has_two_rates_and_every_rate_names_its_law() -> None:
    for place in {(rate.country, rate.territory) for rate in tax_rates.RATES}:
        rates = sorted(
            (rate for rate in tax_rates.RATES if (rate.country, rate.territory) == place), key=lambda rate: rate.start
        )
        assert [rate.end for rate in rates[:-1]] == [rate.start for rate in rates[1:]]
        assert rates[-1].end is None
        assert all(len(rate.source) > 5 for rate in rates)


# --- The cases --------------------------------------------------------------------------------------------------------


def test_there_are_at_least_120_cases_each_once() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 120
    assert {case.buyer.number for case in CASES} == set(Number)
    assert {case.rule for case in CASES} == {*tax.Rule, "refused"} - {tax.Rule.UNKNOWN}


@pytest.mark.promise("P6d")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_law_decides(case: tax_cases.Case) -> None:
    if case.rule == "refused":
        with pytest.raises((CannotSell, territories.WrongPostalCode)):
            tax.treatment(case.seller, case.buyer, case.on)
        return
    found = tax.treatment(case.seller, case.buyer, case.on)
    assert (found.rule, found.percent, found.country, found.territory, found.article) == (
        case.rule,
        case.percent,
        case.country,
        case.territory,
        case.article,
    )


def test_a_refusal_is_a_sentence_for_the_buyer() -> None:
    with pytest.raises(tax.NotCovered) as refused:
        tax.treatment(Seller("FR", "oss"), Buyer("RE", "97400"), TODAY)
    assert refused.value.sentence == (
        "We can't sell to the French overseas departments yet: its tax has rules of its own. Please write to us."
    )
    with pytest.raises(territories.WrongPostalCode, match="A postal code of Spain has five digits"):
        tax.treatment(OSS, Buyer("ES", "3500"), TODAY)
    with pytest.raises(tax_rates.NoRate, match="DE on 2019-01-01"):
        tax.treatment(OSS, Buyer("DE"), date(2019, 1, 1))


@pytest.mark.parametrize("code", ["PT-9000 018", " 9000.018", "p-9000018"])
def test_a_postal_code_is_read_however_it_is_written(code: str) -> None:
    assert territories.of("PT", code).name == "Madeira"


# --- Amounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.promise("P6d")
@pytest.mark.parametrize(
    ("buyer", "unit", "net", "vat", "total"),
    [
        (Buyer("DE"), "149.00", "125.21", "23.79", "149.00"),
        (Buyer("FR"), "149.00", "124.17", "24.83", "149.00"),
        (Buyer("FI"), "149.00", "118.73", "30.27", "149.00"),
        (Buyer("US"), "125.21", "125.21", "0.00", "125.21"),
        (Buyer("GB"), "125.21", "125.21", "0.00", "125.21"),
        (Buyer("FR", "", True, Number.VALID, "FR"), "124.17", "124.17", "0.00", "124.17"),
    ],
)
def test_a_gross_price_is_the_same_all_over_the_eu(buyer: Buyer, unit: str, net: str, vat: str, total: str) -> None:
    treatment = tax.treatment(OSS, buyer, TODAY)
    assert treatment.unit_price(Decimal("149.00"), "EUR") == Decimal(unit)
    assert treatment.line(Decimal("149.00"), 1, "EUR") == tax.Amounts(Decimal(net), Decimal(vat), Decimal(total))


@pytest.mark.parametrize(
    ("buyer", "net", "vat", "total"),
    [
        (Buyer("DE"), "300.00", "57.00", "357.00"),
        (Buyer("FI"), "300.00", "76.50", "376.50"),
        (Buyer("US"), "300.00", "0.00", "300.00"),
        (Buyer("FR", "", True, Number.VALID, "FR"), "300.00", "0.00", "300.00"),
    ],
)
def test_to_a_net_price_the_tax_is_added(buyer: Buyer, net: str, vat: str, total: str) -> None:
    treatment = tax.treatment(replace(OSS, enters_gross=False), buyer, TODAY)
    assert treatment.line(Decimal("100.00"), 3, "EUR") == tax.Amounts(Decimal(net), Decimal(vat), Decimal(total))


def test_a_small_business_has_no_tax_in_its_prices() -> None:
    for country in ("DE", "FR", "US"):
        treatment = tax.treatment(Seller("DE", "small_business"), Buyer(country), TODAY)
        assert treatment.line(Decimal("149.00"), 2, "EUR") == tax.Amounts(Decimal(298), Decimal(0), Decimal(298))


PRICES = st.tuples(st.integers(0, 9_999_999).map(lambda part: Decimal(part) / 1000), st.integers(1, 999))
BUYERS = st.builds(
    Buyer,
    country=st.sampled_from([*eu_members.members(TODAY), "US", "JP", "CH", "GB", "MC"]),
    is_business=st.booleans(),
    number=st.sampled_from(list(Number)),
    number_country=st.sampled_from(["FR", "EL", "DE", "IT"]),
)
SELLERS = st.builds(
    Seller,
    country=st.sampled_from(["DE", "FR", "IE"]),
    scheme=st.sampled_from(["local", "oss", "small_business", "none"]),
    charges_uk=st.booleans(),
    enters_gross=st.booleans(),
)
CURRENCIES = st.sampled_from(["EUR", "USD", "GBP", "JPY", "KWD"])


@given(st.lists(PRICES, min_size=1, max_size=12), SELLERS, BUYERS, CURRENCIES)
def test_lines_tax_and_totals_always_add_up(
    lines: list[tuple[Decimal, int]], seller: Seller, buyer: Buyer, currency: str
) -> None:
    treatment = tax.treatment(seller, buyer, TODAY)
    amounts = [treatment.line(price, quantity, currency) for price, quantity in lines]
    whole = tax.sum_of(amounts)
    assert all(line.net + line.tax == line.total for line in amounts)
    assert whole.total == sum(line.total for line in amounts) == whole.net + whole.tax
    assert all(amount == rounded(amount, currency) for line in amounts for amount in (line.net, line.tax, line.total))
    assert all(line.net >= 0 <= line.tax for line in amounts)
    share = treatment.percent / (treatment.percent + 100)
    for line in amounts:  # the tax is that of the line, off by half of the currency's smallest part at most
        exact = line.total * share if seller.enters_gross else line.net * treatment.percent / 100
        assert abs(line.tax - exact) * 2 <= quantum(currency)


@given(PRICES, SELLERS, CURRENCIES, st.sampled_from(["AT", "GR", "PL", "EE"]))
def test_healed_later_a_business_has_paid_what_it_would_have_paid_at_once(
    line: tuple[Decimal, int], seller: Seller, currency: str, country: str
) -> None:
    prefix = "EL" if country == "GR" else country
    pending = Buyer(country, "", True, Number.PENDING, prefix)
    at_once = tax.treatment(seller, replace(pending, number=Number.VALID), TODAY).line(*line, currency)
    later = tax.treatment(seller, pending, TODAY).line(*line, currency)
    assert at_once.total == later.total - later.tax


@pytest.mark.parametrize(("currency", "half_up"), [("EUR", "149.51"), ("JPY", "150"), ("KWD", "149.505")])
def test_rounding_follows_the_currency(currency: str, half_up: str) -> None:
    assert rounded(Decimal("149.505"), currency) == Decimal(half_up)


@pytest.mark.parametrize(
    ("currency", "net", "vat"), [("EUR", "10.50", "2.00"), ("JPY", "11", "2"), ("KWD", "10.500", "1.995")]
)
def test_the_tax_of_a_line_is_rounded_half_up_to_the_currencys_exponent(currency: str, net: str, vat: str) -> None:
    treatment = tax.treatment(replace(OSS, enters_gross=False), Buyer("DE"), TODAY)
    line = treatment.line(Decimal("10.50"), 1, currency)
    assert (line.net, line.tax) == (Decimal(net), Decimal(vat))
