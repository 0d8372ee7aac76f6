"""The member states of the European Union, with the days from and to which they are.

Source: Article 52 of the Treaty on European Union; the 27 since the United Kingdom left on 1 February 2020.
Cards are accepted from these countries only (P11a), and value added tax follows them.
"""

from datetime import date

_FOUNDED = date(1958, 1, 1)
#: Country (ISO 3166-1 alpha-2): first day of membership, first day no longer a member.
MEMBERSHIPS: dict[str, tuple[date, date | None]] = {
    **dict.fromkeys(("BE", "DE", "FR", "IT", "LU", "NL"), (_FOUNDED, None)),
    **dict.fromkeys(("DK", "IE"), (date(1973, 1, 1), None)),
    "GB": (date(1973, 1, 1), date(2020, 2, 1)),
    "GR": (date(1981, 1, 1), None),
    **dict.fromkeys(("ES", "PT"), (date(1986, 1, 1), None)),
    **dict.fromkeys(("AT", "FI", "SE"), (date(1995, 1, 1), None)),
    **dict.fromkeys(("CY", "CZ", "EE", "HU", "LT", "LV", "MT", "PL", "SI", "SK"), (date(2004, 5, 1), None)),
    **dict.fromkeys(("BG", "RO"), (date(2007, 1, 1), None)),
    "HR": (date(2013, 7, 1), None),
}


def is_member(country: str, on: date) -> bool:
    """Whether a country is a member state on a day."""
    start, end = MEMBERSHIPS.get(country, (date.max, None))
    return start <= on and (end is None or on < end)


def members(on: date) -> list[str]:
    """The member states on a day, by code."""
    return sorted(country for country in MEMBERSHIPS if is_member(country, on))
