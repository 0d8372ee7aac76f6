"""Standard rates of value added tax, with the days from and to which they are in force, and the law that says so.

A rate that changes gets an end and a new row; rows are never removed, because orders of earlier days need them. The
first day given is the earliest on which this shop may have sold, not always the day of the law. The European Commission
collects the same laws in "Taxes in Europe" (TEDB); a test compares today's rows with what it publishes.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple


class CannotSell(Exception):
    """The tax of this sale isn't known, so it must not be made. The text is for the desk, `sentence` for the buyer."""

    #: Whether the manager must do something about it.
    calls_a_person = True
    sentence = "We can't sell to this country today. Please write to us, and we will see to it."


class NoRate(CannotSell):
    """The table has no rate for this country and day."""

    def __init__(self, country: str, on: date, territory: str = "") -> None:
        where = f"{territory} ({country})" if territory else country
        super().__init__(f"No rate of value added tax is known for {where} on {on}.")


class Rate(NamedTuple):
    """A standard rate in percent, from a day on, and until before a day where it ended.

    `territory` is one of `shop.territories` that has a rate of its own; empty for the country itself.
    """

    country: str
    territory: str
    percent: Decimal
    start: date
    end: date | None
    source: str


_BEGIN = date(2021, 7, 1)  # the One-Stop-Shop starts: Directive (EU) 2017/2455

#: The law of each country, and its rates: percent from a day on; `-` stands for `_BEGIN`.
_TABLE = """
    AT            | UStG 1994, § 10(1)                              | 20 -
    AT Jungholz   | UStG 1994, § 10(4); Directive 2006/112/EC, Art. 104 | 19 -
    AT Mittelberg | UStG 1994, § 10(4); Directive 2006/112/EC, Art. 104 | 19 -
    BE            | Arrêté royal n° 20 of 20 July 1970, Art. 1      | 21 -
    BG            | ZDDS, Art. 66(1)                                | 20 -
    CY            | Law 95(I)/2000, s. 17                           | 19 -
    CZ            | Act 235/2004, § 47(1)                           | 21 -
    DE            | UStG, § 12(1)                                   | 19 -
    DK            | Momsloven, § 33                                 | 25 -
    EE            | Käibemaksuseadus, § 15(1)                       | 20 - ; 22 2024-01-01 ; 24 2025-07-01
    ES            | Ley 37/1992, Art. 90                            | 21 -
    FI            | Arvonlisäverolaki 1501/1993, § 84               | 24 - ; 25.5 2024-09-01
    FR            | CGI, Art. 278                                   | 20 -
    GB            | VATA 1994, s. 2(1)                              | 20 -
    GR            | Law 2859/2000, Art. 21; since 2024 Law 5144/2024 | 24 -
    HR            | Zakon o PDV-u, čl. 38(1)                        | 25 -
    HU            | Act CXXVII of 2007, § 82(1)                     | 27 -
    IE            | VAT Consolidation Act 2010, s. 46(1)(a)         | 23 -
    IT            | DPR 633/1972, Art. 16                           | 22 -
    LT            | PVM įstatymas, 19 str. 1 d.                     | 21 -
    LU            | Loi TVA of 12 February 1979, Art. 39; Loi of 26 October 2022 | 17 - ; 16 2023-01-01 ; 17 2024-01-01
    LV            | PVN likums, 41. pants                           | 21 -
    MT            | VAT Act, Cap. 406, Art. 19                      | 18 -
    NL            | Wet OB 1968, Art. 9(1)                          | 21 -
    PL            | Ustawa o VAT, Art. 41(1) with Art. 146ef        | 23 -
    PT            | CIVA, Art. 18(1)(c)                             | 23 -
    PT Azores     | CIVA, Art. 18(3); Decreto Legislativo Regional 15-A/2021/A | 16 -
    PT Madeira    | CIVA, Art. 18(3)                                | 22 -
    RO            | Codul fiscal, Art. 291(1)                       | 19 - ; 21 2025-08-01
    SE            | Mervärdesskattelag (2023:200), 9 kap. 2 §       | 25 -
    SI            | ZDDV-1, Art. 41(1)                              | 22 -
    SK            | Act 222/2004, § 27(1)                           | 20 - ; 23 2025-01-01
"""


def _rows() -> list[Rate]:
    rows = []
    for line in _TABLE.strip().splitlines():
        place, source, rates = (part.strip() for part in line.split("|"))
        country, _, territory = place.partition(" ")
        steps = [step.split() for step in rates.split(";")]
        starts = [_BEGIN if start == "-" else date.fromisoformat(start) for _, start in steps]
        ends = [*starts[1:], None]
        rows += [
            Rate(country, territory, Decimal(percent), start, end, source)
            for (percent, _), start, end in zip(steps, starts, ends, strict=True)
        ]
    return rows


RATES: list[Rate] = _rows()


@lru_cache(maxsize=512)
def standard_rate(country: str, on: date, territory: str = "") -> Decimal:
    """The standard rate in percent. Raises NoRate where the table has none."""
    for rate in RATES:
        here = rate.country == country and rate.territory == territory
        if here and rate.start <= on and (rate.end is None or on < rate.end):
            return rate.percent
    raise NoRate(country, on, territory)
