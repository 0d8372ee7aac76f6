"""Service providers that have something of the person: each is a step of the request, at its own pace.

A provider waits until no refund and no dispute needs its data any more. It is asked by its interface, or a person does
it by hand where it has none, guided by the step. An open step doesn't hold the notice up, which names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog
from django.db import transaction

from privacy import alerts, clock, mails
from privacy.deletion_requests import CannotDo
from privacy.deletion_requests.locked import tell
from privacy.erasure.cases import Case
from privacy.models import DeletionRequest, DeletionStep, RequestEvent

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

log = structlog.get_logger(__name__)
Kind, State = DeletionStep.Kind, DeletionStep.State
#: Steps of providers are named so, with the provider's name behind it.
PREFIX = "provider:"
#: A worker that dies leaves a step that comes back after this.
CLAIM = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(days=1)
MANY_TRIES = 5
#: The kind of the mail that reports the end of a step that the notice named as open; its object is the step.
DONE_MAIL = "deletion_provider_done"


@dataclass(frozen=True)
class Preview:
    """What a plan says of a provider: who it is, how many things it has, how it is asked, and not before when."""

    name: str
    title: str
    count: int
    is_by_hand: bool
    not_before: datetime | None


@dataclass(frozen=True)
class Done:
    """The provider says that it has erased."""

    count: int
    detail: str = ""


@dataclass(frozen=True)
class Wait:
    """It is asked again at `until`."""

    until: datetime
    detail: str = ""


@dataclass(frozen=True)
class ByHand:
    """It can't be asked by a program: a person does it, as `detail` says."""

    detail: str


class ServiceProvider(Protocol):
    """A provider that has data of the shop's customers."""

    name: str
    title: str

    def preview(self, case: Case) -> Preview | None:
        """What it has of this person, or None."""

    def remember(self, case: Case, step: DeletionStep) -> int:
        """Writes down what the step will need, before the rows that lead there go; returns how many things."""

    def work(self, step: DeletionStep) -> Done | Wait | ByHand:
        """Asks the provider, with no lock held. May be called again after any failure. May raise."""

    def guide(self, step: DeletionStep) -> Sequence[str]:
        """What a person has to do there, a sentence each."""

    def finish(self, step: DeletionStep) -> None:
        """Forgets what the step needed, in the transaction that ends it."""

    def address(self, step: DeletionStep) -> str:
        """Where the person can still be told of its end: empty where no address is kept."""


_providers: dict[str, ServiceProvider] = {}


def register(provider: ServiceProvider) -> None:
    """Adds a provider."""
    _providers[provider.name] = provider


def of_step(step: DeletionStep) -> ServiceProvider:
    """The provider of a step."""
    return _providers[step.name.removeprefix(PREFIX)]


def previews(case: Case) -> list[Preview]:
    """What the providers have of this person."""
    return [preview for provider in _providers.values() if (preview := provider.preview(case)) is not None]


def remember(case: Case, request: DeletionRequest, *, position: int) -> None:
    """Makes the steps of the providers, with what they need, in the caller's transaction. Idempotent."""
    for preview in previews(case):
        step, is_new = DeletionStep.objects.get_or_create(
            request=request,
            name=PREFIX + preview.name,
            defaults={
                "position": position,
                "kind": Kind.MANUAL if preview.is_by_hand else Kind.PROVIDER,
                "state": State.WAITING,
                "next_try_at": preview.not_before or clock.now(),
            },
        )
        if is_new:
            step.count = _providers[preview.name].remember(case, step)
            step.save(update_fields=["count"])


def run_due(limit: int = 20) -> int:
    """Asks the providers of the steps whose time has come; returns how many steps moved on."""
    moved = 0
    for _ in range(limit):
        step = _claim()
        if step is None:
            break
        moved += _work(step)
    return moved


def _claim() -> DeletionStep | None:
    """The next due step, out of reach of other workers for a while."""
    with transaction.atomic():
        due = DeletionStep.objects.filter(state=State.WAITING, name__startswith=PREFIX, next_try_at__lte=clock.now())
        step = due.select_for_update(skip_locked=True).order_by("next_try_at", "id").first()
        if step is not None:
            step.next_try_at, step.tries = clock.now() + CLAIM, step.tries + 1
            step.save(update_fields=["next_try_at", "tries"])
    return step


def _work(step: DeletionStep) -> bool:
    if step.kind == Kind.MANUAL:
        return _answered(step.pk, ByHand("To be done by hand."))
    try:
        outcome = of_step(step).work(step)
    except Exception as error:  # noqa: BLE001  (whatever one provider does, the next is asked)
        pause = min(timedelta(minutes=2**step.tries), LONGEST_PAUSE)
        DeletionStep.objects.filter(pk=step.pk, state=State.WAITING).update(next_try_at=clock.now() + pause)
        log.warning("provider not asked", kind=step.name, error=type(error).__name__, count=step.tries)
        if step.tries >= MANY_TRIES:
            alerts.raise_alert(
                "erasure_provider", str(step.pk), f"{step.request}: {of_step(step).title} could not be asked to erase."
            )
        return False
    return _answered(step.pk, outcome)


def _answered(step_id: int, outcome: Done | Wait | ByHand) -> bool:
    with transaction.atomic():
        step = DeletionStep.objects.select_for_update(of=("self",)).select_related("request").get(pk=step_id)
        if step.state != State.WAITING:
            return False
        if isinstance(outcome, Wait):
            step.next_try_at, step.detail, step.tries = outcome.until, outcome.detail[:300], 0
            step.save(update_fields=["next_try_at", "detail", "tries"])
        elif isinstance(outcome, ByHand):
            step.kind, step.state, step.detail = Kind.MANUAL, State.PENDING, outcome.detail[:300]
            step.save(update_fields=["kind", "state", "detail"])
            alerts.raise_alert(
                "erasure_by_hand", str(step.pk), f"{step.request}: erase at {of_step(step).title} by hand."
            )
        else:
            _end(step, count=outcome.count, detail=outcome.detail, by=None)
    return True


def finish_by_hand(step_id: int, *, by: "AbstractBaseUser", note: str) -> None:
    """A person says that it was erased at the provider, and how. Raises CannotDo."""
    if not note.strip():
        raise CannotDo("Say what was done there. Name no person.")
    with transaction.atomic():
        step = DeletionStep.objects.select_for_update(of=("self",)).select_related("request").get(pk=step_id)
        if step.state == State.DONE:
            return
        if step.kind != Kind.MANUAL or step.state != State.PENDING:
            raise CannotDo("There is nothing to do by hand at this provider now.")
        _end(step, count=step.count, detail=note.strip(), by=by)


def guide(step: DeletionStep) -> Sequence[str]:
    """What a person has to do at the provider, a sentence each; empty for a step that is done."""
    return of_step(step).guide(step) if step.state != State.DONE else ()


def _end(step: DeletionStep, *, count: int, detail: str, by: "AbstractBaseUser | None") -> None:
    provider = of_step(step)
    step.state, step.done_at, step.count, step.detail = State.DONE, clock.now(), count, detail[:300]
    step.done_by_id = by.pk if by else None
    step.save(update_fields=["state", "done_at", "count", "detail", "done_by"])
    provider.finish(step)
    tell(step.request, RequestEvent.Kind.PROVIDER, by=by, detail=f"{provider.title}: erased")
    for kind in ("erasure_provider", "erasure_by_hand"):
        alerts.close_alert(kind, str(step.pk))
    if step.request.told_at is not None and provider.address(step):
        mails.queue(DONE_MAIL, step.pk)
