"""The pages that every shop must have, until its owner writes them: a version 0 that says so.

Terms, imprint and contact are linked from every page, and an order names the terms it was made under, so they must be
there from the start. They are made after every migrate, as roles are: what a migration makes vanishes at the first
flush of a test database. What somebody wrote is left alone; the first text of the owner becomes version 1.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, router

from shop.models import Page

#: The number of a text that nobody wrote yet.
DRAFT = 0
TITLES = {"terms": "Terms of sale", "imprint": "Imprint", "contact": "Contact"}
_TEXT = """This page is not written yet: the owner of this shop has still to write it.

Questions reach us at [{support}](mailto:{support})."""


def make_drafts(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Apps = installed, **_options: Any) -> None:
    """After the shop was migrated: makes what is missing. `apps` holds the models as the tables are at that moment."""
    try:
        pages, versions = apps.get_model("shop", "Page").objects, apps.get_model("shop", "PageVersion").objects
    except LookupError:  # migrated back to before there were pages
        return
    if not router.allow_migrate_model(using, Page):
        return
    body = _TEXT.format(support=settings.SUPPORT_EMAIL)
    for slug, title in TITLES.items():
        page, _ = pages.using(using).get_or_create(slug=slug, defaults={"title": title})
        if not versions.using(using).filter(page=page).exists():
            versions.using(using).create(page=page, number=DRAFT, body=body)


def unwritten(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """Those pages that nobody wrote yet: titles by addresses."""
    written = set(Page.objects.using(using).filter(versions__number__gt=DRAFT).values_list("slug", flat=True))
    return {slug: title for slug, title in TITLES.items() if slug not in written}
