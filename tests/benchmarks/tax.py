"""The country of an address, and the tax of a full cart, each against the most that it may take."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from shop import location, tax
from shop.tax import Buyer, Seller
from tests.benchmarks.figures import Figure

LINES = 50
LOOKUP, CART = 50e-6, 5e-3  # seconds
ADDRESSES = ("8.8.8.8", "5.9.0.1", "2a02:8109::1", "2001:4860:4860::8888", "10.0.0.1", "garbage")


def figures() -> Iterator[Figure]:
    """Both, in the best of several rounds: what is measured is the code, not what else runs here."""
    yield _figure("country lookup", "µs", 1e6, LOOKUP, _lookups, len(ADDRESSES))
    yield _figure(f"tax of a cart of {LINES} lines", "ms", 1e3, CART, _cart, 1)


def _figure(name: str, unit: str, factor: float, most: float, act: Callable[[], object], each: int) -> Figure:
    act()  # data and tables are read once a process
    return Figure(name, min(_seconds(act) for _ in range(50)) / each * factor, unit, most * factor, at_most=1.0)


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _lookups() -> None:
    for address in ADDRESSES:
        location.country_of_environ({"REMOTE_ADDR": address})


def _cart() -> tax.Amounts:
    treatment = tax.treatment(Seller("DE", "oss"), Buyer("PT", "9000-018"), date(2026, 11, 27))
    return tax.sum_of(treatment.line(Decimal("149.00") + line, line, "EUR") for line in range(1, LINES + 1))
