"""Legal holds: what a dispute or an authority needs stays beyond its period, and only that, with the reason on record.

A hold moves every date of its row to its own end; an open one leaves no date. What goes with the row stays with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from privacy import clock
from privacy.models import LegalHold

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Person = AbstractBaseUser | AnonymousUser | None


class CannotHold(Exception):
    """A row can't be held: the text is a sentence for staff."""


@dataclass(frozen=True)
class Kind:
    """What can be held: rows of `model`, in a `word`; `find` gives the row by what staff type, as an order's number."""

    model: type[Model]
    word: str
    find: Callable[[str], QuerySet[Any]]

    @property
    def label(self) -> str:
        return self.model._meta.label


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Lets staff hold rows of another model."""
    _kinds[kind.label] = kind


def kinds() -> list[Kind]:
    """What staff can hold, in the order of registration."""
    return list(_kinds.values())


def place(kind: Kind, typed: str, *, by: "Person", reason: str, until: datetime | None = None) -> LegalHold:
    """Keeps the row that `typed` names until a moment, or until the hold is lifted.

    The row is locked before: a sweep that had it first has removed it, and then there is nothing to hold. Raises
    CannotHold.
    """
    if not reason.strip():
        raise CannotHold("Say why: a hold without a reason can't be judged later.")
    if until is not None and until <= clock.now():
        raise CannotHold("This end has passed. Choose a later day, or none.")
    with transaction.atomic():
        held = kind.find(typed.strip()).select_for_update(of=("self",)).first()
        if held is None:
            raise CannotHold(f"Nothing is left to hold of this {kind.word}. Check what you typed.")
        return LegalHold.objects.create(
            model=kind.label, object_id=str(held.pk), reason=reason.strip()[:200], placed_by_id=_id(by), until=until
        )


def lift(hold_id: int, *, by: "Person") -> bool:
    """Ends a hold now; its row is due again by its own period. False where it had been lifted."""
    changed = LegalHold.objects.filter(pk=hold_id, lifted_at__isnull=True)
    return bool(changed.update(lifted_at=clock.now(), lifted_by_id=_id(by)))


def of(row: Model) -> list[LegalHold]:
    """The holds under which a row is now, latest first."""
    open_ones = LegalHold.objects.filter(Q(until__isnull=True) | Q(until__gt=clock.now()), lifted_at__isnull=True)
    return list(open_ones.filter(model=row._meta.label, object_id=str(row.pk)))


def _id(by: "Person") -> int | None:
    return by.pk if by else None
