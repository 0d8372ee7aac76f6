"""Sections of an order's page in the admin. Higher apps bring theirs: keys from `accounts`, money from `payments`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.formats import date_format

from shop.models import Order

Row = Sequence[object]


class Reader(Protocol):
    """Who looks at the page: a user with permissions."""

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether they may."""


@dataclass(frozen=True)
class Section:
    """A table under a title. `empty` says what it means that there are no rows, `note` what the rows leave out."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Row]
    empty: str = "None."
    note: str = ""


# --- The list ---------------------------------------------------------------------------------------------------------

_filters: list[type] = []


def narrow(list_filter: type) -> type:
    """Adds a filter of the admin's list of orders that a higher app brings; it may be used as a decorator."""
    _filters.append(list_filter)
    return list_filter


def filters() -> tuple[type, ...]:
    """The filters of higher apps, in the order in which they were added."""
    return tuple(_filters)


# --- The page ---------------------------------------------------------------------------------------------------------

Maker = Callable[[Order, Reader], Section | None]
_makers: list[Maker] = []


def register(make: Maker) -> Maker:
    """Adds a maker of sections; it may be used as a decorator. None means that this reader may not see it."""
    _makers.append(make)
    return make


def sections_of(order: Order, reader: Reader) -> list[Section]:
    """The sections of an order for this reader, in the order in which their makers were registered."""
    return [section for make in _makers if (section := make(order, reader)) is not None]


# --- The story --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of an order's story: when, what, and who did it."""

    at: datetime
    what: str
    detail: str = ""
    by: str = "the shop"


Teller = Callable[[Order, Reader], Iterable[Line]]
_tellers: list[Teller] = []


def tell(teller: Teller) -> Teller:
    """Adds who knows a part of an order's story; it may be used as a decorator. It tells what this reader may see."""
    _tellers.append(teller)
    return teller


def told_of(order: Order, reader: Reader) -> list[Line]:
    """What the higher apps tell of an order, in no particular order."""
    return [line for teller in _tellers for line in teller(order, reader)]


def moment(at: datetime | None) -> str:
    """A moment as the desk writes it, in UTC; a dash for none."""
    return f"{date_format(at, 'j M Y, H:i')} UTC" if at else "–"
