"""The whole inventory as plain rows, for people at a terminal and for machines."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Model

from privacy import inventory, keep_words, places
from privacy.inventory import Personal, PersonalData, Purpose

Row = dict[str, Any]
_KINDS: dict[str, type[places.Place]] = {
    "cookies": places.Cookie,
    "browser storage": places.BrowserStorage,
    "cache keys": places.CachePrefix,
    "log fields": places.LogField,
    "media folders": places.MediaFolder,
    "mails": places.MailKind,
    "recipients": places.Recipient,
}


def everything() -> dict[str, list[Row]]:
    """Personal columns, other columns, and each kind of place, by title."""
    return {
        "personal columns": list(_personal()),
        "other columns": list(_others()),
        **{title: [_place(place) for place in places.all_of(kind)] for title, kind in _KINDS.items()},
    }


def _declared() -> Iterator[tuple[type[Model], type[PersonalData]]]:
    for model in sorted(inventory.stored_models(), key=lambda model: model._meta.label):
        if declaration := inventory.declaration_of(model):
            yield model, declaration


def _personal() -> Iterator[Row]:
    for model, declaration in _declared():
        for name, column in declaration.columns():
            if isinstance(column, Personal):
                yield {
                    "column": f"{model._meta.label}.{name}",
                    "category": str(column.category),
                    "purpose": column.purpose.name,
                    "legal ground": str(column.purpose.basis),
                    "source": str(column.source),
                    "readers": sorted(column.readers),
                    "kept": keep_words.of(model, column.keep),
                    "erasure": str(column.erasure),
                    "exported": column.export,
                    "scrubbed by": column.scrub.__name__ if column.scrub else None,
                }


def _others() -> Iterator[Row]:
    for model, declaration in _declared():
        for name, column in declaration.columns():
            if not isinstance(column, Personal):
                yield {"column": f"{model._meta.label}.{name}", "why": column.why}
    for table, other in inventory.tables().items():
        for name in other.columns.split():
            yield {"column": f"{table}.{name}", "why": other.why}


def _place(place: places.Place) -> Row:
    return {name.replace("_", " "): _plain(value) for name, value in vars(place).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Purpose):
        return value.name
    if isinstance(value, timedelta):
        return keep_words.span(value)
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    return str(value) if isinstance(value, StrEnum) else value
