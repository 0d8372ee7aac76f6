"""Sections of an order's page in the admin. Higher apps bring theirs: keys from `accounts`, money from `payments`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

Row = Sequence[object]


@dataclass(frozen=True)
class Section:
    """A table under a title. `empty` says what it means that there are no rows, `note` what the rows leave out."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Row]
    empty: str = "None."
    note: str = ""


Maker = Callable[[Order, "AbstractBaseUser"], Section | None]
_makers: list[Maker] = []


def register(make: Maker) -> Maker:
    """Adds a maker of sections; it may be used as a decorator. None means that this reader may not see it."""
    _makers.append(make)
    return make


def sections_of(order: Order, reader: "AbstractBaseUser") -> list[Section]:
    """The sections of an order for this reader, in the order in which their makers were registered."""
    return [section for make in _makers if (section := make(order, reader)) is not None]
