"""A request under its lock, and its story."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from privacy.models import DeletionRequest, RequestEvent

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Person = AbstractBaseUser | AnonymousUser | None


class CannotDo(Exception):
    """What was asked of a request can't be done. The text is a sentence for staff."""


@contextmanager
def locked(request_id: int) -> Iterator[DeletionRequest]:
    """The request, locked and read again, in a transaction. Raises CannotDo where it is gone."""
    with transaction.atomic():
        found = DeletionRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
        if found is None:
            raise CannotDo("This request is no longer there.")
        yield found


def tell(request: DeletionRequest, kind: RequestEvent.Kind, *, by: "Person" = None, detail: str = "") -> None:
    """Writes a line of the request's story. `detail` has words and counts, never a person's values."""
    RequestEvent.objects.create(request=request, kind=kind, by_id=by.pk if by else None, detail=detail[:300])


def insist(request: DeletionRequest, target: DeletionRequest.State) -> None:
    """Raises CannotDo where the request can't go to `target` from where it is."""
    if not request.can_move_to(target):
        raise CannotDo(f"{request.number} is {request.get_state_display()}: that can't be done now.")
