"""`manage.py check --database default` names the pages that the shop's owner has still to write."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connections

from shop import page_drafts
from shop.models import PageVersion


@register(Tags.database)
def pages_are_written(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """A warning for each page that is still the draft. Nothing before the first migrate, when there are no pages."""
    return [
        CheckWarning(
            f"The page “{title}” isn't written yet: visitors read that the shop's owner has still to write it.",
            hint="Write it in the admin, under Catalog, Pages.",
            id="shop.W001",
        )
        for alias in databases or ()
        for title in _unwritten(alias)
    ]


def _unwritten(alias: str) -> list[str]:
    try:
        if PageVersion._meta.db_table not in connections[alias].introspection.table_names():
            return []
        return list(page_drafts.unwritten(alias).values())
    except DatabaseError:  # migrate itself says that the server is away
        return []
