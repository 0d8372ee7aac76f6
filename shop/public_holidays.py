"""Public holidays of the member states of the EU: a period doesn't end on one (Regulation 1182/71, Art. 3(4)).

Those that a whole country keeps, as of 2026; regions have more, which only the consumer's own address could tell.
`3-25` is a day of each year, `e+1` one counted from Easter, `o+1` from the Easter of the eastern churches, `1mon5` the
first Monday of May, `-1mon10` the last one of October.
"""

import re
from datetime import date, timedelta
from functools import lru_cache

_ALL = "1-1 12-25"
_DAYS = {
    "AT": "1-6 e+1 5-1 e+39 e+50 e+60 8-15 10-26 11-1 12-8 12-26",
    "BE": "e+1 5-1 e+39 e+50 7-21 8-15 11-1 11-11",
    "BG": "3-3 o-2 o-1 o+1 5-1 5-6 5-24 9-6 9-22 12-24 12-26",
    "CY": "1-6 o-48 3-25 4-1 o-2 o+1 5-1 o+50 8-15 10-1 10-28 12-26",
    "CZ": "e-2 e+1 5-1 5-8 7-5 7-6 9-28 10-28 11-17 12-24 12-26",
    "DE": "e-2 e+1 5-1 e+39 e+50 10-3 12-26",
    "DK": "e-3 e-2 e+1 e+39 e+50 12-26",
    "EE": "2-24 e-2 5-1 6-23 6-24 8-20 12-24 12-26",
    "ES": "1-6 e-2 5-1 8-15 10-12 11-1 12-6 12-8",
    "FI": "1-6 e-2 e+1 5-1 e+39 12-6 12-26",
    "FR": "e+1 5-1 5-8 e+39 e+50 7-14 8-15 11-1 11-11",
    "GR": "1-6 o-48 3-25 o-2 o+1 5-1 o+50 8-15 10-28 12-26",
    "HR": "1-6 e+1 5-1 5-30 e+60 6-22 8-5 8-15 11-1 11-18 12-26",
    "HU": "3-15 e-2 e+1 5-1 e+50 8-20 10-23 11-1 12-26",
    "IE": "1mon2 3-17 e+1 1mon5 1mon6 1mon8 -1mon10 12-26",
    "IT": "1-6 e+1 4-25 5-1 6-2 8-15 10-4 11-1 12-8 12-26",
    "LT": "2-16 3-11 e+1 5-1 6-24 7-6 8-15 11-1 11-2 12-24 12-26",
    "LU": "e+1 5-1 5-9 e+39 e+50 6-23 8-15 11-1 12-26",
    "LV": "e-2 e+1 5-1 5-4 6-23 6-24 11-18 12-24 12-26 12-31",
    "MT": "2-10 3-19 3-31 e-2 5-1 6-7 6-29 8-15 9-8 9-21 12-8 12-13",
    "NL": "e+1 4-27 e+39 e+50 12-26",
    "PL": "1-6 e+1 5-1 5-3 e+60 8-15 11-1 11-11 12-24 12-26",
    "PT": "e-2 4-25 5-1 e+60 6-10 8-15 10-5 11-1 12-1 12-8",
    "RO": "1-2 1-6 1-7 1-24 o-2 o+1 5-1 6-1 o+50 8-15 11-30 12-1 12-26",
    "SE": "1-6 e-2 e+1 5-1 e+39 6-6 12-26",
    "SI": "1-2 2-8 e+1 4-27 5-1 5-2 6-25 8-15 10-31 11-1 12-26",
    "SK": "1-6 e-2 e+1 5-1 5-8 7-5 8-29 9-15 11-1 12-24 12-26",
}
_MONDAY = re.compile(r"(-?1)mon(\d+)")


def is_one(day: date, country: str) -> bool:
    """Whether the whole country keeps this day; never outside of the EU."""
    return day in _of(country, day.year)


@lru_cache(maxsize=200)
def _of(country: str, year: int) -> frozenset[date]:
    rules = f"{_ALL} {_DAYS[country]}" if country in _DAYS else ""
    return frozenset(_day(rule, year) for rule in rules.split())


def _day(rule: str, year: int) -> date:
    if rule[0] in "eo":
        return (_easter(year) if rule[0] == "e" else _eastern_easter(year)) + timedelta(days=int(rule[1:]))
    if found := _MONDAY.fullmatch(rule):
        month = int(found[2])
        if found[1] == "1":
            return date(year, month, 1) + timedelta(days=-date(year, month, 1).weekday() % 7)
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=last.weekday())
    month, number = (int(piece) for piece in rule.split("-"))
    return date(year, month, number)


def _easter(year: int) -> date:
    """The Sunday of the Gregorian calendar, by the rule of Gauss with its two exceptions; for 1900 to 2099."""
    moon = (19 * (year % 19) + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    days = moon + sunday
    if days == 35 or (days == 34 and moon == 28 and year % 19 > 10):
        days -= 7
    return date(year, 3, 22) + timedelta(days=days)


def _eastern_easter(year: int) -> date:
    """The Sunday of the Julian calendar, as a day of ours: 13 days later from 1900 to 2099."""
    moon = (19 * (year % 19) + 15) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    days = moon + sunday + 114
    return date(year, days // 31, days % 31 + 1) + timedelta(days=13)
