"""How requests for deletion go on: what waits for a person, what is due, and the evidence for P12."""

from datetime import timedelta
from statistics import median

from django.db.models import Q, QuerySet

from privacy import clock
from privacy.models import DeletionRequest, DeletionStep
from privacy.promises import Figure

State = DeletionRequest.State
WEEK = timedelta(days=7)
YEAR = timedelta(days=365)
#: In these a member of staff goes on; in the other open ones the person or a worker does.
NEEDS_STAFF = (State.RECEIVED, State.TRIAGED, State.VERIFIED, State.PLANNED)
CARRIED_OUT = (State.COMPLETED, State.COMPLETED_WITH_RETENTION)
_BY_HAND = Q(steps__kind=DeletionStep.Kind.MANUAL, steps__state=DeletionStep.State.PENDING)


def unfinished() -> "QuerySet[DeletionRequest]":
    """Open requests, the next deadline first."""
    return DeletionRequest.objects.filter(closed_at__isnull=True).order_by("due_at", "id")


def needing_staff() -> "QuerySet[DeletionRequest]":
    """Those at which a member of staff goes on: also one that got stuck, and one with a step by hand at a provider."""
    by_hand = DeletionRequest.objects.filter(_BY_HAND).values("pk")
    is_stuck = Q(closed_at__isnull=True) & ~Q(problem="")
    needed = Q(state__in=NEEDS_STAFF) | is_stuck | Q(pk__in=by_hand)
    return DeletionRequest.objects.filter(needed).order_by("due_at", "id")


def waiting() -> "QuerySet[DeletionRequest]":
    """Open ones that wait for the person, or for a worker."""
    return unfinished().exclude(pk__in=needing_staff().values("pk"))


def closed() -> "QuerySet[DeletionRequest]":
    """Those that are over, the latest first."""
    return DeletionRequest.objects.filter(closed_at__isnull=False).order_by("-closed_at", "-id")


def due_soon() -> "QuerySet[DeletionRequest]":
    """Open and not answered, due within a week or overdue."""
    return unfinished().filter(told_at__isnull=True, due_at__lte=clock.now() + WEEK)


def doubtful() -> "QuerySet[DeletionRequest]":
    """Mails of which a person says first whether they ask for deletion."""
    return unfinished().filter(is_doubtful=True)


def stuck() -> "QuerySet[DeletionRequest]":
    """Open ones that don't go on by themselves."""
    return unfinished().exclude(problem="")


def by_hand() -> "QuerySet[DeletionStep]":
    """Steps that a person does at a service provider."""
    return DeletionStep.objects.filter(kind=DeletionStep.Kind.MANUAL, state=DeletionStep.State.PENDING)


def days_left(request: DeletionRequest) -> int:
    """Whole days from today to the last day of the answer, in UTC; negative where it has passed."""
    return (request.due_at.date() - clock.today()).days


def median_days() -> float | None:
    """From receipt to the accepted notice, over those carried out within a year; None where there is none."""
    done = DeletionRequest.objects.filter(state__in=CARRIED_OUT, told_at__gt=clock.now() - YEAR)
    days = [
        (told - received) / timedelta(days=1) for received, told in done.values_list("received_at", "told_at") if told
    ]
    return median(days) if days else None


def left_over() -> int:
    """How many of those carried out within a year were sent back because something was left, before they were told."""
    done = DeletionRequest.objects.filter(state__in=CARRIED_OUT, told_at__gt=clock.now() - YEAR)
    return done.filter(events__kind="residue").distinct().count()


def answered() -> Figure:
    """Open requests, the next deadline and the usual time, for P12d; broken where a deadline has passed."""
    count, first = unfinished().filter(told_at__isnull=True).count(), unfinished().filter(told_at__isnull=True).first()
    days, usual = days_left(first) if first else 0, median_days()
    notes = []
    if first and days >= 0:
        notes.append(f"The next deadline is on {first.due_at:%-d %B %Y}.")
    if usual is not None:
        notes.append(f"The median from the request to our answer is {_days(usual)}.")
    if days < 0:
        notes.insert(0, f"One should have been answered {_days(-days)} ago. We are working on it.")
    words = "request for deletion is open." if count == 1 else "requests for deletion are open."
    return Figure(str(count), words, " ".join(notes), is_broken=days < 0)


def _days(number: float) -> str:
    shown = f"{number:.1f}".removesuffix(".0")
    return f"{shown} day" if shown == "1" else f"{shown} days"
