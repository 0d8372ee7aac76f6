"""How cases go on: what waits for us, what is due, and the evidence for P6b."""

from datetime import timedelta
from statistics import median

from django.db.models import Q, QuerySet

from accounts.models import Case
from privacy import clock
from privacy.promises import Figure

State = Case.State
YEAR = timedelta(days=365)


def unfinished() -> "QuerySet[Case]":
    """Open cases of people who are known, the next deadline first."""
    return Case.objects.filter(closed_at__isnull=True).exclude(state=State.UNPROVEN).order_by("due_at", "id")


def needing_us() -> "QuerySet[Case]":
    """Those at which a member of staff goes on."""
    return unfinished().filter(Q(state=State.RECEIVED) | Q(needs_person=True))


def waiting() -> "QuerySet[Case]":
    """Those that wait for the customer, for a refund, or for proof."""
    rest = Case.objects.filter(closed_at__isnull=True).order_by("due_at", "id")
    return rest.filter(Q(state=State.UNPROVEN) | Q(needs_person=False)).exclude(state=State.RECEIVED)


def closed() -> "QuerySet[Case]":
    """Those that are over, the latest first."""
    return Case.objects.filter(closed_at__isnull=False).order_by("-closed_at", "-id")


def overdue() -> "QuerySet[Case]":
    """Those that wait for us longer than we said."""
    return needing_us().filter(due_at__lt=clock.now())


def days_left(case: Case) -> int:
    """Whole days from today to the day of the answer, in UTC; negative where it has passed."""
    return (case.due_at.date() - clock.today()).days


def median_days() -> float | None:
    """From the request to a person's first answer, over the last thousand of a year; None where there is none."""
    answered = Case.objects.filter(answered_at__gt=clock.now() - YEAR).order_by("-pk")
    pairs = answered.values_list("received_at", "answered_at")[:1000]
    days = [(answer - came) / timedelta(days=1) for came, answer in pairs if answer]
    return median(days) if days else None


def answered() -> Figure:
    """Open requests and the usual time to the first answer, for P6b; broken where one is late."""
    count, late, usual = unfinished().count(), overdue().count(), median_days()
    notes = []
    if late:
        notes.append(f"{late} should have been answered by now. We are working on it.")
    if usual is not None:
        shown = f"{usual:.1f}".removesuffix(".0")
        notes.append(f"The median from a request to our answer is {shown} {'day' if shown == '1' else 'days'}.")
    words = "request is open." if count == 1 else "requests are open."
    return Figure(str(count), words, " ".join(notes), is_broken=late > 0)
