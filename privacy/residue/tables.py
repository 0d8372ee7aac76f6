"""The pass over the database: every table that PostgreSQL itself knows, each read once, from its beginning to its end.

PostgreSQL sifts: it joins the columns of a row that can hold text, and asks whether the pieces of an anchor are there,
which costs far less than a regular expression. Only the rows it lets through come here, by a server-side cursor.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from privacy.residue import openers
from privacy.residue.matching import Hit, Matcher

#: Types that hold no text. All others are read as text: arrays, JSON, XML and types of extensions too.
_NO_TEXT = (
    "bool int2 int4 int8 float4 float8 numeric money oid xid xid8 cid tid uuid "
    "date time timetz timestamp timestamptz interval"
).split()

# Ordinary tables (partitions are such), stored views, and foreign tables; plain views show what others hold.
_COLUMNS = """
    SELECT n.nspname, c.relname, c.relpages, a.attname, t.typname,
           CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
           coalesce(a.attnum = ANY(i.indkey), false), n.nspname = current_schema()
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
     WHERE c.relkind IN ('r', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
     ORDER BY 1, 2, a.attnum
"""


@dataclass(frozen=True)
class Column:
    """A column that can hold text; `longest` is the most signs that it takes, where it says so."""

    name: str
    type: str
    longest: int | None

    @property
    def is_bytes(self) -> bool:
        return self.type == "bytea"


@dataclass(frozen=True)
class Table:
    """A table with the columns that can hold text, its key, and its size in pages as PostgreSQL last counted it."""

    schema: str
    name: str
    is_usual: bool
    pages: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name as reports say it: with the schema where it isn't the usual one."""
        return self.name if self.is_usual else f"{self.schema}.{self.name}"

    @property
    def sql_name(self) -> str:
        return f"{_quoted(self.schema)}.{_quoted(self.name)}"


@dataclass(frozen=True)
class Place:
    """A value of a row: its table, column, and the primary key as text (or where PostgreSQL keeps the row)."""

    table: str
    column: str
    key: str

    @property
    def where(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def shown_key(self) -> str:
        """The key for reports. A number says nothing of a person; any other key may be a secret, so its hash stands for
        it."""
        if self.key.isdigit() or self.key.startswith("("):
            return self.key
        return "#" + hashlib.sha256(self.key.encode()).hexdigest()[:12]


def all_tables() -> list[Table]:
    """Every table, large ones first."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        rows = cursor.fetchall()
    tables = []
    for (schema, name), columns in groupby(rows, key=lambda row: row[:2]):
        listed = list(columns)
        texts = tuple(Column(row[3], row[4], row[5]) for row in listed if row[4] not in _NO_TEXT)
        key = tuple(row[3] for row in listed if row[6])
        tables.append(Table(schema, name, listed[0][7], max(listed[0][2], 1), texts, key))
    return sorted(tables, key=lambda table: (-table.pages, table.title))


def search(table: Table, matcher: Matcher) -> Iterator[tuple[Place, Hit]]:
    """Everything in one table, a value at a time. Columns that need opening are searched too."""
    sealed = [one for one in openers.all_sealed().values() if one.model._meta.db_table == table.title]
    hidden = {one.column for one in sealed}
    columns = [column for column in table.columns if _can_hold(column, matcher) and column.name not in hidden]
    if columns:
        yield from _sifted(table, columns, matcher)
    for one in sealed:
        yield from _opened(one, matcher)


def _can_hold(column: Column, matcher: Matcher) -> bool:
    return column.longest is None or column.longest >= matcher.shortest


def _sifted(table: Table, columns: list[Column], matcher: Matcher) -> Iterator[tuple[Place, Hit]]:
    key = ", ".join(f"{_quoted(name)}::text" for name in table.key) or "ctid::text"
    values = ", ".join(_quoted(column.name) + ("" if column.is_bytes else "::text") for column in columns)
    extra = "" if table.key else ", ctid"
    conditions, pieces = _conditions(matcher)
    # OFFSET 0 keeps PostgreSQL from making the text anew for each piece. All names are the catalog's own, quoted.
    rows = f'SELECT *{extra}, lower({_joined(columns)} COLLATE "C") AS privacy_text FROM {table.sql_name} OFFSET 0'  # noqa: S608
    sql = f"SELECT concat_ws(',', {key}), {values} FROM ({rows}) AS sifted WHERE {conditions}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, pieces)
        for found_key, *row in cursor:
            for column, value in zip(columns, row, strict=True):
                place = Place(table.title, column.name, found_key)
                yield from ((place, hit) for hit in _hits(value, matcher))


def _hits(value: Any, matcher: Matcher) -> set[Hit]:
    if value is None:
        return set()
    return matcher.search(value if isinstance(value, str) else bytes(value))


def _joined(columns: list[Column]) -> str:
    """One text of all columns; binary ones both as hex, where any byte can be asked for, and as far as it is ASCII."""
    parts: list[str] = []
    for column in columns:
        name = _quoted(column.name)
        parts += [f"encode({name}, 'hex')", f"encode({name}, 'escape')"] if column.is_bytes else [f"{name}::text"]
    return f"concat_ws(E'\\n', {', '.join(parts)})"


def _conditions(matcher: Matcher) -> tuple[str, list[str]]:
    anchors = " OR ".join(
        "(" + " AND ".join(["strpos(privacy_text, %s) > 0"] * len(anchor)) + ")" for anchor in matcher.anchors
    )
    return anchors or "false", [piece for anchor in matcher.anchors for piece in anchor]


def _opened(sealed: openers.Sealed, matcher: Matcher) -> Iterator[tuple[Place, Hit]]:
    rows: QuerySet[Any] = QuerySet(sealed.model)
    for row in rows.order_by("pk").iterator(chunk_size=200):
        content = sealed.opened(row)
        if content:
            place = Place(sealed.model._meta.db_table, sealed.column, str(row.pk))
            yield from ((place, hit) for hit in matcher.search(content))


def _quoted(name: str) -> str:
    """A name for a statement that has parameters."""
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
