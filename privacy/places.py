"""Where something of a person may stand outside of the database's tables, each place declared: what isn't is refused.

Apps declare theirs in a `places.py`, found automatically like `personal_data.py`::

    places.declare(
        places.CachePrefix(name="limit:", words="tries of a connection, under a keyed hash", lasts=timedelta(hours=1)),
    )

The policy, the record of processing and the cookie list read these declarations. `manage.py check` names what is
missing where that can be known without running the code; cache keys, mails and log fields are refused when used.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from privacy.inventory import Category, Purpose, Reader


class Undeclared(Exception):
    """Something is used that no `places.py` declares. The text says what to write."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What every place has: the name by which it is found, and a sentence that says what it is for or what it holds."""

    name: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Cookie(Place):
    """A first-party cookie. `lasts` counts from the last time it was set; None means until the browser is closed.

    `needs_yes`: set only after consent; the others are strictly necessary for what the visitor asked for (Directive
    2002/58/EC, Art. 5(3)).
    """

    purpose: Purpose
    lasts: timedelta | None
    needs_yes: bool


@dataclass(frozen=True, kw_only=True)
class BrowserStorage(Place):
    """A value that a script keeps in the browser, and never sends to the shop. The same rule as for cookies holds.

    `lasts` says in words until when; `for_staff` that only the desk's pages keep it.
    """

    purpose: Purpose
    lasts: str
    for_staff: bool


@dataclass(frozen=True, kw_only=True)
class CachePrefix(Place):
    """Keys in Redis that start with `name`. `lasts` is the longest that one stays; None means until it is replaced."""

    lasts: timedelta | None


@dataclass(frozen=True, kw_only=True)
class LogField(Place):
    """A field that a line of the log may have. The shop keeps no log: lines go to standard output."""


@dataclass(frozen=True, kw_only=True)
class MediaFolder(Place):
    """A folder for files, relative to the storage's root, with why they are there, who reads them, and until when."""

    purpose: Purpose
    readers: frozenset[Reader]
    ends: str


@dataclass(frozen=True, kw_only=True)
class MailKind(Place):
    """A kind of mail: `name` is its kind in the outbox, or its template where it is sent at once; what it carries."""

    template: str
    purpose: Purpose
    carries: frozenset[Category]


@dataclass(frozen=True, kw_only=True)
class Recipient(Place):
    """Somebody else whom data is passed to: a processor, a provider that decides for itself, or an authority.

    `name` is the company or body, `title` what customers call it, `passed` what it gets. `transfer` says under which
    safeguard data leaves the European Economic Area, empty where it doesn't (Articles 44 to 49 GDPR). One that is not
    used yet is passed nothing and not named in the policy.
    """

    title: str
    role: str
    passed: str
    purpose: Purpose
    country: str
    transfer: str
    policy_url: str
    is_used: bool


P = TypeVar("P", bound=Place)
_declared: dict[tuple[type[Place], str], Place] = {}


def declare(*places: Place) -> None:
    """Adds places to the inventory. Raises ValueError where one of the same kind and name is there."""
    for place in places:
        key = (type(place), place.name)
        if key in _declared:
            raise ValueError(f"{type(place).__name__} {place.name} is declared twice.")
        _declared[key] = place


def all_of(kind: type[P]) -> tuple[P, ...]:
    """The declared places of a kind, in the order in which they were declared."""
    return tuple(place for place in _declared.values() if type(place) is kind)


def find(kind: type[P], name: str) -> P | None:
    """The place of a kind by its name, or None."""
    place: Any = _declared.get((kind, name))
    return place


def prefix_of(key: str) -> CachePrefix | None:
    """The declared prefix that a key in Redis starts with, or None."""
    return next((prefix for prefix in all_of(CachePrefix) if key.startswith(prefix.name)), None)
