"""A member of staff gives money back for a case."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from accounts.cases import withdrawals
from accounts.cases.locked import CannotDo, locked_with_order
from accounts.models import Case
from privacy import mails

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

REFUNDING_MAIL = "case_refunding"


def refund(case_id: int, lines: Sequence[int], *, by: "AbstractBaseUser") -> None:
    """Asks to give back what is left of these lines; the case closes when it went through. Raises CannotDo."""
    with locked_with_order(case_id) as (case, order):
        if order is None:
            raise CannotDo(f"{case.number} belongs to no order, so there is nothing to give back.")
        if case.state == Case.State.WAITING:
            case.move_to(Case.State.RECEIVED)
        if case.state not in {Case.State.RECEIVED, Case.State.REFUNDING}:
            raise CannotDo(f"{case.number} is {case.get_state_display()}: open it again first.")
        if not lines:
            raise CannotDo("Choose what goes back.")
        withdrawals.ask(case, order, lines=lines, by=by, needs_person=False)
        count = case.refunds.count()
        mails.queue(REFUNDING_MAIL, case.pk, occasion=str(count))
