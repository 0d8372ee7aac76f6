"""A case under its lock, and its story.

Whoever needs the order too locks the order first: what a provider says about a refund comes under the order's lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Case, CaseEvent
from shop import orders
from shop.models import Order

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Staff = AbstractBaseUser | AnonymousUser | None


class CannotDo(Exception):
    """What was asked of a case can't be done. The text is a sentence for whoever asked."""


@contextmanager
def locked(case_id: int) -> Iterator[Case]:
    """The case, locked and read again, in a transaction. Raises CannotDo where it is gone."""
    with transaction.atomic():
        found = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
        if found is None:
            raise CannotDo("This case is no longer there.")
        yield found


@contextmanager
def locked_with_order(case_id: int) -> Iterator[tuple[Case, Order | None]]:
    """The case and its order, the order locked first."""
    with transaction.atomic():
        order_id = Case.objects.filter(pk=case_id).values_list("order_id", flat=True).first()
        order = orders.lock(order_id) if order_id is not None else None
        with locked(case_id) as case:
            yield case, order if case.order_id == order_id else None


def tell(case: Case, kind: CaseEvent.Kind, *, by: "Staff" = None, detail: str = "") -> None:
    """Writes a line of the case's story. `detail` has words and amounts, never a person's values."""
    CaseEvent.objects.create(case=case, kind=kind, by_id=by.pk if by else None, detail=detail[:200])
