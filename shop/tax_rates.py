"""Standard rates of value added tax in the member states, with the days from and to which they are in force.

Source: each state's own law, as collected by the European Commission in "Taxes in Europe" (TEDB). A rate that changes
gets an end and a new row; rows are never removed, because orders of earlier days need them. The first day given is the
earliest on which this shop may have sold, not always the day of the law.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Rate(NamedTuple):
    """A standard rate in percent, from a day on, and until before a day where it ended."""

    country: str
    percent: Decimal
    start: date
    end: date | None = None


class NoRate(Exception):
    """The table has no rate for this country and day: the shop must not sell there until it has."""

    def __init__(self, country: str, on: date) -> None:
        super().__init__(f"No rate of value added tax is known for {country} on {on}.")


_BEGIN = date(2021, 7, 1)  # the One-Stop-Shop starts: Directive (EU) 2017/2455


def _since_begin(percents: str) -> list[Rate]:
    return [
        Rate(country, Decimal(percent), _BEGIN) for country, percent in (row.split(":") for row in percents.split())
    ]


RATES: list[Rate] = [
    *_since_begin("AT:20 BE:21 BG:20 CY:19 CZ:21 DE:19 DK:25 ES:21 FR:20 GR:24 HR:25 HU:27 IE:23 IT:22 LT:21"),
    *_since_begin("LV:21 MT:18 NL:21 PL:23 PT:23 SE:25 SI:22"),
    Rate("EE", Decimal(20), _BEGIN, date(2024, 1, 1)),
    Rate("EE", Decimal(22), date(2024, 1, 1), date(2025, 7, 1)),
    Rate("EE", Decimal(24), date(2025, 7, 1)),
    Rate("FI", Decimal(24), _BEGIN, date(2024, 9, 1)),
    Rate("FI", Decimal("25.5"), date(2024, 9, 1)),
    Rate("LU", Decimal(17), _BEGIN, date(2023, 1, 1)),
    Rate("LU", Decimal(16), date(2023, 1, 1), date(2024, 1, 1)),
    Rate("LU", Decimal(17), date(2024, 1, 1)),
    Rate("RO", Decimal(19), _BEGIN, date(2025, 8, 1)),
    Rate("RO", Decimal(21), date(2025, 8, 1)),
    Rate("SK", Decimal(20), _BEGIN, date(2025, 1, 1)),
    Rate("SK", Decimal(23), date(2025, 1, 1)),
]


def standard_rate(country: str, on: date) -> Decimal:
    """The standard rate in percent. Raises NoRate where the table has none."""
    for rate in RATES:
        if rate.country == country and rate.start <= on and (rate.end is None or on < rate.end):
            return rate.percent
    raise NoRate(country, on)
