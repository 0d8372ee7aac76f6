"""`manage.py check` finds cookies that nobody declared, and with a database pages that nobody wrote."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connections

from privacy import places
from shop import cookies, page_drafts
from shop.models import PageVersion


@register("privacy")
def cookies_are_declared(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """An error for each cookie of `shop.cookies` that isn't in the inventory, and so on no list."""
    made = [cookie for cookie in vars(cookies).values() if isinstance(cookie, cookies.Cookie)]
    return [
        Error(
            f"The cookie “{cookie.name}” isn't declared: visitors don't find it on the list of cookies.",
            hint="Give it out in `declared()` of shop/cookies.py, and name its purpose in shop/places.py.",
            id="shop.E001",
        )
        for cookie in made
        if places.find(places.Cookie, cookie.name) is None
    ]


@register("shop")
def vies_can_be_asked(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A warning where the shop has no VAT number of its own to ask with."""
    if settings.VAT_NUMBER or settings.DEBUG:
        return []
    return [
        CheckWarning(
            "VAT_NUMBER isn't set: VIES isn't asked, and companies in other member states pay tax until it is.",
            hint="Set it to the shop's own VAT number, such as DE136695976. docs/tax.md says more.",
            id="shop.W002",
        )
    ]


@register("shop")
def the_seller_has_an_address(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """A warning where receipts would lack the seller's address."""
    if settings.STORE_ADDRESS or settings.DEBUG:
        return []
    return [
        CheckWarning(
            "STORE_ADDRESS isn't set: an invoice needs the seller's address.",
            hint="Directive 2006/112/EC, Art. 226(5). Set it to the owner's address, with commas between lines.",
            id="shop.W003",
        )
    ]


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
