"""The privacy policy: derived from the inventory and the promises, published in versions that stay readable (P13).

Nobody writes it by hand. What the running code says is `document()`; the newest row that says the same is the version
in force for this code. A change makes a new version necessary: `manage.py privacy publish` writes it, and
`manage.py check --deploy --database default` refuses to go on without it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.apps.registry import Apps
from django.core.signals import setting_changed
from django.db import DEFAULT_DB_ALIAS, connections, router, transaction

from privacy import alerts, clock, page_version, policy_tables, promises
from privacy.models import Alert, PolicyVersion
from privacy.policy_document import Document, Part, Said, differences
from privacy.promises import Section

UNPUBLISHED = "policy_unpublished"
_TABLES = {
    Section.COLLECTING: (policy_tables.cookies,),
    Section.KEEPING: (policy_tables.kept, policy_tables.kept_of_staff),
    Section.PAYING: (policy_tables.recipients,),
}


@dataclass(frozen=True)
class InForce:
    """A version without its text."""

    number: int
    published_at: datetime


_known: dict[str, InForce] = {}


@cache
def document() -> Document:
    """What the policy says by the code and the settings of this process."""
    said: dict[Section, list[Said]] = {}
    for promise in promises.all_promises():
        said.setdefault(promise.section, []).append(Said(promise.id, promise.text))
    for remark in promises.remarks():
        said.setdefault(remark.section, []).append(Said("", remark.text))
    return Document(
        tuple(
            Part(
                slug=section.slug,
                title=section.value,
                said=tuple(said[section]),
                tables=tuple(table() for table in _TABLES.get(section, ())),
            )
            for section in Section
            if section in said
        )
    )


def _forget(**_changed: Any) -> None:
    document.cache_clear()


setting_changed.connect(_forget)


def in_force() -> InForce:
    """The version that this process shows and works by: the newest that says what the code does.

    Where none says so, it is the newest that was published, and the deploy check has refused. A version never changes,
    so one that was found is remembered. Raises PolicyVersion.DoesNotExist before the first migrate.
    """
    digest = document().digest
    if digest not in _known:
        version = PolicyVersion.objects.filter(digest=digest).defer("content").first()
        if version is None:
            newest = PolicyVersion.objects.defer("content").latest("number")
            return InForce(newest.number, newest.published_at)
        _known[digest] = InForce(version.number, version.published_at)
    return _known[digest]


def is_published() -> bool:
    """Whether a version says what this process does. What binds people by the policy alone waits for that."""
    try:
        in_force()
    except PolicyVersion.DoesNotExist:
        return False
    return document().digest in _known


def text_in_force() -> tuple[InForce, Document]:
    """The version in force with its text. Raises PolicyVersion.DoesNotExist before the first migrate."""
    version = in_force()
    if document().digest in _known:
        return version, document()
    return version, text_of(version.number)


def text_of(number: int) -> Document:
    """What a version said. Raises PolicyVersion.DoesNotExist."""
    return Document.read(PolicyVersion.objects.get(number=number).content)


def publish() -> PolicyVersion:
    """Writes what the code says as a new version where the newest says otherwise; gives the newest back."""
    with transaction.atomic(), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        # Two at once would both take the next number.
        cursor.execute(f"LOCK TABLE {PolicyVersion._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        newest = PolicyVersion.objects.first()
        if newest is not None and newest.digest == document().digest:
            return newest
        version = PolicyVersion.objects.create(
            number=newest.number + 1 if newest else 1,
            published_at=clock.now(),
            digest=document().digest,
            content=document().content,
        )
        alerts.close(Alert.objects.filter(kind=UNPUBLISHED))
        page_version.renew()
    _known.pop(version.digest, None)
    return version


def unpublished(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """What the code says and the newest version doesn't, in words; empty where all is published."""
    newest = PolicyVersion.objects.using(using).first()
    return differences(Document.read(newest.content) if newest else None, document())


def watch() -> bool:
    """Opens an alert where no version says what the code does; returns whether one does. Old code may still run."""
    is_published = PolicyVersion.objects.filter(digest=document().digest).exists()
    if is_published:
        alerts.close(Alert.objects.filter(kind=UNPUBLISHED))
    else:
        alerts.raise_alert(
            UNPUBLISHED, "", "The privacy policy doesn't say what the shop does: run `manage.py privacy publish`."
        )
    return is_published


def make_first(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Apps = installed, **_options: Any) -> None:
    """After the ground floor was migrated: publishes the first version of a fresh shop. Later ones are a deed."""
    try:
        versions = apps.get_model("privacy", "PolicyVersion").objects.using(using)
    except LookupError:  # migrated back to before there were versions
        return
    if not router.allow_migrate_model(using, PolicyVersion) or versions.exists():
        return
    text, now = document(), clock.now()
    versions.create(number=1, published_at=now, digest=text.digest, content=text.content)
    _known[text.digest] = InForce(1, now)
