"""SQL that removes, for a batch of rows, what goes with them from other tables: whole rows, or columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Field, Model

from privacy.inventory import With

#: PostgreSQL's empty array.
NONE = "{}"


@dataclass(frozen=True)
class Cut:
    """One statement on `table`, and how it is found from the batch's values of `key`, a column of the owner.

    Each of `leads` is asked with an array of keys and answers with the array for the next; `end` gets the last one. A
    `Batch` carries it out.
    """

    table: str
    key: str
    leads: tuple[str, ...]
    end: str

    @classmethod
    def of(cls, owner: type[Model], model: type[Model], way: With, columns: tuple[str, ...]) -> "Cut":
        """The statement for `columns` of `model`, or for its rows where none are named; `way` leads to the owner."""
        steps = _steps(model, way.via.split("__"))
        leads = tuple(_lead(step) for step in reversed(steps[1:]))
        return cls(model._meta.db_table, _key(owner, steps[-1]), leads, removal(model, columns, is_one_of(steps[0])))


class Batch:
    """The rows of a batch, as arrays, and what was found from them: ways with the same beginning are walked once.

    An array is a text that only PostgreSQL reads: however many rows it names, Python makes no object of any.
    """

    def __init__(self, rows: Mapping[str, Iterable[Any]]) -> None:
        self._arrays: dict[tuple[str, ...], str] = {(name,): array(values) for name, values in rows.items()}

    def carry_out(self, cut: Cut) -> None:
        """Removes what the cut is about. Where its way ends early, there is nothing."""
        way: tuple[str, ...] = (cut.key,)
        keys = self._arrays[way]
        for lead in cut.leads:
            way = (*way, lead)
            keys = self._found(way, keys)
        if keys != NONE:
            with connection.cursor() as cursor:
                cursor.execute(cut.end, [keys])

    def of(self, column: str) -> str:
        """The array of the owner's values of a column."""
        return self._arrays[column,]

    def _found(self, way: tuple[str, ...], keys: str) -> str:
        """What is at the end of a way, whose last step is asked with `keys` if nobody asked before."""
        if way not in self._arrays:
            with connection.cursor() as cursor:
                cursor.execute(way[-1], [keys])
                (self._arrays[way],) = cursor.fetchone()
        return self._arrays[way]


def removal(model: type[Model], columns: tuple[str, ...], where: str) -> str:
    """A DELETE of the rows `where`, or an UPDATE that clears `columns` of those in which anything is left."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    if not columns:
        return f"DELETE FROM {table} WHERE {where}"  # noqa: S608  (names of our own models)
    fields = [column_of(model, name) for name in columns]
    empty = {quote(field.column or ""): _empty(field) for field in fields}
    sets = ", ".join(f"{column} = {value}" for column, value in empty.items())
    left = " OR ".join(f"{column} IS DISTINCT FROM {value}" for column, value in empty.items())
    return f"UPDATE {table} SET {sets} WHERE {where} AND ({left})"  # noqa: S608


def is_one_of(column: "Field[Any, Any]") -> str:
    """The condition that a column is one of the keys in the statement's parameter, an `array`."""
    return f"{connection.ops.quote_name(column.column or '')} = ANY(%s::{column.db_type(connection)}[])"


def array(keys: Iterable[Any]) -> str:
    """Keys as PostgreSQL writes an array: one word to it, where psycopg2's own is thousands of expressions."""
    quoted = (str(key).replace("\\", "\\\\").replace('"', '\\"') for key in keys)
    return '{"' + '","'.join(quoted) + '"}'


def column_of(model: type[Model], name: str = "pk") -> "Field[Any, Any]":
    """A column of a model's own table, by the name of its field. Raises FieldDoesNotExist."""
    found = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(found, Field) or not found.column:
        raise FieldDoesNotExist(f"{model._meta.label}.{name} is no column of its table.")
    return found


def _empty(column: "Field[Any, Any]") -> str:
    """What a cleared column holds. Raises ValueError for one that may be neither NULL nor empty."""
    if column.null:
        return "NULL"
    if column.get_internal_type() in {"CharField", "TextField", "EmailField"}:
        return "''"
    if column.get_internal_type() == "JSONField":
        return "'{}'"
    raise ValueError(f"{column.model._meta.label}.{column.name} can't be cleared: it may be neither NULL nor empty.")


def _steps(model: type[Model], path: list[str]) -> list["Field[Any, Any]"]:
    """The foreign keys of a path, from the model on. Raises FieldDoesNotExist."""
    steps: list[Field[Any, Any]] = []
    for name in path:
        steps.append(column_of(model, name))
        model = steps[-1].related_model  # type: ignore[assignment]  # a path is made of foreign keys
    return steps


def _lead(step: "Field[Any, Any]") -> str:
    """Asks for the keys of the rows whose foreign key `step` is one of the parameter's."""
    quote = connection.ops.quote_name
    table, key = quote(step.model._meta.db_table), quote(column_of(step.model).column or "")
    return f"SELECT coalesce(array_agg({key}), '{NONE}')::text FROM {table} WHERE {is_one_of(step)}"  # noqa: S608


def _key(owner: type[Model], last: "Field[Any, Any]") -> str:
    """The owner's column whose values stand at the end of a path: its key, or its own foreign key to that model."""
    end = last.related_model
    if end is owner:
        return column_of(owner).column or ""
    for column in owner._meta.local_fields:
        if column.is_relation and column.related_model is end:
            return column.column or ""
    raise FieldDoesNotExist(
        f"{owner._meta.label} and the path's end, {last.related_model._meta.label}, don't point at each other."  # type: ignore[union-attr]
    )
