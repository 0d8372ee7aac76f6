"""Keeps kept pages true: whatever changes the catalog or a page renews the version under which pages are kept."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from privacy import page_version
from shop.models import Category, Edition, Page, PageVersion, PostAuthor, Price, Product, ProductChange, TaxScheme

#: What pages are made of. Their query sets renew the version as well, for verbs that send no signal.
SHOWN = (Category, Product, ProductChange, Edition, Price, Page, PageVersion, TaxScheme)


def connect() -> None:
    """Listens to every model in `SHOWN`; called once, when the app is ready."""
    for model in SHOWN:
        for signal in (post_save, post_delete):
            signal.connect(_renew, sender=model, dispatch_uid=f"page-version-{signal is post_save}-{model.__name__}")
    # An account that is deleted takes its author rows along, and those what they had written.
    post_delete.connect(_renew, sender=PostAuthor, dispatch_uid="page-version-author")


def _renew(sender: type[Model], **_kwargs: Any) -> None:
    page_version.renew()
