"""Columns that only the shop can read: encrypted, or packed. Who writes such a column registers how it is opened.

::

    @openers.of(Export, "file")
    def _(export: Export) -> bytes | None: ...      # None: nothing is there

The rows are opened one by one, so that memory stays flat. What can't be opened, because its key is gone, holds nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

Opener = Callable[[Any], str | bytes | None]


@dataclass(frozen=True)
class Sealed:
    """A column that needs opening."""

    model: type[Model]
    column: str
    opened: Opener

    @property
    def where(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


_sealed: dict[str, Sealed] = {}


def of(model: type[Model], column: str) -> Callable[[Opener], Opener]:
    """Registers how `column` of a row of `model` is read. Raises ValueError where that was said before."""

    def remember(opened: Opener) -> Opener:
        sealed = Sealed(model, column, opened)
        if sealed.where in _sealed:
            raise ValueError(f"{sealed.where} has an opener already.")
        _sealed[sealed.where] = sealed
        return opened

    return remember


def all_sealed() -> Mapping[str, Sealed]:
    """Every registered column, by table and column."""
    return dict(_sealed)
