"""Where an identifier may stand: in rows that the plan restricts, and, until the notice has gone, in what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from privacy import inventory, unchangeable
from privacy.inventory import Category, Erasure, Personal, PersonalData, With
from privacy.people import Person, rows_of
from privacy.residue.identifiers import Kind
from privacy.residue.tables import Place

RESTRICTED, NOTICE, OTHERS = "restricted", "needed for the notice", "of somebody else"
FIXED = "on a document of somebody else"


@dataclass(frozen=True)
class Exempt:
    """What a scan lets pass beside restricted rows. `request` is a deletion request whose notice hasn't gone yet: the
    rows of the models in `until_told` that lead to it by the path there are let pass, and its mails in the mailbox.
    `rows` are keys, by model, of rows that stay as they are for now: under a legal hold, or while money is under way.
    `told_at`: what the person wrote to support after that is new.
    """

    request: int | None = None
    until_told: Mapping[str, str] = field(default_factory=dict)
    messages: frozenset[Any] = frozenset()
    rows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    told_at: datetime | None = None


#: Nothing but restricted rows: the second scan, and one that support asks for.
ONLY_RESTRICTED = Exempt()


class Exemptions:
    """Says of each place whether it is let pass, and why. A row is asked about once."""

    def __init__(self, person: Person, exempt: Exempt) -> None:
        self._person = person
        self._exempt = exempt
        self._known: dict[tuple[str, str], str] = {}

    def reason(self, place: Place, kind: Kind) -> str:
        """Why the place is let pass; empty where it isn't."""
        known = self._known.get((place.where, place.key))
        if known is None:
            known = self._known[place.where, place.key] = self._judged(place)
        if not known and kind is Kind.VAT_NUMBER and self._is_of_another(place):
            return OTHERS  # a company's number is that of each of its people
        return known

    def stay(self, place: Place) -> unchangeable.Stay | None:
        """Why and until when a value of somebody else's document stays as it is; None where it can be changed."""
        model = model_of(place.table)
        return unchangeable.find(model, place.column, place.key) if model is not None else None

    def _judged(self, place: Place) -> str:
        model = model_of(place.table)
        if model is None:
            return ""
        if place.key in self._exempt.rows.get(model._meta.label, ()):
            return RESTRICTED
        path = self._exempt.until_told.get(model._meta.label)
        if self._exempt.request is not None and path:
            rows: QuerySet[Any] = QuerySet(model).filter(pk=place.key, **{path: self._exempt.request})
            return NOTICE if rows.exists() else ""
        if is_restricted(model, place):
            return RESTRICTED
        return FIXED if self.stay(place) else ""

    def _is_of_another(self, place: Place) -> bool:
        model = model_of(place.table)
        if model is None or not is_tax_number(model, place):
            return False
        return not rows_of(model, self._person).filter(pk=place.key).exists()


def is_tax_number(model: type[Model], place: Place) -> bool:
    """Whether the column is the one for VAT numbers."""
    column = _column(model, place.column)
    return column is not None and column.category is Category.TAX_NUMBER


def is_restricted(model: type[Model], place: Place) -> bool:
    """Whether a value is kept for the law alone: its column is one that a deletion restricts, and its row, or the one
    that it goes with, is marked. What a deletion should have cleared isn't let pass, though its row is marked."""
    column = _column(model, place.column)
    if column is None or column.erasure is not Erasure.RESTRICT:
        return False
    return any(QuerySet(model).filter(pk=place.key, **mark).exists() for mark in _marks(model, column))


def _marks(model: type[Model], column: Personal) -> list[dict[str, bool]]:
    """Conditions of which one holds where the row, or the row that this column goes with, is restricted."""
    declaration: type[PersonalData] | None = inventory.declaration_of(model)
    marks = [{f"{declaration.restricted}__isnull": False}] if declaration and declaration.restricted else []
    keeps = (column.keep, declaration.row if declaration else None)
    for keep in {keep for keep in keeps if isinstance(keep, With)}:
        owner = apps.get_model(keep.owner)
        owners = inventory.declaration_of(owner)
        if owners and owners.restricted:
            marks.append({f"{_path_to(model, keep, owner)}__{owners.restricted}__isnull": False})
    return marks


def _path_to(model: type[Model], keep: With, owner: type[Model]) -> str:
    """The path from a row to the owner that it goes with: `via`, and where that ends at a row to which the owner points
    as well, back along the owner's link."""
    end: Any = model
    for step in keep.via.split("__"):
        end = end._meta.get_field(step).related_model
    if end is owner:
        return keep.via
    link: Any = next(one for one in owner._meta.local_fields if one.is_relation and one.related_model is end)
    return f"{keep.via}__{link.related_query_name()}"


@cache
def model_of(table: str) -> type[Model] | None:
    """The model of a table, or None where there is none."""
    return next((model for model in inventory.stored_models() if model._meta.db_table == table), None)


def _column(model: type[Model], column: str) -> Personal | None:
    """What is declared of a column, if that is personal."""
    declaration = inventory.declaration_of(model)
    names = {one.column: one.name for one in inventory.stored_fields(model)}
    declared = dict(declaration.columns()).get(names.get(column, "")) if declaration else None
    return declared if isinstance(declared, Personal) else None
