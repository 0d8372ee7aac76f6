"""SQL that removes, for a batch of rows, what goes with them from other tables: whole rows, or columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Field, Model

from privacy.inventory import With


@dataclass(frozen=True)
class Cut:
    """One statement on `table`. Its parameter is the array of the batch's values of `key`, a column of the owner."""

    table: str
    key: str
    sql: str

    @classmethod
    def of(cls, owner: type[Model], model: type[Model], way: With, columns: tuple[str, ...]) -> "Cut":
        """The statement for `columns` of `model`, or for its rows where none are named; `way` leads to the owner."""
        where, end = _where(model, way.via.split("__"))
        key = _key(owner, end)
        return cls(model._meta.db_table, key, removal(model, columns, where))


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


def _where(model: type[Model], path: list[str]) -> tuple[str, type[Model]]:
    """The condition that the path ends in the batch, as nested subqueries, and the model in which it ends."""
    quote = connection.ops.quote_name
    step = column_of(model, path[0])
    related: type[Model] = step.related_model  # type: ignore[assignment]  # a path is made of foreign keys
    if len(path) == 1:
        return is_one_of(step), related
    inner, end = _where(related, path[1:])
    table, key = quote(related._meta.db_table), quote(column_of(related).column or "")
    return f"{quote(step.column or '')} IN (SELECT {key} FROM {table} WHERE {inner})", end  # noqa: S608


def _key(owner: type[Model], end: type[Model]) -> str:
    """The owner's column whose values stand at the end of a path: its key, or its own foreign key to that model."""
    if end is owner:
        return column_of(owner).column or ""
    for column in owner._meta.local_fields:
        if column.is_relation and column.related_model is end:
            return column.column or ""
    raise FieldDoesNotExist(f"{owner._meta.label} and the path's end, {end._meta.label}, don't point at each other.")
