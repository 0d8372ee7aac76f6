"""Before the shop goes on: the policy says what the code does."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from privacy import policy
from privacy.models import PolicyVersion


@register(Tags.database, deploy=True)
def the_policy_is_published(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """An error where the newest version says otherwise than the code, with the difference in words."""
    return [
        Error(
            "The published privacy policy doesn't say what this code does:\n" + "\n".join(difference),
            hint="Read it, then publish it: `manage.py privacy publish`.",
            id="privacy.E011",
        )
        for alias in databases or ()
        if (difference := _difference(alias))
    ]


def _difference(alias: str) -> list[str]:
    try:
        if PolicyVersion._meta.db_table not in connections[alias].introspection.table_names():
            return []  # before the first migrate
        return policy.unpublished(alias)
    except DatabaseError:  # whoever needs the server says that it is away
        return []
