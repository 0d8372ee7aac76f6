"""Carrying a request out, a step at a time: whoever calls `advance` goes on where the last one stopped, or was killed.

approved -> executing: the person is written down, the steps are made. Each step is one transaction under the person's
locks, with its line in the journal before anything goes. Then nothing may be in flight any more that read the data
before (`ERASURE_SETTLE_SECONDS`), and a scan looks for what is left: nothing, and the person is told; something, and it
is erased again; again and again, and a person is called.
"""

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from privacy import alerts, clock, deletion_requests
from privacy.deletion_requests.locked import locked, tell
from privacy.erasure import persons, plans, ports, providers, refusals, returning, steps
from privacy.erasure.cases import Case
from privacy.erasure.locks import try_person
from privacy.erasure.mentions import CannotScrub
from privacy.erasure.verdicts import Deed, RowSet
from privacy.models import DeletionPlan, DeletionRequest, DeletionStep, RequestEvent

log = structlog.get_logger(__name__)
State, StepState, Event = DeletionRequest.State, DeletionStep.State, RequestEvent.Kind
#: So often residue sends a request back before a person is called.
MOST_ROUNDS = 3
#: A request whose residue a person must look at is looked at again after this.
LOOK_AGAIN = timedelta(hours=6)
MANY_TRIES = 5
#: So many places to be judged stand in the story of a request, and so many signs.
MOST_PLACES, MOST_STORY = 5, 300
#: A look for what is left is one worker's for so long: its job is killed before.
CLAIM = timedelta(minutes=15)
#: More steps than this in one run are another run's.
MOST_STEPS = 500
ALERT = "erasure_stuck"


def carry_out_due(limit: int = 20) -> int:
    """Goes on with the requests whose time has come; returns how many steps were done."""
    going = DeletionRequest.objects.filter(
        state__in=[State.APPROVED, State.EXECUTING, State.VERIFYING], next_try_at__lte=clock.now()
    )
    return sum(carry_out(pk) for pk in list(going.order_by("next_try_at", "id").values_list("pk", flat=True)[:limit]))


def carry_out(request_id: int) -> int:
    """Goes on with one request as far as it goes now; returns how many steps were done."""
    for count in range(MOST_STEPS):
        if not advance(request_id):
            return count
    return MOST_STEPS


def advance(request_id: int) -> bool:
    """One step further. False where nothing can be done now: it is over, it waits, or another worker is at it.

    A step that fails is undone, and tried again with growing pauses; after some a person is called.
    """
    asked = DeletionRequest.objects.filter(pk=request_id).first()
    acts = {State.APPROVED: _begin, State.EXECUTING: _step, State.VERIFYING: _verify}
    if asked is None or asked.state not in acts or asked.next_try_at > clock.now():
        return False
    try:
        has_moved = acts[State(asked.state)](request_id)
    except Exception as error:  # noqa: BLE001  (whatever goes wrong with one deletion, the next is carried out)
        _failed(request_id, error)
        return False
    return has_moved


# --- Beginning --------------------------------------------------------------------------------------------------------


def _begin(request_id: int) -> bool:
    """Looks once more whether it may be, writes down whose data it is, and makes the steps."""
    person = persons.of_request(request_id)
    with locked(request_id) as request:
        if request.state != State.APPROVED:
            return True
        if not try_person(person):
            return False
        plan = DeletionPlan.objects.filter(request=request).order_by("-number").first()
        case = Case(person, request_id)
        why = _unfit(plan, case)
        if plan is None or why:
            deletion_requests.mark_outdated(request_id, detail=why)
            alerts.raise_alert("erasure_outdated", str(request_id), f"{request}: plan it anew. {why}")
            return False
        persons.freeze(request, person)
        providers.remember(case, request, position=steps.OF_PROVIDERS)
        labels = {rows["model"] for rows in plan.content["rows"]}
        DeletionStep.objects.bulk_create(
            (DeletionStep(request=request, name=step.name, position=step.position) for step in steps.of_plan(labels)),
            ignore_conflicts=True,
        )
        request.move_to(State.EXECUTING, tries=0, problem="")
        tell(request, Event.STARTED, detail=f"Plan {plan.number}")
    return True


def _unfit(plan: DeletionPlan | None, case: Case) -> str:
    """Why an approved plan isn't what would be done, or nothing."""
    if plan is None:
        return "There is no plan."
    if plan.inventory_digest != plans.inventory_digest():
        return "What is declared about data has changed since the plan was made."
    return " ".join(refusals.of(case))


# --- Steps ------------------------------------------------------------------------------------------------------------


def _step(request_id: int) -> bool:
    """The next local step, or, where none is left, on to looking for what was left."""
    waiting = DeletionStep.objects.filter(request=request_id, kind=DeletionStep.Kind.LOCAL, state=StepState.PENDING)
    step = waiting.select_related("request").order_by("position", "name").first()
    if step is None:
        return _settle(request_id)
    local = steps.find(step.name)
    plan = _plan_digest(request_id)
    if returning.came_back(step.request):
        return _settle(request_id)
    if local.is_outside:
        count = local.act(Case(persons.of_request(request_id), request_id), plan)
        with transaction.atomic():
            _done(step.pk, count)
        return True
    with transaction.atomic():
        case = Case(persons.of_request(request_id), request_id, covered=_covered(request_id))
        if not try_person(case.person):
            return False
        again = DeletionStep.objects.select_for_update().filter(pk=step.pk, state=StepState.PENDING).first()
        if again is not None:
            _done(step.pk, local.act(case, plan))
        if returning.came_back(step.request):
            transaction.set_rollback(True)  # it may have met what is new; the next call sees that, and settles
    return True


