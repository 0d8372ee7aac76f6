"""Prices as a visitor sees them before naming a billing country: for the country of the connection, in words too."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from privacy import clock
from shop import location, tax


@dataclass(frozen=True)
class Prices:
    """The prices for one country in one currency; `treatment` says which tax they contain."""

    country: str
    currency: str
    treatment: tax.Treatment

    def of(self, amount: Decimal) -> Decimal:
        """What is shown, and paid, for a stored price."""
        return self.treatment.unit_price(amount, self.currency)

    def parts_of(self, amount: Decimal) -> tax.Amounts:
        """The same with its net and its tax."""
        return tax.line_amounts(self.of(amount), 1, self.treatment, self.currency)

    def show(self, rows: Iterable[Any]) -> None:
        """Turns the `from_price` that each row was annotated with from the stored price into the shown one."""
        for row in rows:
            if row.from_price is not None:
                row.from_price = self.of(row.from_price)

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
        if self.treatment.percent:
            return f"{self.country_name}: prices include {self.percent}% VAT."
        return f"{self.country_name}: prices are without VAT."

    @property
    def sentence(self) -> str:
        """The same beside a price, with what decides in the end."""
        if self.treatment.percent:
            return f"{self.percent}% VAT is included, for {self.country_name}. Your billing address decides."
        return f"No VAT is added, for {self.country_name}. Your billing address decides."


def shown_to(request: HttpRequest) -> Prices:
    """The prices for a visitor: of the connection's country, else of the shop's own, in the shop's currency."""
    country = location.display_country(request.META)
    return Prices(country, settings.STORE_CURRENCY, tax.treatment(country, clock.today()))
