"""What tax a buyer pays. One function, `treatment`, decides; everything else only calculates. docs/tax.md explains it.

What the shop sells is supplied electronically (Council Directive 2006/112/EC, Annex II). Articles without another name
are that directive's. `treatment` is pure: the shop's settings come from `shop.tax_schemes`, the buyer from a form or a
connection, whether a number is valid from `shop.vat_checks`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shop import territories
from shop.eu_members import is_member
from shop.location import country_name
from shop.models.tax import TaxScheme
from shop.money import rounded
from shop.tax_rates import CannotSell, standard_rate
from shop.territories import Territory
from shop.vat_numbers import prefix_of

HUNDRED = Decimal(100)
NOTHING = Decimal(0)
Scheme = TaxScheme.Scheme
_REGULATION = "Implementing Regulation (EU) 282/2011, Art. "
_DIRECTIVE = "Directive 2006/112/EC, Art. "


class Rule(StrEnum):
    """Why a rate applies."""

    DOMESTIC = "domestic"
    EU_DESTINATION = "eu_destination"
    EU_HOME = "eu_home"
    REVERSE_CHARGE = "reverse_charge"
    OUTSIDE_EU = "outside_eu"
    OUTSIDE_VAT_AREA = "outside_vat_area"
    UNITED_KINGDOM = "united_kingdom"
    SMALL_BUSINESS = "small_business"
    NOT_REGISTERED = "not_registered"
    #: The tax can't be told: prices are shown without, and nothing is sold.
    UNKNOWN = "unknown"


class Number(StrEnum):
    """What is known of a buyer's VAT number. Only VIES makes one valid."""

    NONE = "none"
    VALID = "valid"
    INVALID = "invalid"
    PENDING = "pending"


class WrongScheme(CannotSell):
    """The scheme of the day can't be that of a seller who is established outside the EU."""

    def __init__(self, scheme: str) -> None:
        super().__init__(f"The scheme {scheme!r} is for shops in a member state. Outside it is One-Stop-Shop or none.")


class NotCovered(CannotSell):
    """The law of this place isn't known here, and no person has to look at that."""

    calls_a_person = False

    def __init__(self, place: str) -> None:
        super().__init__(f"Sales from within the state to {place} follow national rules that the shop doesn't know.")
        self.sentence = f"We can't sell to {place} yet: its tax has rules of its own. Please write to us."


@dataclass(frozen=True)
class Seller:
    """The shop's side on a day: see `shop.models.tax.TaxScheme` for each."""

    country: str
    scheme: str
    charges_uk: bool = False
    enters_gross: bool = True


@dataclass(frozen=True)
class Buyer:
    """The buyer's side. `country` and `postal_code` are where he is; `number` counts for a business only.

    `number_country` is the beginning of the VAT number, EL for Greece.
    """

    country: str
    postal_code: str = ""
    is_business: bool = False
    number: Number = Number.NONE
    number_country: str = ""


@dataclass(frozen=True)
class Amounts:
    """Money of a line or an order: `total` is what is paid; `net` + `tax` = `total`, exactly."""

    net: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True)
class Treatment:
    """The tax of a sale: its rule, whose tax it is, the rate in percent, and the articles that it rests on.

    `contained` is the rate in percent that a price entered gross contains for this buyer, though he may not owe it.
    `problem` says to the buyer why nothing can be sold, where the tax isn't known.
    """

    rule: Rule
    country: str
    percent: Decimal
    article: str
    territory: str = ""
    contained: Decimal = NOTHING
    enters_gross: bool = True
    problem: str = ""

    def unit_price(self, list_price: Decimal, currency: str) -> Decimal:
        """What one license or seat costs this buyer, tax included, for a price as it is entered in the catalog."""
        if not self.enters_gross:
            return rounded(list_price * (HUNDRED + self.percent) / HUNDRED, currency)
        if self.percent:
            return rounded(list_price, currency)
        return rounded(list_price * HUNDRED / (HUNDRED + self.contained), currency)

    def line(self, list_price: Decimal, quantity: int, currency: str, discount: Decimal = NOTHING) -> Amounts:
        """The amounts of a line, its tax rounded once, half up, and computed on what is paid (Art. 79(b)).

        `discount` is what is taken off the line's price as it is entered in the catalog, at most all of it.
        Without tax, a buyer outside the EU pays so many times the rounded price; a business under the reverse charge
        pays exactly what it would pay with the tax, less that tax: healed later or at once, it is the same.
        """
        whole = rounded(list_price, currency) * quantity - discount
        if not self.enters_gross:
            return self.on_net(whole, currency)
        if self.percent or self.rule is Rule.REVERSE_CHARGE:
            tax = rounded(whole * self.contained / (HUNDRED + self.contained), currency)
            return Amounts(whole - tax, tax, whole) if self.percent else Amounts(whole - tax, NOTHING, whole - tax)
        net = self.unit_price(list_price, currency) * quantity
        if discount:  # both are rounded: of nothing that is left, no cent is either
            net = max(net - self.unit_price(discount, currency), NOTHING) if whole else NOTHING
        return Amounts(net, NOTHING, net)

    def on_net(self, net: Decimal, currency: str) -> Amounts:
        """The amounts for a net sum."""
        tax = rounded(net * self.percent / HUNDRED, currency)
        return Amounts(net, tax, net + tax)


