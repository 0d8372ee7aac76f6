"""What PostgreSQL itself says that it stores, beside what the inventory declares."""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from privacy import inventory

# Tables, partitioned and foreign ones, views, and views that are stored; of every schema but the system's, and without
# what an extension brings along.
_COLUMNS = """
    SELECT CASE WHEN n.nspname = current_schema() THEN c.relname ELSE n.nspname || '.' || c.relname END,
           a.attname, t.typname
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                                                   AND d.deptype = 'e')
     ORDER BY 1, a.attnum
"""


@dataclass(frozen=True)
class Column:
    """A column of the database: its table, with the schema where it isn't the usual one, its name, and its type."""

    table: str
    name: str
    type: str


def columns(using: str = DEFAULT_DB_ALIAS) -> list[Column]:
    """Every column that the database has."""
    with connections[using].cursor() as cursor:
        cursor.execute(_COLUMNS)
        return [Column(*row) for row in cursor.fetchall()]


def is_migrated(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether no migration waits. Before that, what the database lacks or has too much is no fault of anybody."""
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def declared() -> set[tuple[str, str]]:
    """Tables and columns that the inventory declares: those of models, and those of tables without one."""
    of_models = {
        (model._meta.db_table, str(field.column))
        for model in inventory.stored_models()
        if (declaration := inventory.declaration_of(model))
        for field in inventory.stored_fields(model)
        if field.name in dict(declaration.columns())
    }
    return of_models | {(table, name) for table, other in inventory.tables().items() for name in other.columns.split()}


def undeclared(using: str = DEFAULT_DB_ALIAS) -> list[Column]:
    """Columns that the database has and the inventory doesn't know: of a migration by SQL, of a table without model."""
    known = declared()
    return [column for column in columns(using) if (column.table, column.name) not in known]
