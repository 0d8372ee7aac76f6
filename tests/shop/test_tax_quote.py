import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sandbox.running import ViesSandbox
from shop.models import TaxScheme

pytestmark = pytest.mark.django_db


def quote(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("tax_quote", *arguments, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def refused(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        quote(*arguments)
    return error.value.returncode, str(error.value)


def test_it_answers_treatment_rate_tax_and_article() -> None:
    assert quote("--country", "DE", "--net", "100.00", "--date", "2026-11-27") == {
        "treatment": "domestic",
        "country": "DE",
        "territory": "",
        "rate": "19",
        "net": "100.00",
        "tax": "19.00",
        "total": "119.00",
        "currency": "EUR",
        "article": "Directive 2006/112/EC, Art. 58 and 96",
        "vat_number": "none",
        "date": "2026-11-27",
    }


@pytest.mark.parametrize(
    ("arguments", "treatment", "rate", "tax"),
    [
        (("--country", "fr"), "eu_destination", "20", "20.00"),
        (("--country", "EE", "--date", "2024-01-01"), "eu_destination", "22", "22.00"),
        (("--country", "PT", "--postcode", "9500-150"), "eu_destination", "16", "16.00"),
        (("--country", "ES", "--postcode", "35001"), "outside_vat_area", "0", "0.00"),
        (("--country", "US"), "outside_eu", "0", "0.00"),
        (("--country", "DE", "--vat-number", "DE136695976"), "domestic", "19", "19.00"),
        (("--country", "FR", "--vat-number", "FR40303265045"), "eu_destination", "20", "20.00"),
        (("--country", "JP", "--currency", "JPY"), "outside_eu", "0", "0"),
    ],
)
def test_it_follows_place_day_and_number(arguments: tuple[str, ...], treatment: str, rate: str, tax: str) -> None:
    answer = quote(*arguments, "--net", "100.00")
    assert (answer["treatment"], answer["rate"], answer["tax"]) == (treatment, rate, tax)


def test_vies_is_asked_where_the_tax_depends_on_it(vies_sandbox: ViesSandbox) -> None:
    arguments = ("--country", "FR", "--vat-number", "40303265045", "--net", "100.00")
    assert (quote(*arguments)["treatment"], quote(*arguments)["vat_number"]) == ("reverse_charge", "valid")
    vies_sandbox.strike_off("FR40303265045")
    assert (quote(*arguments)["treatment"], quote(*arguments)["vat_number"]) == ("eu_destination", "invalid")
    vies_sandbox.fail("MS_UNAVAILABLE")
    assert (quote(*arguments)["treatment"], quote(*arguments)["vat_number"]) == ("eu_destination", "pending")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--country", "XX", "--net", "1"), 2),
        (("--country", "DE", "--net", "much"), 2),
        (("--country", "DE", "--net", "NaN"), 2),
        (("--country", "DE", "--net", "-1"), 2),
        (("--country", "DE", "--net", "1", "--date", "soon"), 2),
        (("--country", "DE", "--net", "1", "--currency", "XXXX"), 2),
        (("--country", "ES", "--postcode", "3500", "--net", "1"), 2),
        (("--country", "FR", "--vat-number", "FR1", "--net", "1"), 2),
        (("--country", "FR", "--vat-number", "DE136695976", "--net", "1"), 2),
        (("--country", "DE", "--net", "1", "--date", "2019-01-01"), 1),
    ],
)
def test_what_cant_be_answered_has_an_exit_code_and_a_sentence(arguments: tuple[str, ...], code: int) -> None:
    found, sentence = refused(*arguments)
    assert (found, sentence.endswith(".")) == (code, True)


def test_the_scheme_of_the_day_counts() -> None:
    TaxScheme.objects.create(country="DE", scheme="small_business", valid_from="2026-01-01", valid_until="2026-07-01")
    TaxScheme.objects.create(country="DE", scheme="local", valid_from="2026-07-01")
    arguments = ("--country", "FR", "--net", "100.00", "--date")
    assert quote(*arguments, "2026-06-30")["treatment"] == "small_business"
    assert (quote(*arguments, "2026-07-01")["treatment"], quote(*arguments, "2026-07-01")["rate"]) == ("eu_home", "19")
    assert refused(*arguments, "2025-12-31")[0] == 1


def test_people_read_a_line_for_each_part() -> None:
    out = StringIO()
    call_command("tax_quote", "--country", "IE", "--net", "100.00", stdout=out)
    assert "treatment: eu_destination\n" in out.getvalue()
    assert "rate: 23\n" in out.getvalue()
