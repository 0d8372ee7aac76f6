"""The rules of the sweep, read from the inventory: which rows are due by which date, and what goes with them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from privacy import inventory
from privacy.inventory import Days, Keep, Personal, PersonalData, With, Years
from privacy.retention.cuts import Cut, column_of, removal
from privacy.retention_dates import years_after

#: What is done with a batch of primary keys, in its transaction.
Deed = Callable[[Sequence[Any]], None]
#: How messages name the row itself.
ROW = "The row"


@dataclass(frozen=True)
class Rule:
    """Rows of `model` are due when the date in `at` has come: deleted, or, with `columns`, cleared of these.

    `cuts` go first and in the same transaction; a `deed` stands in for the deletion. `under` is a foreign key at whose
    end a lock is taken before all that.
    """

    model: type[Model]
    at: str
    keep: Years | Days
    columns: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()
    deed: Deed | None = field(default=None, compare=False)
    under: str = ""
    destroys: bool = True

    @property
    def name(self) -> str:
        """Model and date column, as in `shop.OrderParty.expires_at`: the key of its `RetentionPeriod`."""
        return f"{self.model._meta.label}.{self.at}"

    @property
    def words(self) -> str:
        """What it removes, for whoever reads the command's answer."""
        if self.deed is not None:
            return "handled"
        return "cleared" if self.columns else "deleted"

    def cutoff(self, as_of: datetime) -> datetime:
        """Rows are due whose date isn't later than this.

        That is `as_of` itself, but for a table of a package, which has no column for the end of a period: where the
        date is the one that the period counts from, it is the period earlier, and never too late for a leap day.
        """
        if self.keep.at != self.keep.since:
            return as_of
        if isinstance(self.keep, Days):
            return as_of - timedelta(days=self.keep.number)
        return years_after(as_of, -self.keep.number) - timedelta(days=1)

    @property
    def period(self) -> dict[str, Any]:
        """The period as the settings of this process say it, in the form of `RetentionPeriod.period`."""
        return period_of(self.keep)

    @property
    def identity(self) -> dict[str, str]:
        """The columns of the rule's row that say where its dates stand."""
        return {
            "model": self.model._meta.label,
            "db_table": self.model._meta.db_table,
            "at_column": column_of(self.model, self.at).column or "",
            "pk_column": column_of(self.model).column or "",
        }


@dataclass(frozen=True)
class _Deed:
    keep: Years | Days
    act: Deed
    destroys: bool


_deeds: dict[tuple[str, str], _Deed] = {}


def deed(label: str, keep: Years | Days, *, destroys: bool = True) -> Callable[[Deed], Deed]:
    """Registers what is done with the rows of the model `label` when the date of `keep` has come, instead of SQL.

    One that only warns and `destroys` nothing is no matter of the journal.
    """

    def remember(act: Deed) -> Deed:
        _deeds[label.lower(), keep.at] = _Deed(keep, act, destroys)
        return act

    return remember


def period_of(keep: Years | Days) -> dict[str, Any]:
    """A period in the form that `privacy_period_end` in the database reads."""
    unit = "days" if isinstance(keep, Days) else "years"
    period: dict[str, Any] = {unit: keep.number}
    if isinstance(keep, Years) and keep.from_year_end:
        period["from_year_end"] = True
    if keep.unless is not None:
        period["unless"] = period_of(keep.unless.keep)
    return period


def all_rules() -> list[Rule]:
    """Every rule, in the order of the models. What `gaps` names has none: a system check refuses it."""
    return [rule for model in inventory.stored_models() for rule in rules_of(model)]


def short_rules() -> list[Rule]:
    """The rules of what is kept for a day at most: a sweep once a night would keep it for two."""
    return [rule for rule in all_rules() if isinstance(rule.keep, Days) and rule.keep.number <= 1]


