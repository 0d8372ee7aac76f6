"""The buyer of a checkout as tax sees him: from what was typed, what the connection says, and what VIES said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from privacy import clock
from shop import tax_schemes, territories, vat_checks, vat_numbers
from shop.eu_members import is_member
from shop.location import country_name
from shop.tax import Buyer, Number, Rule, Scheme, Seller, Treatment
from shop.tax_rates import CannotSell
from shop.vat_checks import Known

#: Which of two countries the buyer says he is in.
BILLING, CONNECTION = "billing", "connection"


@dataclass(frozen=True)
class Typed:
    """What of a form matters for tax, whatever else it lacks. `number` is compact; empty where its form isn't right."""

    country: str
    postal_code: str
    is_business: bool
    number: str
    residence: str
    ip_country: str | None

    @property
    def differs(self) -> bool:
        """Whether connection and billing address say different countries, as tax sees them."""
        if not self.ip_country or not self.country:
            return False
        return territories.of(self.country).country != territories.of(self.ip_country).country

    @property
    def is_asked(self) -> bool:
        """Whether he must say where he lives. A company with a number of its country has said so by that."""
        return self.differs and not (self.is_business and self.number)

    @property
    def answer(self) -> str:
        """The country that he says he is in, where he was asked; empty where he wasn't, or hasn't answered."""
        if not self.is_asked or self.residence not in {BILLING, CONNECTION}:
            return ""
        return self.country if self.residence == BILLING else self.ip_country or ""

    @property
    def number_country(self) -> str:
        return self.number[:2]

    def buyer(self, known: Known) -> Buyer:
        """The buyer, with what is known of his number."""
        if self.answer and self.answer != self.country:
            return Buyer(self.answer, "", self.is_business)
        return Buyer(self.country, self.postal_code, self.is_business, known.state, self.number_country)


def typed(data: Mapping[str, Any], ip_country: str | None, country: str) -> Typed:
    """Reads a form that may be wrong or half empty; `country` is its billing country, as far as it is known."""
    postal_code = str(data.get("postal_code") or "")
    try:
        where = territories.of(country, postal_code)
    except territories.WrongPostalCode:
        where, postal_code = territories.of(country), ""
    number = str(data.get("vat_number") or "")
    try:
        is_eu = bool(number) and len(number) <= 60 and is_member(where.country, clock.today())
        number = vat_numbers.clean(number, where.country) if is_eu else ""
    except vat_numbers.WrongVatNumber:
        number = ""
    return Typed(
        country, postal_code, bool(data.get("is_business")), number, str(data.get("residence") or ""), ip_country
    )


def depends_on_number(buyer: Typed) -> bool:
    """Whether VIES has to be asked: only where a valid number would change the tax."""
    if not (buyer.is_business and buyer.number):
        return False
    try:
        seller = tax_schemes.seller(clock.today())
    except CannotSell:
        return False
    return may_reverse_charge(seller, buyer.country, buyer.postal_code)


def may_reverse_charge(seller: Seller, country: str, postal_code: str) -> bool:
    """Whether a business there could owe the tax itself: in another member state, inside the VAT area."""
    where = territories.of(country, postal_code)
    is_elsewhere = where.country != seller.country and is_member(where.country, clock.today()) and not where.outside
    return is_elsewhere and seller.scheme != Scheme.NONE


def number_words(known: Known, treatment: Treatment) -> str:
    """What became of the VAT number, for the buyer who looks at the total; empty where there is nothing to say."""
    if treatment.rule is Rule.REVERSE_CHARGE:
        return "Your VAT number is confirmed. You pay no VAT here and owe it yourself (reverse charge)."
    if known.state is Number.PENDING:
        return (
            "The EU’s register of VAT numbers doesn’t answer at the moment. You can pay now, with the tax. We keep "
            "asking, and as soon as your number is confirmed the tax comes back to you by itself."
        )
    return ""


def question(buyer: Typed) -> str:
    """The polite question about two countries, and what the answer does."""
    return (
        f"Your connection is in {country_name(buyer.ip_country or '')}, your billing address in "
        f"{country_name(buyer.country)}. Where do you live, or where is your company? The tax follows your answer."
    )


def check(buyer: Typed, text: str, address: str, *, ask: bool) -> Known:
    """What is known of his number: by the proof in the form, or by asking VIES, where it matters and `ask` says so."""
    if not depends_on_number(buyer):
        return vat_checks.NOTHING
    known = vat_checks.proven(buyer.number, text)
    if known is None and ask:
        known = vat_checks.ask(buyer.number, address)
    return known or vat_checks.NOTHING
