"""Prices as a visitor sees them before naming a billing address: an estimate, for the country that the visitor chose or
connects from, in words too."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from privacy import clock
from shop import location, tax, tax_schemes


@dataclass(frozen=True)
class Prices:
    """The prices for a place; `treatment` says which tax they contain. `currency` is the one that is wanted."""

    place: location.Place

    @property
    def country(self) -> str:
        return self.place.country

    @property
    def currency(self) -> str:
        return self.place.currency

    @cached_property
    def treatment(self) -> tax.Treatment:
        return tax_schemes.treatment_of(tax.Buyer(self.country), clock.today())

    def of(self, amount: Decimal, currency: str) -> Decimal:
        """What is shown, and paid, for a stored price."""
        return self.treatment.unit_price(amount, currency)

    def parts_of(self, amount: Decimal, currency: str) -> tax.Amounts:
        """The same with its net and its tax."""
        return self.treatment.line(amount, 1, currency)

    def show(self, rows: Iterable[Any]) -> None:
        """Turns the `from_price` that each row was annotated with from the stored price into the shown one."""
        for row in rows:
            if row.from_price is not None:
                row.from_price = self.of(row.from_price, row.from_currency)

    @property
    def country_name(self) -> str:
        return location.country_name(self.country)

    @property
    def percent(self) -> str:
        """The rate as people write it: 19 or 25.5."""
        return f"{self.treatment.percent.normalize():f}"

    @property
    def note(self) -> str:
        """One short line on tax for the foot of every page."""
        if self.treatment.problem:
            return f"{self.country_name}: we can’t sell there today."
        if self.treatment.percent:
            return f"{self.country_name}: prices include {self.percent}% VAT, an estimate."
        return f"{self.country_name}: prices are without VAT, an estimate."

    @property
    def sentence(self) -> str:
        """The same beside a price, with what decides in the end."""
        if self.treatment.problem:
            return self.treatment.problem
        if self.treatment.percent:
            return f"{self.percent}% VAT is included, as an estimate for {self.country_name}. Your address decides."
        return f"No VAT is added, as an estimate for {self.country_name}. Your address decides."


def shown_to(request: HttpRequest) -> Prices:
    """The prices for a visitor: of the place that was chosen, else of the connection's, else of the shop's own."""
    return Prices(location.place_of(request))
