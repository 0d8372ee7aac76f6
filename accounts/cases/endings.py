"""How a case ends, and how it opens again."""

from typing import TYPE_CHECKING

from accounts.cases import deadlines
from accounts.cases.locked import CannotDo, locked, tell
from accounts.models import Case, CaseEvent, CaseParty, CaseRefund
from privacy import clock, mails

if TYPE_CHECKING:
    from accounts.cases.locked import Staff

State, Event, Outcome = Case.State, CaseEvent.Kind, Case.Outcome
CLOSED_MAIL = "case_closed"


def end(case: Case, outcome: str, *, by: "Staff" = None, detail: str = "") -> None:
    """Closes a locked case. What names its person goes a while later."""
    if case.move_to(State.CLOSED, outcome=outcome, closed_at=clock.now(), needs_person=False):
        CaseParty.objects.filter(case=case).update(ended_at=case.closed_at)
        words = case.get_outcome_display()
        tell(case, Event.CLOSED, by=by, detail=f"{words} {detail}".strip())


def close(case_id: int, *, by: "Staff", outcome: str) -> None:
    """Closes a case without an answer, and tells its customer that it is closed. Raises CannotDo."""
    with locked(case_id) as case:
        if case.state == State.CLOSED:
            return
        if case.refunds.filter(ended_at__isnull=True).exists():
            raise CannotDo(f"{case.number} waits for a refund, and closes when that is through.")
        is_known = case.state != State.UNPROVEN
        end(case, outcome if is_known else Outcome.UNPROVEN, by=by)
        if is_known:
            _tell_customer(case)


def reopen(case: Case, *, by: "Staff" = None) -> None:
    """Opens a locked case again."""
    if case.state != State.CLOSED:
        return
    due_at = deadlines.due(case.kind, clock.now())
    case.move_to(State.RECEIVED, outcome="", closed_at=None, due_at=due_at, needs_person=True)
    CaseParty.objects.filter(case=case).update(ended_at=None)
    tell(case, Event.REOPENED, by=by)


def reopen_by(case_id: int, *, by: "Staff") -> None:
    """Staff open a case again. Raises CannotDo where nobody is left to answer."""
    with locked(case_id) as case:
        if not CaseParty.objects.filter(case=case).exists():
            raise CannotDo(f"Nobody’s name is on {case.number} any more.")
        reopen(case, by=by)


def refund_ended(about: str, *, succeeded: bool) -> None:
    """A refund that was asked for in a case is made, or failed; the caller holds the order's lock.

    A case that waited for nothing else is closed by that. One whose refund failed, also late, needs a person.
    """
    case_id = CaseRefund.objects.filter(about=about).values_list("case_id", flat=True).first()
    if case_id is None:
        return
    with locked(case_id) as case:
        row = case.refunds.select_for_update().get(about=about)
        if row.succeeded == succeeded:
            return
        row.succeeded, row.ended_at = succeeded, clock.now()
        row.save(update_fields=["succeeded", "ended_at"])
        tell(case, Event.REFUND_MADE if succeeded else Event.REFUND_FAILED, detail=row.amount)
        if not succeeded:
            _needs_a_person(case)
        elif case.state == State.REFUNDING and not case.refunds.filter(ended_at__isnull=True).exists():
            if case.needs_person:
                case.move_to(State.RECEIVED)
            else:
                end(case, Outcome.REFUNDED)
                _tell_customer(case)


def _needs_a_person(case: Case) -> None:
    if case.state == State.CLOSED and CaseParty.objects.filter(case=case).exists():
        reopen(case)
    elif case.state == State.REFUNDING:
        case.move_to(State.RECEIVED, needs_person=True)


def _tell_customer(case: Case) -> None:
    """Once for each time that it was closed."""
    mails.queue(CLOSED_MAIL, case.pk, occasion=f"{case.closed_at:%Y%m%d%H%M%S}")
