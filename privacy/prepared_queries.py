"""Query sets whose SQL is composed once and then asked again and again with other values.

For a query on one row Django spends two to five times as long on composing SQL as on everything else. Where a buyer
waits for a dozen such queries, they are prepared::

    _BY_LINK = PreparedQuery(lambda: Order.objects.select_related("party").filter(link_hash=Slot("link_hash")))
    order = _BY_LINK.first(link_hash=digest)

What comes back are the same model instances that the query set would give. Values go to the database as parameters, so
nothing is ever pasted into SQL; they are given in the form in which psycopg2 knows them (numbers, texts, times, UUIDs).
"""

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections, router, transaction
from django.db.models import BooleanField, Expression, Lookup, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.signals import post_init, pre_init

Row = TypeVar("Row", bound=Model)


class Slot(Expression):
    """A place in a prepared query that gets its value when the query is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        return "%s", [self]


class AnyOf(Lookup):
    """`AnyOf(F("id"), Slot("ids"))`: the column is one of a list, which is one parameter, however long."""

    lookup_name = "any_of"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*values, self.rhs]


class _Maker(Generic[Row]):
    """Makes an instance, and those it joins, of the columns of a row: the same that `Model.from_db` gives.

    That one spends nearly all of its time on signals to which nobody listens, and on forgetting joined instances that a
    new one hasn't got. Where somebody listens, or a model has an `__init__` of its own, it is asked all the same.
    """

    def __init__(self, kinds: dict[str, Any], select: Sequence[Any], alias: str) -> None:
        if kinds.get("from_parent"):
            raise NotImplementedError("Rows of a model that inherits from another table can't be prepared.")
        fields = kinds["select_fields"]
        self.alias, self.columns = alias, slice(fields[0], fields[-1] + 1)
        self.model: type[Row] = kinds["model"]
        self.names = [column.target.attname for column, _, _ in select[self.columns]]
        self.key = fields[0] + self.names.index(self.model._meta.pk.attname)
        self.joined = [
            (_Maker[Any](each, select, alias), each["local_setter"], each["remote_setter"])
            for each in kinds.get("related_klass_infos", ())
        ]
        self.make_one = self._filled if _is_plain(self.model) else self._from_db

    def make(self, row: Sequence[Any]) -> Row:
        made = self.make_one(row[self.columns])
        for maker, remember, remember_back in self.joined:
            other = None if row[maker.key] is None else maker.make(row)
            remember(made, other)
            if other is not None:
                remember_back(other, made)
        return made

    def _filled(self, values: Sequence[Any]) -> Row:
        made = self.model.__new__(self.model)
        made._state = state = ModelState()
        state.adding, state.db = False, self.alias
        made.__dict__.update(zip(self.names, values, strict=True))
        return made

    def _from_db(self, values: Sequence[Any]) -> Row:
        return self.model.from_db(self.alias, self.names, values)


def _is_plain(model: type[Model]) -> bool:
    """Whether an instance is nothing but its columns."""
    is_heard = any(signal.has_listeners(model) for signal in (pre_init, post_init))
    is_own = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined]
    return not is_heard and not is_own


class _Plan(Generic[Row]):
    """The composed SQL of a query set, and how its rows become instances."""

    def __init__(self, queryset: QuerySet[Row]) -> None:
        query = queryset.query
        self.alias = queryset.db
        self.locks = query.select_for_update
        compiler = query.get_compiler(using=self.alias)
        self.sql, self.parameters = compiler.as_sql()
        self.converters = compiler.get_converters(column for column, _, _ in compiler.select)
        self.maker = _Maker[Row](compiler.klass_info, compiler.select, self.alias)
        self.annotations = list((compiler.annotation_col_map or {}).items())

    def rows(self, values: dict[str, Any]) -> list[Row]:
        connection = connections[self.alias]
        if self.locks and connection.get_autocommit():
            raise transaction.TransactionManagementError("A prepared query that locks needs a transaction.")
        bound = [values[each.name] if isinstance(each, Slot) else each for each in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, bound)
            found = cursor.fetchall()
        return [self._instance(self._converted(row, connection)) for row in found]

    def _converted(self, row: Sequence[Any], connection: Any) -> Sequence[Any]:
        if not self.converters:
            return row
        changed = list(row)
        for position, (functions, expression) in self.converters.items():
            for function in functions:
                changed[position] = function(changed[position], expression, connection)
        return changed

    def _instance(self, row: Sequence[Any]) -> Row:
        made = self.maker.make(row)
        for name, position in self.annotations:
            setattr(made, name, row[position])
        return made


class PreparedQuery(Generic[Row]):
    """A query set with slots. It is built when it is first asked, once a thread."""

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build, self._plans = build, threading.local()

    def rows(self, **values: Any) -> list[Row]:
        """The rows, with each slot's value given by its name. Raises KeyError where one is missing."""
        plan: _Plan[Row] | None = getattr(self._plans, "plan", None)
        if plan is None:
            plan = self._plans.plan = _Plan(self._build())
        return plan.rows(values)

    def first(self, **values: Any) -> Row | None:
        """The first row, or None. The query set says itself how many it may give."""
        return next(iter(self.rows(**values)), None)


class PreparedInsert(Generic[Row]):
    """Writes rows. One that breaks a unique constraint may be left out."""

    def __init__(self, model: type[Row], *, ignore_conflicts: bool = False) -> None:
        self._model, self._ignores = model, ignore_conflicts

    def write(self, *rows: Row) -> None:
        """Writes them in one statement; none is fine. They get their ids, unless some may be left out."""
        if not rows:
            return
        connection = connections[router.db_for_write(self._model)]
        values = [
            field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in self._fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._start + ", ".join([self._row] * len(rows)) + self._end, values)
            if self._ignores:
                return
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk, row._state.adding, row._state.db = pk, False, connection.alias

    @cached_property
    def _fields(self) -> list[Any]:
        return [field for field in self._model._meta.concrete_fields if not field.primary_key]

    @cached_property
    def _start(self) -> str:
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        return f'INSERT INTO "{self._model._meta.db_table}" ({columns}) VALUES '  # noqa: S608  (names of our own tables)

    @cached_property
    def _end(self) -> str:
        return " ON CONFLICT DO NOTHING" if self._ignores else f' RETURNING "{self._model._meta.pk.column}"'

    @cached_property
    def _row(self) -> str:
        return f"({', '.join(['%s'] * len(self._fields))})"
