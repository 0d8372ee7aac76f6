"""Sentences about terms, seats, prices and stock that several pages and mails say alike."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_name


def term(months: int | None) -> str:
    """How long a license runs."""
    if months is None:
        return "No end"
    if months % 12 == 0:
        return "One year" if months == 12 else f"{months // 12} years"
    return "One month" if months == 1 else f"{months} months"


def seats(number: int) -> str:
    """A number of seats."""
    return "1 seat" if number == 1 else f"{number} seats"


def licenses(number: int) -> str:
    """A number of licenses."""
    return "1 license" if number == 1 else f"{number} licenses"


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency, as English pages write it."""
    return format_currency(amount, currency, locale="en")


@lru_cache(maxsize=1000)
def day(moment: date) -> str:
    """A day in words: 22 November 2026."""
    return format_date(moment, "d MMMM y", locale="en")


def moment(at: datetime) -> str:
    """Day and time to the second, in UTC, as people write them."""
    return f"{day(at.date())}, {at:%H:%M:%S} UTC"


def price_change(label: str, before: Decimal, now: Decimal, currency: str, unit: str) -> str:
    """That a price changed since it was put in the cart, and which one is paid."""
    which = "lower" if now < before else "new"
    change = f"{money(before, currency)} to {money(now, currency)} {unit}"
    return f"{label} went from {change} since you added it. You pay the {which} price."


def currency(code: str) -> str:
    """A currency by its name in the plural: US dollars."""
    return get_currency_name(code, count=2, locale="en")


def listed(names: Sequence[str]) -> str:
    """Names in a row: Solo, Team and Site."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def no_price(label: str, wanted: str, instead: str) -> str:
    """That something has no price in a currency, and in which it is sold. Nothing is ever converted."""
    return f"{label} has no price in {currency(wanted)}, so you pay in {currency(instead)}."


def stock_short(label: str, left: int) -> str:
    """That fewer keys are left than the cart wants."""
    if left == 0:
        return f"{label} is sold out for the moment. Please take it out of the cart to go on."
    return f"Only {left} of {label} {'is' if left == 1 else 'are'} left. Please choose {left} or fewer."


def percent(rate: Decimal) -> str:
    """A rate without trailing zeros: 19%, 25.5%."""
    return f"{rate.normalize():f}%"
