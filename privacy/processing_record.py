"""The record of processing activities (Article 30(1) GDPR), from the same declarations as the policy.

An activity is a purpose: whose data, which, who sees it, who gets it, until when. The controller is the owner, as
the imprint says; the measures are registered by whoever wires the shop together.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model

from privacy import keep_words, places, policy_tables
from privacy.inventory import Category, Personal, Purpose, Reader
from privacy.places import Cookie, Recipient
from privacy.purposes import STAFF_WORK

CUSTOMERS, STAFF, VISITORS = "customers", "people who run the shop", "visitors"


@dataclass(frozen=True)
class Activity:
    """One purpose with everything that Article 30(1) asks about it, in words."""

    purpose: Purpose
    subjects: str
    categories: str
    readers: str
    recipients: str
    transfers: str
    limits: tuple[str, ...]


_measures: list[str] = []


def register_measures(*measures: str) -> None:
    """Adds general descriptions of security measures (Article 32(1)), in the order in which they are shown."""
    _measures.extend(measures)


def measures() -> tuple[str, ...]:
    """The measures that were registered."""
    return tuple(_measures)


def activities() -> list[Activity]:
    """Every purpose that a declared column, cookie or recipient names, by the purpose's name."""
    purposes = {column.purpose for _, _, column in policy_tables.personal_columns()}
    purposes |= {cookie.purpose for cookie in places.all_of(Cookie)}
    purposes |= {recipient.purpose for recipient in places.all_of(Recipient) if recipient.is_used}
    return [_activity(purpose) for purpose in sorted(purposes, key=lambda purpose: purpose.name)]


def _activity(purpose: Purpose) -> Activity:
    columns = [(model, column) for model, _, column in policy_tables.personal_columns() if column.purpose == purpose]
    cookies = [cookie for cookie in places.all_of(Cookie) if cookie.purpose == purpose]
    given = [recipient for recipient in places.all_of(Recipient) if recipient.purpose == purpose and recipient.is_used]
    found = {column.category for _, column in columns}
    return Activity(
        purpose=purpose,
        subjects=_subjects(purpose, has_columns=bool(columns), has_cookies=bool(cookies)),
        categories=_joined([*(category for category in Category if category in found), *_named(cookies)]),
        readers="; ".join(reader for reader in Reader if any(reader in column.readers for _, column in columns))
        or "no person",
        recipients=_joined(f"{recipient.name} ({recipient.role})" for recipient in given) or "nobody",
        transfers=_joined(recipient.transfer for recipient in given if recipient.transfer) or "none",
        limits=(*_limits(columns), *(f"cookie {cookie.name}: {keep_words.span(cookie.lasts)}" for cookie in cookies)),
    )


def _limits(columns: Iterable[tuple[type[Model], Personal]]) -> list[str]:
    """The categories that are kept equally long, each time with how long."""
    found: dict[str, set[Category]] = {}
    for model, column in columns:
        found.setdefault(keep_words.of(model, column.keep), set()).add(column.category)
    return [
        f"{_joined(category for category in Category if category in categories)}: {keep}"
        for keep, categories in sorted(found.items())
    ]


def _named(cookies: Iterable[Cookie]) -> list[str]:
    return [f"cookie {cookie.name}" for cookie in cookies]


def _subjects(purpose: Purpose, *, has_columns: bool, has_cookies: bool) -> str:
    """Whose data a purpose is about."""
    if purpose == STAFF_WORK:
        return STAFF
    return _joined(
        word for word, is_so in ((CUSTOMERS, has_columns or not has_cookies), (VISITORS, has_cookies)) if is_so
    )


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)
