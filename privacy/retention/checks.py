"""`manage.py check` refuses a period that no sweep keeps."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import connections

from privacy import database_catalog, inventory
from privacy.retention.rules import all_rules, gaps


@register("privacy")
def every_period_is_swept(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """An error for each declared period from which no rule follows."""
    return [
        Error(
            f"{model._meta.label}, {sentence}",
            hint="The docstring of privacy/retention/__init__.py shows a whole example.",
            obj=model,
            id="privacy.E020",
        )
        for model in inventory.stored_models()
        for sentence in gaps(model)
    ]


@register("privacy", "database")
def every_date_has_its_trigger(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """An error for each rule whose date no trigger of the database writes, or at least watches."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        if not database_catalog.is_migrated(alias):
            continue  # `migrate` asks this before it makes the triggers
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT relname, prosrc FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
            triggers = cursor.fetchall()
        for rule in all_rules():
            table = rule.model._meta.db_table
            if any(on == table and f"'{rule.name}'" in source for on, source in triggers):
                continue
            wanted = f'triggers.period("{table}", model="{rule.model._meta.label}", at="{rule.at}", since=...)'
            messages.append(
                Error(
                    f"No trigger of {table} writes {rule.at} by the rule {rule.name}.",
                    hint=f"Add `{wanted}` to a migration.",
                    obj=rule.model,
                    id="privacy.E021",
                )
            )
    return messages
