"""What the desk shows of one request for deletion: what was asked, whose data it is, the plan, and the story."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from privacy import deletion_figures, holds, look_alikes, plan_words, searches
from privacy.admin import deletion_deeds
from privacy.admin.deletion_deeds import Deed
from privacy.badges import badge
from privacy.erasure import persons, plans, providers
from privacy.exports import words
from privacy.forms.deletions import FindForm, StaffNoteForm
from privacy.look_alikes import LookAlike
from privacy.masking import mask_email
from privacy.models import DeletionPlan, DeletionRequest, DeletionStep, LegalHold, RequestAddress
from privacy.people import rows_of

State = DeletionRequest.State
#: What our own mail server says of the sender, in words; anything else is shown as it came.
HINTS = {"pass": "passed", "fail": "failed", "none": "says nothing", "softfail": "failed softly"}
_STEPS_SHOWN = (State.EXECUTING, State.VERIFYING, State.NOTIFYING, *DeletionRequest.CLOSED)


@dataclass(frozen=True)
class Offer:
    """A look-alike as the page offers it: masked, with a sealed form of the address for the button."""

    masked: str
    why: str
    has: str
    sealed: str


@dataclass(frozen=True)
class Clock:
    """How much of the time to answer is left. `words` say so; `days` draw the ticks."""

    days: int
    words: str


def clock_of(request: DeletionRequest) -> Clock:
    """The deadline as the queue and the case show it; once answered or closed it has stopped."""
    day, days = words.day(request.due_at), deletion_figures.days_left(request)
    if request.told_at is not None:
        return Clock(30, f"answered on {words.day(request.told_at)}")
    if request.closed_at is not None:
        return Clock(30, f"closed on {words.day(request.closed_at)}")
    if days < 0:
        return Clock(0, f"{_days(-days)} late, {day}")
    return Clock(days, f"{_days(days)} left, {day}" if days else f"today, {day}")


def page(http: HttpRequest, request: DeletionRequest) -> dict[str, Any]:
    """Everything that the template needs; as many queries whatever the request has."""
    subject = getattr(request, "subject", None)
    addresses = list(subject.addresses.all()) if subject else []
    plan = deletion_deeds.latest_plan(request)
    deeds = deletion_deeds.offered(http.user, request)
    return {
        "title": request.number,
        "subtitle": None,
        "request_row": request,
        "state": badge(request.state, request.get_state_display()),
        "clock": clock_of(request),
        "deadline": _deadline(request),
        "subject": subject,
        "hints": _hints(subject.hints) if subject else [],
        "addresses": [_proof(address) for address in addresses],
        "found": _found(request, addresses),
        "offers": _offers(http, request, addresses),
        "finder": FindForm(),
        "can_add": _may(deeds, "add-address"),
        "can_judge": request.state in {State.VERIFIED, State.PLANNED} and _may(deeds, "add-address"),
        "plan": plan_words.read(plan.content) if plan and request.state in _with_plan() else None,
        "plan_row": plan,
        "holds": _holds(request) if addresses else [],
        "needs_another": request.state == State.PLANNED and deletion_deeds.needs_another(http.user, request),
        "next_deeds": [_button(deed, request, plan) for deed in deeds if deed.is_next],
        "other_deeds": [_button(deed, request, plan) for deed in deeds if not deed.is_next],
        "steps": _steps(request) if request.state in _STEPS_SHOWN else [],
        "providers": _providers(request),
        "note_form": StaffNoteForm(initial={"note": subject.note}) if subject and request.is_open else None,
        "story": list(request.events.select_related("by")),
        **_neighbors(request),
    }


def _with_plan() -> tuple[DeletionRequest.State, ...]:
    return (State.PLANNED, State.APPROVED, *_STEPS_SHOWN)


def _may(deeds: list[Deed], name: str) -> bool:
    return any(deed.name == name for deed in deeds)


def _button(deed: Deed, request: DeletionRequest, plan: DeletionPlan | None) -> dict[str, Any]:
    counts = plan_words.read(plan.content).deeds.capitalize() if plan else ""
    label = f"Approve: {counts[:1].lower()}{counts[1:]}" if deed.name == "approve" else deed.label
    if deed.name == "plan" and plan is not None:
        label = "Make the plan anew"
    is_first = deed.is_next and not (deed.name == "plan" and request.state == State.PLANNED)
    return {
        "label": label,
        "address": deletion_deeds.address(deed, request),
        "is_dangerous": deed.is_dangerous and deed.is_next,
        "is_first": is_first,
    }


def _deadline(request: DeletionRequest) -> str:
    received = f"Received {words.day(request.received_at)}."
    is_ccpa = request.law == DeletionRequest.Law.CCPA
    if request.extended_at is not None:
        return f"{received} Extended on {words.day(request.extended_at)} until {words.day(request.due_at)}."
    if is_ccpa:
        return f"{received} 45 days end on {words.day(request.due_at)} (Cal. Civ. Code 1798.130)."
    return f"{received} One month ends on {words.day(request.due_at)} (GDPR Art. 12(3))."


def _hints(said: dict[str, str]) -> list[tuple[str, str]]:
    return [(name.upper(), HINTS.get(str(word), str(word))) for name, word in sorted(said.items())]


def _proof(address: RequestAddress) -> dict[str, str]:
    """An address of the request, and whether it is proven."""
    token = max(address.tokens.all(), key=lambda token: token.made_at, default=None)
    if address.proved_at is not None:
        way = f" {token.get_used_way_display()}" if token and token.used_at else ""
        return {"address": address.address, "words": f"proven{way} on {words.of_value(address.proved_at)}"}
    if token is None:
        return {"address": address.address, "words": "not asked for proof yet"}
    return {"address": address.address, "words": f"asked for proof on {words.of_value(token.made_at)}, no answer yet"}


def _found(request: DeletionRequest, addresses: list[RequestAddress]) -> list[tuple[str, str]]:
    """What is kept of the proven addresses, in counts, by kind. Of others nobody needs to know yet."""
    lines = []
    for address in addresses if request.is_open else ():
        if address.proved_at is None:
            lines.append((address.address, "shown once the address is proven"))
            continue
        content = plans.make(persons.of_email(address.address))
        counts = list(dict.fromkeys(rows.words for rows in content.rows))
        lines.append((f"{address.address}, proven", ", ".join(counts) or "nothing is kept"))
    return lines


def _offers(http: HttpRequest, request: DeletionRequest, addresses: list[RequestAddress]) -> list[Offer]:
    if not request.is_open or request.state in _STEPS_SHOWN:
        return []
    known = frozenset(one.address.lower() for one in addresses)
    return offers(http, [one for one in look_alikes.of(known) if one.address not in known])


def offers(http: HttpRequest, found: list[LookAlike]) -> list[Offer]:
    """Look-alikes masked: they may be other people."""
    user_id: Any = http.user.pk
    return [
        Offer(
            masked=mask_email(one.address),
            why=one.why,
            has=one.has,
            sealed=searches.seal(one.address, user_id=user_id, model=RequestAddress),
        )
        for one in found
    ]


def _holds(request: DeletionRequest) -> list[tuple[str, str]]:
    """Open legal holds on rows of the person: what they keep, why and until when."""
    person = persons.of_request(request.pk)
    lines = []
    for kind in holds.kinds():
        ids = [str(pk) for pk in rows_of(kind.model, person).values_list("pk", flat=True)]
        open_ones = LegalHold.objects.filter(model=kind.label, object_id__in=ids, lifted_at__isnull=True)
        for hold in open_ones:
            until = f"until {words.day(hold.until)}" if hold.until else "until it is lifted"
            lines.append((f"A legal hold on one {kind.word}: {hold.reason}", until))
    return lines


def _steps(request: DeletionRequest) -> list[DeletionStep]:
    return [step for step in request.steps.all() if not step.name.startswith(providers.PREFIX)]


def _providers(request: DeletionRequest) -> list[dict[str, Any]]:
    """The steps at service providers; before they are made, what the plan says of them."""
    made = [step for step in request.steps.all() if step.name.startswith(providers.PREFIX)]
    return [
        {
            "title": providers.of_step(step).title,
            "words": f"{step.get_state_display()}, {step.get_kind_display()}",
            "detail": step.detail,
            "by_hand": reverse("admin:privacy_deletionrequest_step", args=[step.pk])
            if step.kind == DeletionStep.Kind.MANUAL and step.state == DeletionStep.State.PENDING
            else "",
        }
        for step in made
    ]


def _neighbors(request: DeletionRequest) -> dict[str, Any]:
    """Where this request stands in the queue of open ones, and the addresses of those beside it."""
    ids = list(deletion_figures.unfinished().values_list("pk", flat=True))
    if request.pk not in ids:
        return {"position": "", "next": case(ids[0]) if ids else "", "previous": ""}
    place = ids.index(request.pk)
    return {
        "position": f"{place + 1} of {len(ids)}",
        "next": case(ids[place + 1]) if place + 1 < len(ids) else "",
        "previous": case(ids[place - 1]) if place else "",
    }


def case(request_id: int) -> str:
    """The page of a request."""
    return reverse("admin:privacy_deletionrequest_change", args=[request_id])


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
