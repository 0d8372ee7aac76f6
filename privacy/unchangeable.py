"""Values that nobody may change, in rows of others: what stands on a document, such as the name of an invoice's buyer.

Where one of them holds an address or a name of whoever asked for deletion, it stays as long as the document does
(GDPR Art. 17(3)(b)). A scan names the place for a person to look at, and the notice says that something is kept.

::

    unchangeable.declare(OrderParty, ("name", "street"), ground="...", until="expires_at", which=lambda rows: ...)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

Which = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True)
class Fixed:
    """Columns of the rows that `which` picks, and when those rows go by themselves."""

    columns: frozenset[str]
    ground: str
    until: str
    which: Which


@dataclass(frozen=True)
class Stay:
    """One value that stays: why in words, and until when (None: nobody knows yet)."""

    ground: str
    until: datetime | None


_declared: dict[str, Fixed] = {}


def declare(model: type[Model], fields: tuple[str, ...], *, ground: str, until: str, which: Which) -> None:
    """Says which columns can't be changed in which rows of a model. Raises ValueError where that was said before."""
    label = model._meta.label
    if label in _declared:
        raise ValueError(f"{label} has unchangeable values already.")
    columns = frozenset(str(field.column) for field in model._meta.concrete_fields if field.name in fields)
    _declared[label] = Fixed(columns, ground, until, which)


def find(model: type[Model], column: str, key: str) -> Stay | None:
    """Why and until when a value stays; None where it can be changed."""
    fixed = _declared.get(model._meta.label)
    if fixed is None or column not in fixed.columns:
        return None
    ends = fixed.which(QuerySet[Any](model).filter(pk=key)).values_list(fixed.until, flat=True)[:1]
    return next((Stay(fixed.ground, end) for end in ends), None)
