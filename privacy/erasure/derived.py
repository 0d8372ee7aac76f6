"""What follows from a declaration: the deed for the rows of a model, and for what goes with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Field, Model, QuerySet

from privacy import clock, inventory
from privacy.erasure.verdicts import CLEARED, DELETED, UNLINKED, Deed, Verdict
from privacy.inventory import Category, Days, Erasure, Personal, PersonalData, With, Years
from privacy.retention import locks
from privacy.retention.cuts import Batch, Cut, array, column_of, is_one_of, removal
from privacy.retention.rules import with_row_of

#: What stays with a row that is kept, and goes with it.
WITH_ITS_OWNER = "kept with it, and goes with it"


@dataclass(frozen=True)
class Companion:
    """Rows of `model` that go with those of another: `cleared` are the columns that a restricted owner loses there.

    `is_whole_row`: the rows themselves go with the owner's; else only `columns` do.
    """

    model: type[Model]
    way: With
    columns: tuple[str, ...]
    cleared: tuple[str, ...]
    is_whole_row: bool

    @property
    def keeps(self) -> bool:
        """Whether something of it stays where the owner stays."""
        return self.is_whole_row or bool(set(self.columns) - set(self.cleared))


@dataclass(frozen=True)
class Derived:
    """The deeds of a model's own columns: those that don't go with another model's row."""

    model: type[Model]
    verdict: Verdict
    cleared: tuple[str, ...]
    until: str

    @property
    def is_needed(self) -> bool:
        """Whether the model has a personal column of its own, and a way from a person to its rows."""
        return bool(own_columns(self.model))

    def carry_out(self, judged: Mapping[Any, Verdict]) -> int:
        """Deletes, clears or narrows locked rows, with what goes with them; returns how many of them changed."""
        gone = [key for key, verdict in judged.items() if verdict == DELETED]
        narrowed = [key for key, verdict in judged.items() if verdict != DELETED and not verdict.is_whole]
        kept = [key for key, verdict in judged.items() if verdict.deed is Deed.RESTRICTED]
        count = delete(self.model, gone)
        if narrowed:
            clear_companions(self.model, narrowed)
            count += clear(self.model, narrowed, self.cleared)
        restrict(self.model, kept)
        return count

    def companions(self, judged: Mapping[Any, Verdict]) -> Iterator[tuple[type[Model], dict[Any, Verdict]]]:
        """The rows that go with those judged, by model."""
        ends: dict[str, dict[Any, Any]] = {}
        for companion in companions_of(self.model):
            found = rows_with(self.model, companion, list(judged), ends)
            fates = {key: _fate(companion, judged[owner]) for key, owner in found}
            if fates:
                yield companion.model, fates


def _fate(companion: Companion, owner: Verdict) -> Verdict:
    if owner == DELETED:
        return DELETED if companion.is_whole_row else CLEARED
    if owner.is_whole:
        return replace(owner, how=WITH_ITS_OWNER)
    if owner.deed is Deed.RESTRICTED and companion.keeps:
        how = "cleared of free text, the rest is kept with its order" if companion.cleared else WITH_ITS_OWNER
        return replace(owner, how=how)
    return CLEARED if companion.cleared else owner


@cache
def derive(model: type[Model]) -> Derived:
    """What the declaration of a model says."""
    columns = own_columns(model)
    deeds = {column.erasure for column in columns.values()}
    cleared = tuple(name for name, column in columns.items() if column.erasure in {Erasure.CLEAR, Erasure.UNLINK})
    verdict, until = DELETED, ""
    if Erasure.DELETE_ROW not in deeds:
        verdict = CLEARED if Erasure.CLEAR in deeds else UNLINKED
        kept = [column for column in columns.values() if column.erasure is Erasure.RESTRICT]
        if kept:
            ground = f"{kept[0].purpose.words} ({kept[0].purpose.basis})"
            verdict = Verdict(Deed.RESTRICTED, "restricted" if not cleared else "narrowed and restricted", ground)
            until = next((keep.at for column in kept if isinstance(keep := column.keep, Years | Days)), "")
    return Derived(model, verdict, cleared, until)


def until_of(verdict: Verdict, end: datetime | None) -> Verdict:
    """The same verdict, with the date of one row."""
    return replace(verdict, until=end)


def own_columns(model: type[Model]) -> dict[str, Personal]:
    """The personal columns that are this model's own matter.

    Not those that go with another model's row, nor links to an account that the deletion of that account cuts.
    """
    declaration = inventory.declaration_of(model)
    if declaration is None:
        return {}
    return {
        name: column
        for name, column in declaration.columns()
        if isinstance(column, Personal)
        and not isinstance(column.keep, With)
        and not is_cut_with_account(model, name, column)
    }


def is_cut_with_account(model: type[Model], name: str, column: Personal) -> bool:
    """Whether this is a link to an account, which ends by itself when the account is deleted: it may be NULL then.

    It isn't where the row's person is found by it: then it is cut when the row's turn comes.
    """
    field = column_of(model, name)
    subject = declaration.subject if (declaration := inventory.declaration_of(model)) else None
    is_own = subject is not None and subject.user == name
    points = field.is_relation and field.related_model is get_user_model() and field.null
    return points and (column.category is Category.WORK or not is_own)