def _covered(request_id: int) -> frozenset[str]:
    """The models that have a step of their own."""
    names = DeletionStep.objects.filter(request=request_id, name__startswith=steps.ROWS).values_list("name", flat=True)
    return frozenset(name.removeprefix(steps.ROWS) for name in names)


def _done(step_id: int, count: int) -> None:
    step = DeletionStep.objects.select_for_update().get(pk=step_id)
    if step.state != StepState.DONE:
        step.state, step.done_at, step.count = StepState.DONE, clock.now(), step.count + count
        step.save(update_fields=["state", "done_at", "count"])
    DeletionRequest.objects.filter(pk=step.request_id).exclude(tries=0).update(tries=0, problem="")


def _plan_digest(request_id: int) -> str:
    digests = DeletionPlan.objects.filter(request=request_id).order_by("-number")
    return digests.values_list("digest", flat=True).first() or ""


def _settle(request_id: int) -> bool:
    with locked(request_id) as request:
        if request.state == State.EXECUTING:
            wait = timedelta(seconds=settings.ERASURE_SETTLE_SECONDS)
            request.move_to(State.VERIFYING, next_try_at=clock.now() + wait, tries=0, problem="")
    return True


# --- Looking for what is left -----------------------------------------------------------------------------------------


def _verify(request_id: int) -> bool:
    """Scans. Clean: the person is told. Else what is left is erased again; after a few times a person is called."""
    if not _claim(request_id):
        return False
    person = persons.of_request(request_id)
    case = Case(person, request_id)
    looked = ports.scan().look(request_id, person, plans.untouched_rows(case))
    left = looked.left
    with locked(request_id) as request:
        if request.state != State.VERIFYING:
            return True
        tell(request, Event.CHECKED, detail=_story(looked))
        has_returned = returning.came_back(request)  # what is found and kept by now is new: `notices` ends the request
        if has_returned or not left:
            receipt = request.receipt if has_returned else _receipt(request, case, looked)
            request.move_to(
                State.NOTIFYING,
                retained=bool(receipt.get("kept")),
                receipt=receipt,
                problem="",
                tries=0,
                next_try_at=clock.now(),
            )
            alerts.close_alert(ALERT, str(request_id))
            ports.notice().write(request_id)
            return True
        tell(request, Event.RESIDUE, detail=f"Places: {len(left)}")
        if request.rounds >= MOST_ROUNDS:
            request.problem, request.next_try_at = "residue", clock.now() + LOOK_AGAIN
            request.rounds = request.tries = 0
            request.save(update_fields=["problem", "next_try_at", "rounds", "tries"])
            alerts.raise_alert(
                ALERT, str(request_id), f"{request}: {len(left)} places still hold something. Look at the request."
            )
            return False
        DeletionStep.objects.filter(request=request, kind=DeletionStep.Kind.LOCAL).update(
            state=StepState.PENDING, done_at=None
        )
        request.move_to(State.EXECUTING, rounds=request.rounds + 1, problem="", tries=0, next_try_at=clock.now())
    return True


def _receipt(request: DeletionRequest, case: Case, looked: ports.Looked) -> dict[str, Any]:
    """What is kept, in words and dates, with the proof of the look."""
    kept = [*plans.kept(case), *_on_documents(looked)]
    return {**request.receipt, "kept": [plans.plain(rows) for rows in kept], "first_scan": dict(looked.receipt)}


def _on_documents(looked: ports.Looked) -> list[RowSet]:
    """What documents of others keep of the person, as the notice says it."""
    ends = [stay.until for stay in looked.stays]
    known = [end for end in ends if end is not None]
    if not ends:
        return []
    return [
        RowSet(
            model="",
            words=f"{len(ends)} mentions on documents of others",
            count=len(ends),
            deed=Deed.RESTRICTED,
            how="stays on a document of somebody else",
            ground=looked.stays[0].ground,
            first=min(known, default=None),
            until=max(known) if len(known) == len(ends) else None,
        )
    ]


def _story(looked: ports.Looked) -> str:
    """What a look found, for the story of the request: places, no values; of those to be judged the first few."""
    said = f"Places left: {len(looked.left)}"
    if looked.to_judge:
        said += f". To be judged: {len(looked.to_judge)}: {'; '.join(looked.to_judge[:MOST_PLACES])}"
    return said[:MOST_STORY]


def _claim(request_id: int) -> bool:
    """Takes the look for this worker, for as long as a job may last; False where another one is at it.

    A look counts as a try when it begins, so that those whose worker was killed count, too: after some a person is
    called.
    """
    with locked(request_id) as request:
        if request.state != State.VERIFYING or request.next_try_at > clock.now():
            return False
        if request.tries >= MANY_TRIES:
            alerts.raise_alert(ALERT, str(request_id), f"{request}: the look for what is left comes to no end.")
        request.tries, request.next_try_at = request.tries + 1, clock.now() + CLAIM
        request.save(update_fields=["tries", "next_try_at"])
    return True


# --- Trouble ----------------------------------------------------------------------------------------------------------


def _failed(request_id: int, error: Exception) -> None:
    with locked(request_id) as request:
        request.tries += request.state != State.VERIFYING  # a look was counted when it began
        request.problem = type(error).__name__[:60]
        request.next_try_at = clock.now() + timedelta(seconds=min(30 * 2 ** (request.tries - 1), 6 * 3600))
        request.save(update_fields=["tries", "problem", "next_try_at"])
        log.warning("deletion stopped", state=request.state, error=request.problem, count=request.tries)
        if request.tries >= MANY_TRIES or isinstance(error, ports.NotReady):
            why = str(error) if isinstance(error, CannotScrub | ports.NotReady) else request.problem
            alerts.raise_alert(ALERT, str(request_id), f"{request}: it doesn't go on ({why}).")
