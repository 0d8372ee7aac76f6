"""Columns that only the database knows: of a migration by SQL, of a table that no model manages."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from privacy import database_catalog


@register(Tags.database)
def the_database_has_no_other_column(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """An error for each column that the database has and the inventory doesn't declare.

    Nothing while migrations wait: a column that the next one removes is no fault, and `migrate` asks this too.
    """
    return [
        Error(
            f"The database has the column {column.table}.{column.name}, which no model knows and nothing declares.",
            hint=(
                "Give it to a model (with `managed = False` where something else makes the table) and declare it in "
                "the app's personal_data.py; for a table that names nobody, write `inventory.register_table("
                f'"{column.table}", "{column.name} ...", "why it names nobody")`.'
            ),
            id="privacy.E010",
        )
        for alias in databases or ()
        for column in _undeclared(alias)
    ]


def _undeclared(alias: str) -> list[database_catalog.Column]:
    try:
        return database_catalog.undeclared(alias) if database_catalog.is_migrated(alias) else []
    except DatabaseError:  # whoever needs the server says that it is away
        return []
