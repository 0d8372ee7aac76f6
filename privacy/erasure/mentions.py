"""Mentions: where somebody else's row, or nobody's, holds what belongs to the person alone.

An address stands in a note of the staff, in the desk's log, in nested JSON, in a session, or as the one that another
buyer's keys go to. What the scan would find there (`privacy.residue`) is taken out here: from free text and JSON by
itself, else with the whole value; a session, or a copy that lives for days, goes as a row. What stands on a
document of somebody else stays there (`privacy.unchangeable`): the scan names it to a person. The person's own rows
aren't looked at: they have their erasers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Field, Model, QuerySet

from privacy import inventory, unchangeable
from privacy.erasure import plans, ports
from privacy.erasure.cases import Case
from privacy.erasure.derived import can_clear
from privacy.erasure.looking import UNTIL_TOLD
from privacy.erasure.steps import LocalStep, register
from privacy.inventory import Personal
from privacy.people import Person
from privacy.residue import Identifier, Kind, identifiers, spellings, tables
from privacy.residue.exemptions import is_tax_number, model_of
from privacy.residue.matching import Matcher
from privacy.residue.tables import Place, Table

#: Stands where something was taken out.
DASH = "—"


class CannotScrub(Exception):
    """A value that holds something of the person can be neither changed nor cleared. The text names its column."""


def scrub(case: Case, plan: str = "") -> int:
    """Takes all mentions out, in the caller's transaction; returns how many values that were."""
    unique = {one for one in identifiers.of(case.person) if one.kind.is_unique}
    matcher = Matcher(unique)
    found = list(_places(case, matcher))
    rows: dict[str, list[Any]] = defaultdict(list)
    for model, place in found:
        rows[model._meta.label].append(place.key)
    if rows:
        words = [one.value for one in unique if one.kind is Kind.VAT_NUMBER]
        ports.journal().write("mentions", person=case.person, rows=rows, plan=plan, words=words)
    cleaner = Cleaner(unique, matcher)
    return sum(_act(model, place, cleaner) for model, place in found)


def scrub_in(person: Person, rows: Mapping[type[Model], Collection[str]], *, words: Iterable[str] = ()) -> int:
    """The same in these rows alone, by model and key as text, for a restored database; `words` are what a person took
    out of a text, or a VAT number. Returns how many values.
    """
    said = {Identifier(Kind.VAT_NUMBER if any(map(str.isdigit, word)) else Kind.NAME, word) for word in words}
    unique = {one for one in identifiers.of(person) if one.kind.is_unique}
    return _scrub_in(rows, unique) + _scrub_in(rows, said, only_free_text=True)


def _scrub_in(
    rows: Mapping[type[Model], Collection[str]], known: Collection[Identifier], *, only_free_text: bool = False
) -> int:
    matcher = Matcher(known)
    cleaner = Cleaner(known, matcher)
    names = {model._meta.db_table: (model, keys) for model, keys in rows.items()}
    count, seen = 0, set()
    for table in tables.all_tables() if known else ():
        model, keys = names.get(table.title, (None, ()))
        if model is None:
            continue
        for place in _found(table, matcher):
            if place.key not in keys or place in seen or unchangeable.find(model, place.column, place.key):
                continue
            if not only_free_text or is_free_text(_field(model, place)):
                seen.add(place)
                count += _act(model, place, cleaner)
    return count


def _places(case: Case, matcher: Matcher) -> Iterator[tuple[type[Model], Place]]:
    """Every value of every table that holds something of the person, but for the person's own rows; each once."""
    own = {model: {str(key) for key in theirs} for model, theirs in plans.fates(case).items()}
    seen: set[tuple[str, str, str]] = set()
    for table in tables.all_tables():
        for place in _found(table, matcher):
            where = (place.table, place.column, place.key)
            model = model_of(place.table)
            if where in seen or (model is not None and place.key in own.get(model, ())):
                continue
            if model is not None and _stays(model, place, case):
                continue
            seen.add(where)
            if model is None:
                raise CannotScrub(f"{place.where} holds something of the person, and no model says what it is.")
            yield model, place