def treatment(seller: Seller, buyer: Buyer, on: date) -> Treatment:
    """The tax of a supply on a day.

    Raises CannotSell where the table has no rate or the place isn't covered, and territories.WrongPostalCode.
    """
    where = territories.of(buyer.country, buyer.postal_code)
    if where.country == "GB" and seller.charges_uk:
        return _united_kingdom(seller, where, on)
    in_area = is_member(where.country, on) and not where.outside
    if seller.scheme == Scheme.NONE:
        return _made(seller, where, Rule.NOT_REGISTERED, f"{_DIRECTIVE}2(1)(c) and 9(1)")
    if not is_member(seller.country, on):
        _insist_on_what_outsiders_may(seller, where)
    if not in_area:
        return _outside(seller, buyer, where, on)
    if where.country == seller.country:
        return _at_home(seller, buyer, where, on)
    if buyer.is_business and buyer.number is Number.VALID and buyer.number_country == prefix_of(where.country):
        return _reverse_charge(seller, where, on)
    return _elsewhere_in_the_union(seller, buyer, where, on)


def _made(
    seller: Seller,
    where: Territory,
    rule: Rule,
    article: str,
    percent: Decimal = NOTHING,
    *,
    contained: Decimal | None = None,
    country: str = "",
) -> Treatment:
    return Treatment(
        rule=rule,
        country=country or where.country,
        territory=where.name,
        percent=percent,
        article=article,
        contained=percent if contained is None else contained,
        enters_gross=seller.enters_gross,
    )


def _insist_on_what_outsiders_may(seller: Seller, where: Territory) -> None:
    """A seller outside the EU has the One-Stop-Shop's non-Union scheme (Art. 359), and at home a tax of its own state.

    Raises WrongScheme for exemptions of member states, and NotCovered at home: of states outside the EU the tax of the
    United Kingdom alone is known here.
    """
    if seller.scheme != Scheme.OSS:
        raise WrongScheme(seller.scheme)
    if where.country == seller.country:
        raise NotCovered(country_name(where.country))


def _home_percent(seller: Seller, on: date) -> Decimal:
    """What a price entered gross contains: the home rate, or nothing where the shop charges no tax at home."""
    if seller.scheme in {Scheme.SMALL_BUSINESS, Scheme.NONE}:
        return NOTHING
    charges_at_home = is_member(seller.country, on) or (seller.country == "GB" and seller.charges_uk)
    return standard_rate(seller.country, on) if charges_at_home else NOTHING


def _united_kingdom(seller: Seller, where: Territory, on: date) -> Treatment:
    """The United Kingdom's own tax, for everybody there: no number of its businesses can be proven by VIES."""
    rate = standard_rate("GB", on)
    return _made(seller, where, Rule.UNITED_KINGDOM, "VATA 1994 (United Kingdom), Sch. 4A para. 15", rate)


def _outside(seller: Seller, buyer: Buyer, where: Territory, on: date) -> Treatment:
    """The place of supply is the buyer's, which is outside the area: an export, in everyday words."""
    if where.is_taxed_at_home and where.country == seller.country:
        raise NotCovered(where.name)
    place = f"{_DIRECTIVE}{'44' if buyer.is_business else '58'}"
    rule = Rule.OUTSIDE_VAT_AREA if where.outside else Rule.OUTSIDE_EU
    article = f"{place}; {where.outside.removeprefix(_DIRECTIVE)}" if where.outside else place
    return _made(seller, where, rule, article, contained=_home_percent(seller, on))


def _at_home(seller: Seller, buyer: Buyer, where: Territory, on: date) -> Treatment:
    if seller.scheme == Scheme.SMALL_BUSINESS:
        return _made(seller, where, Rule.SMALL_BUSINESS, f"{_DIRECTIVE}284")
    article = f"{_DIRECTIVE}{'44' if buyer.is_business else '58'} and 96{_own_rate(where)}"
    return _made(seller, where, Rule.DOMESTIC, article, _rate(where, on))


def _reverse_charge(seller: Seller, where: Territory, on: date) -> Treatment:
    article = f"{_DIRECTIVE}44 and 196; {_REGULATION}18(1)"
    contained = _elsewhere_in_the_union(seller, Buyer(where.country), where, on).percent
    return _made(seller, where, Rule.REVERSE_CHARGE, article, contained=contained)


def _elsewhere_in_the_union(seller: Seller, buyer: Buyer, where: Territory, on: date) -> Treatment:
    """A consumer in another member state. A business that hasn't proven its number counts as one (Art. 18(2))."""
    unproven = f"; {_REGULATION}18(2)" if buyer.is_business else ""
    if seller.scheme == Scheme.SMALL_BUSINESS:
        return _made(seller, where, Rule.SMALL_BUSINESS, f"{_DIRECTIVE}59c and 284{unproven}", country=seller.country)
    if seller.scheme == Scheme.LOCAL:
        percent = standard_rate(seller.country, on)
        return _made(seller, where, Rule.EU_HOME, f"{_DIRECTIVE}59c and 45{unproven}", percent, country=seller.country)
    one_stop_shop = "369a" if is_member(seller.country, on) else "359"
    article = f"{_DIRECTIVE}58 and {one_stop_shop}{_own_rate(where)}{unproven}"
    return _made(seller, where, Rule.EU_DESTINATION, article, _rate(where, on))


#: The articles by which parts of member states have rates of their own.
_OWN_RATES = {"Madeira": "105", "Azores": "105", "Jungholz": "104", "Mittelberg": "104"}


def _own_rate(where: Territory) -> str:
    return f" with Art. {_OWN_RATES[where.name]}" if where.name in _OWN_RATES else ""


def _rate(where: Territory, on: date) -> Decimal:
    return standard_rate(where.country, on, where.name if where.name in _OWN_RATES else "")


def sum_of(lines: Iterable[Amounts]) -> Amounts:
    """The sum of rounded lines."""
    net = tax = NOTHING
    for line in lines:
        net, tax = net + line.net, tax + line.tax
    return Amounts(net=net, tax=tax, total=net + tax)
