"""How a request ends without a deletion."""

from typing import TYPE_CHECKING

from privacy import clock, mails
from privacy.deletion_requests.locked import CannotDo, insist, locked, tell
from privacy.deletion_requests.subjects import keep_answer, let_go
from privacy.models import DeletionRequest, RequestEvent, RequestSubject

if TYPE_CHECKING:
    from privacy.deletion_requests.locked import Person

State = DeletionRequest.State
REFUSED_MAIL = "deletion_refused"
_EVENTS = {
    State.DUPLICATE: RequestEvent.Kind.DUPLICATE,
    State.REFUSED: RequestEvent.Kind.REFUSED,
    State.WITHDRAWN: RequestEvent.Kind.WITHDRAWN,
    State.UNVERIFIED_CLOSED: RequestEvent.Kind.UNVERIFIED,
}


def end(
    request: DeletionRequest, state: DeletionRequest.State, *, by: "Person" = None, detail: str = "", **changes: object
) -> None:
    """Closes a locked request. Its person goes two weeks later, and another request about the address can open."""
    if not request.move_to(state, closed_at=clock.now(), **changes):
        return
    RequestSubject.objects.filter(request=request).update(ended_at=clock.now())
    let_go(request)
    tell(request, _EVENTS[state], by=by, detail=detail)


def refuse(request_id: int, *, by: "Person", reason: str, tell_person: bool = True) -> None:
    """Ends a request that can't be followed, and says why (GDPR Art. 12(4)). Raises CannotDo.

    With `tell_person` off, nothing is mailed: for what wasn't a request at all.
    """
    if not reason.strip():
        raise CannotDo("Say why: the person is told the reason, and may complain about it.")
    with locked(request_id) as request:
        if request.state == State.REFUSED:
            return
        insist(request, State.REFUSED)
        keep_answer(request, reason)
        end(request, State.REFUSED, by=by)
        if tell_person:
            mails.queue(REFUSED_MAIL, request.pk)


def withdraw(request_id: int, *, by: "Person" = None, detail: str = "") -> None:
    """Ends a request because the person takes it back, which works until its execution begins. Raises CannotDo."""
    with locked(request_id) as request:
        if request.state == State.WITHDRAWN:
            return
        if request.state in {State.EXECUTING, State.VERIFYING, State.NOTIFYING}:
            raise CannotDo(f"{request.number} is being carried out: what is erased can't be brought back.")
        insist(request, State.WITHDRAWN)
        end(request, State.WITHDRAWN, by=by, detail=detail)


def mark_duplicate(request_id: int, *, of: int, by: "Person") -> None:
    """Ends a request that asks for the same as the open request `of`. Raises CannotDo."""
    with locked(request_id) as request:
        first = DeletionRequest.objects.filter(pk=of).exclude(pk=request_id).first()
        if first is None or first.state == State.DUPLICATE:
            raise CannotDo("Name the request that this one repeats.")
        if request.state == State.DUPLICATE:
            return
        insist(request, State.DUPLICATE)
        end(request, State.DUPLICATE, by=by, detail=f"of {first.number}", duplicate_of=first)