def rules_of(model: type[Model]) -> list[Rule]:
    """The rules of one model: its row's first, then one for each date at which columns are cleared."""
    declaration = inventory.declaration_of(model)
    row, under = (declaration.row, declaration.under) if declaration else (None, "")
    by_date: dict[str, tuple[Years | Days, list[str]]] = {}
    for name, keep in _periods(model):
        if not _gap(model, name, keep):
            columns = by_date.setdefault(keep.at, (keep, []))[1]
            columns += [] if keep == row or name == ROW else [name]
    deeds = {at: each for (label, at), each in _deeds.items() if label == model._meta.label_lower}
    made = [
        Rule(model, at, keep, tuple(columns), _cuts(model), under=under)
        if keep == row
        else Rule(model, at, keep, tuple(columns))
        for at, (keep, columns) in by_date.items()
    ]
    return [
        replace(rule, deed=deeds[rule.at].act, destroys=deeds[rule.at].destroys) if rule.at in deeds else rule
        for rule in made
    ]


def gaps(model: type[Model]) -> list[str]:
    """What is declared for this model and never swept: sentences that name the column and say what is missing."""
    found = [_gap(model, name, keep) for name, keep in _periods(model)]
    try:
        for rule in rules_of(model):
            removal(model, rule.columns, "true")
    except (ValueError, FieldDoesNotExist) as error:
        found.append(str(error))
    declaration = inventory.declaration_of(model)
    for name, keep in _keeps(declaration) if declaration else ():
        owner = _owner(keep)
        if owner is not None and not any(rule.cuts for rule in rules_of(owner)):
            found.append(f"{name}: the rows of {owner._meta.label} that it goes with are deleted by no rule.")
    return [sentence for sentence in found if sentence]


def _periods(model: type[Model]) -> Iterator[tuple[str, Years | Days]]:
    """What is stated as a period: the row's, those of its columns, and those of deeds."""
    declaration = inventory.declaration_of(model)
    if declaration is not None:
        if isinstance(declaration.row, Years | Days):
            yield ROW, declaration.row
        yield from ((name, keep) for name, keep in _keeps(declaration) if isinstance(keep, Years | Days))
    yield from ((ROW, each.keep) for (label, _), each in _deeds.items() if label == model._meta.label_lower)


def _gap(model: type[Model], name: str, keep: Years | Days) -> str:
    """Why no sweep can be made of a period, or nothing."""
    if not keep.at:
        return f"{name}: its period names no date column. Say `at=`, or `With(...)` whose row it goes with."
    try:
        column = model._meta.get_field(keep.at)
    except FieldDoesNotExist:
        return f"{name}: its period names the column {keep.at}, which isn't there."
    if column.get_internal_type() != "DateTimeField":
        return f"{name}: the column {keep.at} isn't a DateTimeField."
    if keep.at == keep.since:
        return ""  # a package's table: its index stands in a migration of ours
    indexes = [list(index.fields)[:1] for index in model._meta.indexes if index.condition is None]
    if [keep.at] not in indexes and not column.db_index:  # type: ignore[union-attr]
        return f'{name}: no index begins with {keep.at}. Add `models.Index(fields=["{keep.at}", "id"])`.'
    return ""


def with_row_of(model: type[Model]) -> Iterator[tuple[type[Model], With, tuple[str, ...]]]:
    """What goes with a row of `model`, or of the one that it stands for: another model, the way to it, and its columns;
    no columns: the whole row."""
    own = inventory.declaration_of(model)
    owners = (model, apps.get_model(own.stands_for)) if own is not None and own.stands_for else (model,)
    for other in inventory.stored_models():
        declaration = inventory.declaration_of(other)
        if declaration is None:
            continue
        if _owner(declaration.row) in owners:
            yield other, declaration.row, ()  # type: ignore[misc]  # an owner has only a With
            continue
        columns: dict[With, list[str]] = {}
        for name, keep in _keeps(declaration):
            if isinstance(keep, With) and _owner(keep) in owners:
                columns.setdefault(keep, []).append(name)
        yield from ((other, keep, tuple(names)) for keep, names in columns.items())


def _keeps(declaration: type[PersonalData]) -> Iterator[tuple[str, Keep]]:
    return ((name, column.keep) for name, column in declaration.columns() if isinstance(column, Personal))


def _owner(keep: Keep | None) -> type[Model] | None:
    return apps.get_model(keep.owner) if isinstance(keep, With) else None


def _cuts(model: type[Model]) -> tuple[Cut, ...]:
    # The longest ways first: they lead over links that the shorter ones cut.
    ways = sorted(with_row_of(model), key=lambda found: -found[1].via.count("__"))
    return tuple(Cut.of(model, other, way, columns) for other, way, columns in ways)