def _found(table: Table, matcher: Matcher) -> Iterator[Place]:
    """What is found in a table, but for VAT numbers where such belong: a company's is that of each of its people, and
    stands on their invoices."""
    for place, hit in tables.search(table, matcher):
        if hit.kind is Kind.UNREADABLE:
            continue
        model = model_of(place.table) if hit.kind is Kind.VAT_NUMBER else None
        if model is None or not is_tax_number(model, place):
            yield place


def _stays(model: type[Model], place: Place, case: Case) -> bool:
    """Whether the notice of this request still needs the row, or a document of somebody else holds the value."""
    if unchangeable.find(model, place.column, place.key):
        return True
    path = UNTIL_TOLD.get(model._meta.label)
    if path is None or case.request_id is None:
        return False
    return QuerySet[Any](model).filter(pk=place.key, **{path: case.request_id}).exists()


class Cleaner:
    """Takes a person's identifiers out of a value."""

    def __init__(self, unique: Iterable[Identifier], matcher: Matcher) -> None:
        self._patterns = [spellings.pattern(one) for one in sorted(unique, key=lambda one: -len(one.value))]
        self._matcher = matcher

    @classmethod
    def of(cls, person: Person) -> "Cleaner":
        """For what belongs to this person alone."""
        unique = {one for one in identifiers.of(person) if one.kind.is_unique}
        return cls(unique, Matcher(unique))

    def text(self, value: str) -> str:
        """The text with a dash for each; empty where something is hidden in it in another spelling."""
        for pattern in self._patterns:
            value = pattern.sub(DASH, value)
        return "" if self._is_left(value) else value

    def json(self, value: Any) -> Any:
        """The same for every text in a JSON value, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.json(item) for key, item in value.items()}
        return DASH if self._is_left(str(value)) else value

    def _is_left(self, value: str) -> bool:
        return any(hit.kind is not Kind.UNREADABLE for hit in self._matcher.search(value))


def _act(model: type[Model], place: Place, cleaner: Cleaner) -> bool:
    """Cleans one value under the lock of its row. False where it went meanwhile."""
    rows = QuerySet[Any](model).filter(pk=place.key)
    field = _field(model, place)
    locked = rows.select_for_update(of=("self",)).values_list(field.attname, flat=True).first()
    if locked is None:
        return False
    if model is Session or _is_a_copy(model, field):
        rows.delete()
        return True
    try:
        with transaction.atomic():
            rows.update(**{field.attname: _cleaned(field, locked, cleaner)})
    except IntegrityError as error:
        where = f"{place.where} {place.shown_key}"
        raise CannotScrub(f"{where} holds something of the person, and may not be changed.") from error
    return True


def _field(model: type[Model], place: Place) -> "Field[Any, Any]":
    return next(field for field in inventory.stored_fields(model) if field.column == place.column)


def is_free_text(field: "Field[Any, Any]") -> bool:
    """Whether a name can be taken out of a column: in any other the value is somebody's own."""
    declaration = inventory.declaration_of(field.model)
    column = dict(declaration.columns()).get(field.name) if declaration else None
    return isinstance(column, Personal) and column.scrub is not None


def _is_a_copy(model: type[Model], field: "Field[Any, Any]") -> bool:
    """Whether the value is a file, of a row that lives for its own short period only."""
    declaration = inventory.declaration_of(model)
    return field.get_internal_type() == "BinaryField" and declaration is not None and declaration.row is not None


def _cleaned(field: "Field[Any, Any]", value: Any, cleaner: Cleaner) -> Any:
    kind = field.get_internal_type()
    if kind == "JSONField":
        return cleaner.json(value)
    declaration = inventory.declaration_of(field.model)
    column = dict(declaration.columns()).get(field.name) if declaration else None
    is_text = not isinstance(column, Personal) or column.scrub is not None
    if kind in {"TextField", "CharField"} and is_text:
        cleaned = cleaner.text(str(value))
        if cleaned or field.empty_strings_allowed:
            return cleaned
    if can_clear(field):
        return None if field.null else ""
    raise CannotScrub(f"{field.model._meta.label}.{field.name} holds something of the person and can't be cleared.")


register(LocalStep("mentions", 10, scrub))