@cache
def companions_of(model: type[Model]) -> tuple[Companion, ...]:
    """What goes with the rows of `model`, the longest ways first: they lead over links that the shorter ones cut."""
    found = []
    for other, way, columns in with_row_of(model):
        declared = dict(inventory.declaration_of(other).columns())  # type: ignore[union-attr]  # an owner's companions are declared
        theirs = {
            name: column
            for name, column in declared.items()
            if isinstance(column, Personal) and column.keep == way and column.category is not Category.WORK
        }
        cleared = tuple(name for name, column in theirs.items() if column.erasure in {Erasure.CLEAR, Erasure.UNLINK})
        found.append(Companion(other, way, columns or tuple(theirs), cleared, is_whole_row=not columns))
    return tuple(sorted(found, key=lambda each: -each.way.via.count("__")))


def rows_with(
    owner: type[Model], companion: Companion, keys: Sequence[Any], ends: dict[str, dict[Any, Any]]
) -> list[tuple[Any, Any]]:
    """Keys of the companion's rows, each with the key of the owner's row that it goes with.

    `ends` keeps from call to call to which rows the owner's rows point, by the link.
    """
    link = _link(owner, companion)
    if link and link not in ends:  # the way ends at a row to which the owner points, too
        ends[link] = dict(QuerySet[Any](owner).filter(pk__in=keys).values_list(link, "pk"))
    owners = ends[link] if link else {key: key for key in keys}
    rows = QuerySet[Any](companion.model).filter(**{f"{companion.way.via}__in": list(owners)}).order_by()
    return [(key, owners[end]) for key, end in rows.values_list("pk", companion.way.via)]


def _link(owner: type[Model], companion: Companion) -> str:
    """The owner's own link to the end of a companion's way; nothing where it ends at the owner itself."""
    end: Any = companion.model
    for step in companion.way.via.split("__"):
        end = end._meta.get_field(step).related_model
    if end is owner:
        return ""
    return next(field.name for field in owner._meta.local_fields if field.is_relation and field.related_model is end)


def delete(model: type[Model], keys: Sequence[Any]) -> int:
    """Deletes rows with all that goes with them, as the sweep does it."""
    if not keys:
        return 0
    declaration = inventory.declaration_of(model)
    if declaration is not None and declaration.under:
        locks.lock_above(model, declaration.under, keys)
    _cut(model, keys, {each: () if each.is_whole_row else each.columns for each in companions_of(model)})
    QuerySet[Any](model).filter(pk__in=keys).delete()
    return len(keys)


def clear_companions(model: type[Model], keys: Sequence[Any]) -> None:
    """Clears what the companions of restricted rows lose."""
    _cut(model, keys, {each: each.cleared for each in companions_of(model) if each.cleared})


def _cut(model: type[Model], keys: Sequence[Any], cuts: Mapping[Companion, tuple[str, ...]]) -> None:
    statements = [Cut.of(model, each.model, each.way, columns) for each, columns in cuts.items()]
    pk = column_of(model).column or ""
    values: dict[str, list[Any]] = {pk: list(keys)}
    for column in {cut.key for cut in statements} - {pk}:
        values[column] = list(QuerySet[Any](model).filter(pk__in=keys).values_list(column, flat=True))
    batch = Batch(values)
    for cut in statements:
        batch.carry_out(cut)


def clear(model: type[Model], keys: Sequence[Any], columns: Iterable[str]) -> int:
    """Empties columns of rows in which anything is left; returns how many rows that were."""
    if not keys or not (names := tuple(columns)):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(removal(model, names, is_one_of(column_of(model))), [array(keys)])
        return int(cursor.rowcount)


def restrict(model: type[Model], keys: Sequence[Any]) -> None:
    """Marks rows as kept for the law alone, where the model has a column for that."""
    declaration = inventory.declaration_of(model)
    if keys and declaration is not None and declaration.restricted:
        marks = QuerySet[Any](model).filter(pk__in=keys, **{f"{declaration.restricted}__isnull": True})
        marks.update(**{declaration.restricted: clock.now()})


def gap(model: type[Model], declaration: type[PersonalData], name: str, column: Personal) -> str:
    """Why no eraser follows for a personal column, or nothing."""
    field = column_of(model, name)
    if isinstance(column.keep, With) or is_cut_with_account(model, name, column):
        return ""
    subject = declaration.subject
    if subject is None or not (subject.email or subject.user):
        return "no way leads from a person to its rows"
    if column.erasure is Erasure.UNLINK and not (field.is_relation and field.null):
        return "a link that is cut must be a foreign key that may be NULL"
    if column.erasure is Erasure.CLEAR and not can_clear(field):
        return "it may be neither NULL nor empty"
    if column.erasure is Erasure.RESTRICT and not isinstance(column.keep, Years | Days):
        return "what is restricted needs a date at which it goes: keep Years, Days or With"
    return ""


def can_clear(field: "Field[Any, Any]") -> bool:
    """Whether a column can be emptied."""
    return field.null or field.get_internal_type() in {"CharField", "TextField", "EmailField", "JSONField"}
