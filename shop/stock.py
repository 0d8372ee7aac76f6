"""The keys that there are of an edition, by `accounts`. Editions whose keys are made when sold have no limit."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from shop.models import Order


class SoldOut(Exception):
    """Fewer keys are free than were asked for; none was reserved."""


class Stock(Protocol):
    """Counts and reserves keys. What reserves runs inside the transaction of what it is reserved for."""

    def left(self, edition_ids: Iterable[int]) -> dict[int, int]:
        """Free keys by edition id; an edition without a limit is left out."""

    def reserve(self, wanted: Mapping[int, int], *, until: datetime) -> None:
        """Keeps a key for each unit (edition id by unit id). Raises SoldOut."""

    def keep(self, order: Order, *, until: datetime) -> None:
        """Says until when an order's reserved keys are kept, as its time to pay has changed."""

    def release(self, order: Order) -> None:
        """Gives back what was reserved for an order that won't be paid."""


_stock: list[Stock] = []


def register(stock: Stock) -> None:
    """Names who counts and reserves."""
    _stock[:] = [stock]


def left(edition_ids: Iterable[int]) -> dict[int, int]:
    """Free keys by edition id; an edition that isn't in the answer has no limit."""
    asked = list(edition_ids)
    return _stock[0].left(asked) if _stock and asked else {}


def reserve(wanted: Mapping[int, int], *, until: datetime) -> None:
    """Keeps a key for each unit of editions with a limit (edition id by unit id). Raises SoldOut."""
    if wanted:
        _stock[0].reserve(wanted, until=until)


def keep(order: Order, *, until: datetime) -> None:
    """Keeps what is reserved for an order until another moment."""
    _stock[0].keep(order, until=until)


def release(order: Order) -> None:
    """Gives back what is reserved for an order."""
    _stock[0].release(order)
