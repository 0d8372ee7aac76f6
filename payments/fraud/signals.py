"""The signs of fraud by name. Each says in a sentence what was seen, without the thing itself, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from payments.fraud.facts import Facts
from payments.fraud.sightings import Kind
from payments.models import FraudRules
from payments.providers.answers import Risk
from shop import territories
from shop.location import country_name

Say = Callable[[Facts, FraudRules], str]
SIGNALS: dict[str, Say] = {}


@dataclass(frozen=True)
class Reason:
    """A sign that an order bears: its name, its points, and the sentence."""

    signal: str
    points: int
    words: str


def found(facts: Facts, rules: FraudRules) -> list[Reason]:
    """The signs of an order, in the order of the table. One that is worth no points is left out."""
    reasons = []
    for name, say in SIGNALS.items():
        points = getattr(rules, name)
        if points and (words := say(facts, rules)):
            reasons.append(Reason(name, points, words))
    return reasons


def _signal(say: Say) -> Say:
    """Adds a sign under the function's name, which is the column of its points too."""
    SIGNALS[say.__name__] = say
    return say


def _differ(one: tuple[str, str], other: tuple[str, str]) -> str:
    """A sentence where both countries are known and aren't one, as tax sees them (Monaco and France are one)."""
    (what, country), (other_what, other_country) = one, other
    if not (country and other_country) or territories.of(country).country == territories.of(other_country).country:
        return ""
    names = country_name(country), country_name(other_country)
    return f"The countries of {what} ({names[0]}) and {other_what} ({names[1]}) differ."


@_signal
def connection_and_billing(facts: Facts, _rules: FraudRules) -> str:
    return _differ(("connection", facts.connection), ("billing address", facts.billing))


@_signal
def connection_and_card(facts: Facts, _rules: FraudRules) -> str:
    return _differ(("connection", facts.connection), ("card", facts.card))


@_signal
def card_and_billing(facts: Facts, _rules: FraudRules) -> str:
    return _differ(("card", facts.card), ("billing address", facts.billing))


@_signal
def other_browser(facts: Facts, _rules: FraudRules) -> str:
    return "The account never used a browser of this family before." if facts.is_other_browser else ""


@_signal
def disposable_email(facts: Facts, _rules: FraudRules) -> str:
    return "The e-mail address is one of those that are used once and thrown away." if facts.is_disposable else ""


@_signal
def many_of_address(facts: Facts, rules: FraudRules) -> str:
    return _many(facts, Kind.ADDRESS, rules.address_limit, "with this e-mail address")


@_signal
def many_of_card(facts: Facts, rules: FraudRules) -> str:
    return _many(facts, Kind.CARD, rules.card_limit, "paid with this card")


@_signal
def many_of_network(facts: Facts, rules: FraudRules) -> str:
    return _many(facts, Kind.NETWORK, rules.network_limit, "from this network")


def _many(facts: Facts, kind: Kind, limit: int, what: str) -> str:
    """This order counts too; the limit is the last number that is none too many."""
    count = facts.orders.get(kind.value, 0) + 1
    return f"It is one of {count} orders {what} within 24 hours." if count > limit else ""


@_signal
def large_amount(facts: Facts, rules: FraudRules) -> str:
    return f"The total is {rules.amount_limit:,} {facts.currency} or more." if facts.total >= rules.amount_limit else ""


@_signal
def provider_elevated(facts: Facts, _rules: FraudRules) -> str:
    return "The payment provider calls the risk elevated." if facts.risk == Risk.ELEVATED else ""


@_signal
def provider_highest(facts: Facts, _rules: FraudRules) -> str:
    return "The payment provider calls the risk very high." if facts.risk == Risk.HIGHEST else ""


@_signal
def provider_unprotected(facts: Facts, _rules: FraudRules) -> str:
    return "The payment provider doesn’t protect us against a dispute of this payment." if facts.is_unprotected else ""


@_signal
def earlier_dispute(facts: Facts, _rules: FraudRules) -> str:
    if not facts.disputes:
        return ""
    return (
        "The buyer disputed an earlier payment."
        if facts.disputes == 1
        else (f"The buyer disputed {facts.disputes} earlier payments.")
    )
