"""Periods of the inventory in words: "3 years after the order was placed"."""

from typing import Any

from django.apps import apps
from django.db.models import Model

from privacy import inventory
from privacy.inventory import Days, Keep, UntilErased, With, Years


def words(model: type[Model], keep: Keep) -> str:
    """How long a column of `model` is kept, for the person it is about."""
    if isinstance(keep, UntilErased):
        return f"until {keep.ends}"
    if isinstance(keep, With):
        return _words_of_owner(keep.owner)
    said = f"{_length(keep)} after {_moment(model, keep.since)}"
    return f"{said}; {keep.unless.words}: {words(model, keep.unless.keep)}" if keep.unless else said


def _length(keep: Years | Days) -> str:
    unit = "year" if isinstance(keep, Years) else "day"
    length = f"1 {unit}" if keep.number == 1 else f"{keep.number} {unit}s"
    is_from_end = isinstance(keep, Years) and keep.from_year_end
    return f"{length} after the end of the year" if is_from_end else length


def _words_of_owner(label: str) -> str:
    owner = apps.get_model(label)
    declaration = inventory.declaration_of(owner)
    row = declaration.row if declaration else None
    return words(owner, row) if row else f"as long as the {owner._meta.verbose_name}"


def _moment(model: type[Model], path: str) -> str:
    """`order__placed_at` as "the order was placed"."""
    *steps, last = path.split("__")
    for step in steps:
        related: Any = model._meta.get_field(step).related_model
        model = related
    deed = str(getattr(model._meta.get_field(last), "verbose_name", last))
    for ending in (" at", " on", " date"):
        deed = deed.removesuffix(ending)
    return f"the {model._meta.verbose_name} was {deed}"
