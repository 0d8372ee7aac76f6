"""Reads the table of tax cases."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from shop.tax import Buyer, Number, Seller

_REGULATION = "Implementing Regulation (EU) 282/2011, Art. "
_DIRECTIVE = "Directive 2006/112/EC, Art. "


@dataclass(frozen=True)
class Case:
    """A sale and the tax that the law wants of it; `rule` is "refused" where nothing may be sold."""

    name: str
    seller: Seller
    buyer: Buyer
    on: date
    rule: str
    percent: Decimal
    country: str
    territory: str
    article: str


def everything() -> list[Case]:
    """All cases of the table, in its order."""
    text = (Path(__file__).parent / "tax_cases.txt").read_text(encoding="utf-8")
    return [_case(line) for line in text.splitlines() if line and not line.startswith("#")]


def _case(line: str) -> Case:
    seller, where, kind, number, on, rule, rate, country, article = (part.strip() for part in line.split("|"))
    home, _, scheme = seller.rpartition("/")
    scheme, _, uk = scheme.partition("+")
    billing, _, postal_code = where.partition(" ")
    state, _, number_country = number.partition(" ")
    tax_country, _, territory = country.partition(", ")
    return Case(
        name=" ".join(line.split()),
        seller=Seller(home or "DE", scheme, charges_uk=uk == "uk"),
        buyer=Buyer(billing, postal_code, kind == "business", Number(state), number_country),
        on=date.fromisoformat(on),
        rule=rule,
        percent=Decimal(0) if rate == "-" else Decimal(rate),
        country=tax_country,
        territory=territory,
        article=_written_out(article),
    )


def _written_out(article: str) -> str:
    parts = article.split("; ")
    return "; ".join(
        f"{_REGULATION}{part.removeprefix('282/2011 ')}"
        if part.startswith("282/2011")
        else "VATA 1994 (United Kingdom), Sch. 4A para. 15"
        if part == "VATA 1994"
        else part
        if place and part[0].isdigit()
        else f"{_DIRECTIVE}{part}"
        for place, part in enumerate(parts)
    )
