"""The tax of a cart, an order or a mail in words, one line for each rate."""

from collections.abc import Iterable
from decimal import Decimal

from shop import location, words
from shop.models import OrderLine
from shop.tax import Rule, Treatment

_UNTAXED = {
    Rule.REVERSE_CHARGE: "Reverse charge: you owe the VAT",
    Rule.SMALL_BUSINESS: "No VAT: small business, exempt",
    Rule.NOT_REGISTERED: "No VAT is charged",
    Rule.UNKNOWN: "VAT isn’t known",
}


def of(rule: str, percent: Decimal, country: str, territory: str = "") -> str:
    """The name of a tax: `VAT, 19%, Germany`."""
    if percent:
        part = f" ({territory})" if territory else ""
        return f"VAT, {words.percent(percent)}, {location.country_name(country)}{part}"
    if rule == Rule.OUTSIDE_VAT_AREA and territory:
        return f"No VAT in {territory}"
    return _UNTAXED.get(rule, "No VAT outside the EU")  # type: ignore[call-overload]  # a StrEnum is its text


def of_treatment(treatment: Treatment) -> str:
    """The name of the tax of a sale that isn't made yet."""
    return of(treatment.rule, treatment.percent, treatment.country, treatment.territory)


def of_lines(lines: Iterable[OrderLine]) -> list[tuple[str, Decimal]]:
    """The taxes of an order's lines, each once with its sum."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        name = of(line.tax_rule, line.tax_rate, line.tax_country, line.tax_territory)
        sums[name] = sums.get(name, Decimal(0)) + line.tax
    return list(sums.items())
