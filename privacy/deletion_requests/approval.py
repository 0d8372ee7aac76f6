"""What will be done is planned by one person and approved, by the same or by another."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Max

from privacy import clock
from privacy.deletion_requests.locked import CannotDo, insist, locked, tell
from privacy.deletion_requests.subjects import person_of
from privacy.models import DeletionPlan, DeletionRequest, RequestEvent

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from privacy.deletion_requests.locked import Person

State = DeletionRequest.State


def keep_plan(request_id: int, content: dict[str, Any], *, inventory_digest: str, by: "Person") -> DeletionPlan:
    """Keeps a plan as the one to be approved. `content` is JSON without a person's values. Raises CannotDo."""
    with locked(request_id) as request:
        if request.state == State.APPROVED:
            raise CannotDo(f"{request.number} is approved. Take the approval back to plan anew.")
        if request.state != State.PLANNED:
            insist(request, State.PLANNED)
        number = (request.plans.aggregate(last=Max("number"))["last"] or 0) + 1
        plan = DeletionPlan.objects.create(
            request=request,
            number=number,
            made_by_id=by.pk if by else None,
            content=content,
            digest=digest_of(content),
            inventory_digest=inventory_digest,
        )
        if not request.move_to(State.PLANNED, planned_by_id=plan.made_by_id, approved_by_id=None):
            request.planned_by_id = plan.made_by_id
            request.save(update_fields=["planned_by"])
        tell(request, RequestEvent.Kind.PLANNED, by=by, detail=f"Plan {number}")
    return plan


def approve(request_id: int, *, by: "AbstractBaseUser", plan_number: int) -> None:
    """Approves the plan that the approver saw. Raises CannotDo.

    With ERASURE_FOUR_EYES another person than the planner must approve. Nobody approves the deletion of their own data.
    """
    with locked(request_id) as request:
        if request.state == State.APPROVED:
            return
        insist(request, State.APPROVED)
        latest = request.plans.order_by("-number").first()
        if latest is None or latest.number != plan_number:
            raise CannotDo("The plan was made anew meanwhile. Read it, then approve it.")
        if by.pk in {*person_of(request).users, *latest.content.get("accounts", ())}:
            raise CannotDo("This is your own data. Somebody else approves its deletion.")
        if settings.ERASURE_FOUR_EYES and request.planned_by_id == by.pk:
            raise CannotDo("You made this plan. Somebody else approves it.")
        request.move_to(
            State.APPROVED,
            approved_by_id=by.pk,
            needs_two=settings.ERASURE_FOUR_EYES,
            next_try_at=clock.now(),
            tries=0,
            problem="",
        )
        tell(request, RequestEvent.Kind.APPROVED, by=by, detail=f"Plan {plan_number}")


def take_back(request_id: int, *, by: "Person") -> None:
    """Takes an approval back, as long as the deletion hasn't begun. Raises CannotDo."""
    with locked(request_id) as request:
        if request.state == State.PLANNED:
            return
        if request.state != State.APPROVED:
            raise CannotDo(f"{request.number} is {request.get_state_display()}: there is no approval to take back.")
        request.move_to(State.PLANNED, approved_by_id=None)
        tell(request, RequestEvent.Kind.TAKEN_BACK, by=by)


def mark_outdated(request_id: int, *, by: "Person" = None, detail: str = "") -> None:
    """Says that a plan no longer fits what there is: approved or not, it has to be made anew."""
    with locked(request_id) as request:
        if request.state == State.APPROVED:
            request.move_to(State.PLANNED, approved_by_id=None)
        if request.state == State.PLANNED:
            request.move_to(State.VERIFIED)
            tell(request, RequestEvent.Kind.OUTDATED, by=by, detail=detail)


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a plan's content, in hex."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
