"""The register of consents: what a person agreed to, when, to which words, and when that ended (GDPR Art. 7(1), 7(3)).

Apps register the texts to which they ask for a yes::

    QUESTION = consents.register(ConsentText("recently_viewed", "1", "May we remember ...?"))

Rows are for people who are signed in. What a visitor without an account answers stays in the visitor's own browser
(docs/adr/0009): to keep it here would need an identifier that tracks people in order to prove that they aren't tracked.
A consent that another row proves already, such as an order's, is shown from there by a source (`@consents.source`).
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from privacy import clock
from privacy.models import Consent

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@dataclass(frozen=True)
class ConsentText:
    """Words to which people say yes. Other words need another version, and then everybody is asked anew."""

    key: str
    version: str
    words: str

    @property
    def digest(self) -> str:
        """SHA-256 of the words, in hex: a row shows by it which words were agreed to, whatever stands here later."""
        return hashlib.sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True)
class Given:
    """A consent as its person sees it. `words` is empty where the text is no longer known, `about` names its row."""

    key: str
    version: str
    words: str
    given_at: datetime
    ended_at: datetime | None = None
    end: str = ""
    about: str = ""
    can_be_withdrawn: bool = False


Source = Callable[["AbstractBaseUser"], Iterable[Given]]
Follower = Callable[["AbstractBaseUser"], None]
_texts: dict[tuple[str, str], ConsentText] = {}
_in_force: dict[str, ConsentText] = {}
_sources: list[Source] = []
_followers: dict[str, Follower] = {}


def register(*versions: ConsentText) -> ConsentText:
    """Makes texts of one key known, the oldest first, and returns the last: it is the one in force.

    Earlier versions stay registered, so that a person can read what they agreed to. Raises ValueError for a version
    whose words were registered differently.
    """
    for text in versions:
        if _texts.setdefault((text.key, text.version), text) != text:
            raise ValueError(f"The words of {text.key} {text.version} changed. Give the new words a new version.")
        _in_force[text.key] = text
    return versions[-1]


def texts() -> list[ConsentText]:
    """Every registered text, in the order of registration."""
    return list(_texts.values())


def in_force(key: str) -> ConsentText:
    """The text of this key to which people are asked for a yes now. Raises KeyError where there is none."""
    return _in_force[key]


def source(find: Source) -> Source:
    """Decorator: adds consents of a person that stand in rows of another app."""
    _sources.append(find)
    return find


def words_of(key: str, version: str) -> str:
    """The words of a version, or an empty text where it isn't known any more."""
    text = _texts.get((key, version))
    return text.words if text else ""


def give(user: "AbstractBaseUser", key: str) -> None:
    """Records a yes to the text in force. Quiet where it stands already; a yes to older words is ended by it."""
    text = in_force(key)
    with transaction.atomic():
        standing = _open(user, key).select_for_update().first()
        if standing is not None and standing.digest == text.digest:
            return
        if standing is not None:
            _end(Consent.objects.filter(pk=standing.pk), Consent.End.REPLACED)
        row = Consent(user_id=user.pk, key=key, version=text.version, digest=text.digest)
        Consent.objects.bulk_create([row], ignore_conflicts=True)  # of two answers at once, one row stays


def when_withdrawn(key: str) -> Callable[[Follower], Follower]:
    """Decorator: names who takes away what rests on consents of this key, in the transaction that ends one.

    It acts first, so that the locks of its own rows come before that of the consent.
    """

    def remember(follow: Follower) -> Follower:
        _followers[key] = follow
        return follow

    return remember


@transaction.atomic
def withdraw(user: "AbstractBaseUser", key: str) -> bool:
    """Ends the consent of a person; from now on nothing may rest on it. False where none stood."""
    if key in _followers:
        _followers[key](user)
    return end(user, key)


def end(user: "AbstractBaseUser", key: str) -> bool:
    """Ends the consent alone: for whoever has taken away what rested on it. False where none stood."""
    return bool(_end(_open(user, key), Consent.End.WITHDRAWN))


def end_with_account(user: "AbstractBaseUser") -> int:
    """Ends all consents of an account that ends; returns how many."""
    return _end(Consent.objects.filter(user_id=user.pk, ended_at__isnull=True), Consent.End.ACCOUNT)


def was_withdrawn_since(user: "AbstractBaseUser", key: str, moment: datetime) -> bool:
    """Whether a consent of this person was taken back after `moment`: an answer from before then no longer counts."""
    ended = Consent.objects.filter(user_id=user.pk, key=key, end=Consent.End.WITHDRAWN, ended_at__gt=moment)
    return ended.exists()


def of(user: "AbstractBaseUser") -> list[Given]:
    """Everything that a person agreed to, ended ones included, the newest first. One query, and those of the sources.

    The question that browsers answer for everybody, Global Privacy Control, is asked of the request, not of these rows.
    """
    rows = [_given(row) for row in Consent.objects.filter(user_id=user.pk)]
    elsewhere = [given for find in _sources for given in find(user)]
    return sorted(rows + elsewhere, key=lambda given: given.given_at, reverse=True)


def _given(row: Consent) -> Given:
    return Given(
        key=row.key,
        version=row.version,
        words=words_of(row.key, row.version),
        given_at=row.given_at,
        ended_at=row.ended_at,
        end=row.get_end_display(),
        can_be_withdrawn=row.ended_at is None,
    )


def _open(user: "AbstractBaseUser", key: str) -> QuerySet[Consent]:
    return Consent.objects.filter(user_id=user.pk, key=key, ended_at__isnull=True)


def _end(rows: QuerySet[Consent], end: Consent.End) -> int:
    return rows.filter(ended_at__isnull=True).update(ended_at=clock.now(), end=end)
