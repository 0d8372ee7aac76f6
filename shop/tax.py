"""What tax a buyer pays. One function, `treatment`, decides; everything else only calculates.

Prices in the catalog contain the tax of the shop's own country. A buyer in the European Union pays that same price
wherever he lives, and the share of tax inside follows his country (place of supply of electronic services: Article 58
of Directive 2006/112/EC). A buyer elsewhere pays the price without tax (Article 59). See docs/adr/0003.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.conf import settings

from shop.eu_members import is_member
from shop.money import rounded
from shop.tax_rates import standard_rate

HUNDRED = Decimal(100)


class Rule(StrEnum):
    """Why a rate applies."""

    EU_DESTINATION = "eu_destination"
    OUTSIDE_EU = "outside_eu"


@dataclass(frozen=True)
class Treatment:
    """The tax of a sale: a rule, the country whose tax it is, and the rate in percent."""

    rule: Rule
    country: str
    percent: Decimal
    home_percent: Decimal

    def unit_price(self, list_price: Decimal, currency: str) -> Decimal:
        """What one license or seat costs this buyer, tax included, for a catalog price that contains the home tax."""
        if self.rule is Rule.OUTSIDE_EU:
            return rounded(list_price * HUNDRED / (HUNDRED + self.home_percent), currency)
        return rounded(list_price, currency)


@dataclass(frozen=True)
class Amounts:
    """Money of a line or an order: `total` is what is paid; `net` + `tax` = `total`, exactly."""

    net: Decimal
    tax: Decimal
    total: Decimal


def treatment(country: str, on: date) -> Treatment:
    """The tax for a buyer whose billing country is `country`, for a supply on a day.

    Raises NoRate for a member state or a home country without a rate on that day.
    """
    home = standard_rate(settings.STORE_COUNTRY, on)
    if is_member(country, on):
        return Treatment(Rule.EU_DESTINATION, country, standard_rate(country, on), home)
    return Treatment(Rule.OUTSIDE_EU, country, Decimal(0), home)


def line_amounts(unit_price: Decimal, quantity: int, treatment: Treatment, currency: str) -> Amounts:
    """The amounts of a line, rounded once, half up: the tax is the share inside the total."""
    total = unit_price * quantity
    tax = rounded(total * treatment.percent / (HUNDRED + treatment.percent), currency)
    return Amounts(net=total - tax, tax=tax, total=total)


def sum_of(lines: Iterable[Amounts]) -> Amounts:
    """The sum of rounded lines."""
    net = tax = Decimal(0)
    for line in lines:
        net, tax = net + line.net, tax + line.tax
    return Amounts(net=net, tax=tax, total=net + tax)
