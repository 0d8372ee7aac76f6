"""What staff do with a request for deletion: each deed has a page of its own, whose button names what follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from privacy import deletion_requests, plan_words
from privacy.deletion_requests import CannotDo
from privacy.erasure import plans, providers
from privacy.forms.deletions import (
    AddressForm,
    ApprovalForm,
    DuplicateForm,
    NoteForm,
    ReasonForm,
    RefusalForm,
    WithdrawalForm,
)
from privacy.models import DeletionPlan, DeletionRequest, DeletionStep
from privacy.tasks import carry_out_deletions, nudge, send_mails

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

State = DeletionRequest.State
HANDLE, APPROVE = "privacy.handle_deletionrequest", "privacy.approve_deletionrequest"
_OPEN = frozenset(State) - frozenset(DeletionRequest.CLOSED)
_BEFORE_EXECUTION = frozenset({State.RECEIVED, State.TRIAGED, State.IDENTITY_PENDING, State.VERIFIED, State.PLANNED})
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """One thing to do with a request. `button` and `consequence` may name {plan}, the plan in counts, and {number}."""

    name: str
    label: str
    consequence: str
    button: str
    done: str
    states: frozenset[DeletionRequest.State]
    act: "Callable[[DeletionRequest, AbstractBaseUser, Said], object]"
    permission: str = HANDLE
    form: type[forms.Form] = forms.Form
    is_dangerous: bool = False
    is_next: bool = False
    nudges: tuple[Any, ...] = field(default=())


def _take_up(request: DeletionRequest, by: "AbstractBaseUser", _said: Said) -> None:
    deletion_requests.triage(request.pk, by=by)
    deletion_requests.ask_for_proof(request.pk, by=by)


def _add_address(request: DeletionRequest, by: "AbstractBaseUser", said: Said) -> None:
    deletion_requests.add_address(request.pk, said["address"], by=by)
    if request.state != State.TRIAGED:
        deletion_requests.ask_for_proof(request.pk, by=by)


def _approve(request: DeletionRequest, by: "AbstractBaseUser", said: Said) -> None:
    deletion_requests.approve(request.pk, by=by, plan_number=said["plan"])


DEEDS = {
    deed.name: deed
    for deed in (
        Deed(
            "take-up",
            "It is a request",
            "It is taken up, and a mail with a link goes to the address it is about. Nothing is shown or erased before "
            "that address has been proven.",
            "Take {number} up and ask for proof",
            "Taken up. The mail that asks for proof goes out within a minute.",
            frozenset({State.RECEIVED}),
            _take_up,
            is_next=True,
            nudges=(send_mails,),
        ),
        Deed(
            "ask-for-proof",
            "Ask for proof",
            "Every address of the request that isn't proven yet gets a mail with a new link, which works for 14 days.",
            "Send the mails that ask for proof",
            "The mails that ask for proof go out within a minute.",
            frozenset({State.TRIAGED, State.IDENTITY_PENDING}),
            lambda request, by, _said: deletion_requests.ask_for_proof(request.pk, by=by),
            is_next=True,
            nudges=(send_mails,),
        ),
        Deed(
            "add-address",
            "Add an address",
            "The same person may have written from another address. It gets a mail of its own that asks for proof, and "
            "leads to no data before it has been proven.",
            "Add it and ask it for proof",
            "Added. It is asked for proof within a minute; if there is a plan, make it anew afterwards.",
            frozenset({State.TRIAGED, State.IDENTITY_PENDING, State.VERIFIED, State.PLANNED}),
            _add_address,
            form=AddressForm,
            nudges=(send_mails,),
        ),
        Deed(
            "plan",
            "Make the plan",
            "The plan lists everything that is kept of the proven addresses, and what becomes of it. Nothing goes yet.",
            "Make the plan",
            "This is the plan. Nothing has been erased yet.",
            frozenset({State.VERIFIED, State.PLANNED}),
            lambda request, by, _said: plans.renew(request.pk, by=by),
            is_next=True,
        ),
        Deed(
            "approve",
            "Approve",
            "{plan}. It begins within a minute, and what is erased can't be brought back. The person is told once a "
            "search has found nothing left.",
            "{plan}",
            "Approved. It is carried out from now on, and the person is told when it has succeeded.",
            frozenset({State.PLANNED}),
            _approve,
            permission=APPROVE,
            form=ApprovalForm,
            is_dangerous=True,
            is_next=True,
            nudges=(carry_out_deletions,),
        ),
        Deed(
            "take-back",
            "Take the approval back",
            "The plan waits for an approval again. It works until the deletion begins, within a minute.",
            "Take the approval back",
            "Taken back. Nothing has been erased.",
            frozenset({State.APPROVED}),
            lambda request, by, _said: deletion_requests.take_back(request.pk, by=by),
            permission=APPROVE,
        ),
        Deed(
            "extend",
            "Extend, with notice",
            "The law allows it once, before the first time ends, where a request is complex: two more months (GDPR "
            "Art. 12(3)), 45 more days in California. The person is told by mail, with your reason.",
            "Extend {number} and tell the person why",
            "Extended. The person is told within a minute.",
            _OPEN,
            lambda request, by, said: deletion_requests.extend(request.pk, by=by, reason=said["reason"]),
            form=ReasonForm,
            nudges=(send_mails,),
        ),
        Deed(
            "refuse",
            "Refuse",
            "The request ends and nothing is erased. The person is told by mail, with your reason, and where to "
            "complain (GDPR Art. 12(4)). What was no request at all ends without a mail.",
            "Refuse {number}, erase nothing",
            "Refused. Nothing has been erased.",
            _BEFORE_EXECUTION,
            lambda request, by, said: deletion_requests.refuse(
                request.pk, by=by, reason=said["reason"], tell_person=said["tell_person"]
            ),
            form=RefusalForm,
            is_dangerous=True,
            nudges=(send_mails,),
        ),
        Deed(
            "withdraw",
            "Withdraw",
            "The person took the request back. It ends, and nothing is erased.",
            "Close {number} as withdrawn",
            "Closed as withdrawn. Nothing has been erased.",
            _BEFORE_EXECUTION | {State.APPROVED},
            lambda request, by, said: deletion_requests.withdraw(request.pk, by=by, detail=said["reason"]),
            form=WithdrawalForm,
        ),
        Deed(
            "duplicate",
            "Mark as duplicate",
            "This request ends; the other one goes on, and its deadline counts.",
            "Close {number} as a duplicate",
            "Closed as a duplicate.",
            _BEFORE_EXECUTION,
            lambda request, by, said: deletion_requests.mark_duplicate(request.pk, of=said["of"], by=by),
            form=DuplicateForm,
        ),
    )
}


def offered(user: Any, request: DeletionRequest) -> list[Deed]:
    """The deeds that this person may do with the request as it is, the next ones first."""
    found = [deed for deed in DEEDS.values() if request.state in deed.states and user.has_perm(deed.permission)]
    fit = [deed for deed in found if _is_possible(deed, user, request)]
    return sorted(fit, key=lambda deed: (not deed.is_next, not (deed.is_next and deed.is_dangerous)))


def _is_possible(deed: Deed, user: Any, request: DeletionRequest) -> bool:
    if deed.name == "extend":
        return request.extended_at is None and request.told_at is None
    if deed.name == "approve":
        plan = latest_plan(request)
        return plan is not None and not plan_words.read(plan.content).refusals and not needs_another(user, request)
    return True


def needs_another(user: Any, request: DeletionRequest) -> bool:
    """Whether somebody else than this person must approve, because they made the plan."""
    return settings.ERASURE_FOUR_EYES and request.planned_by_id == user.pk


def latest_plan(request: DeletionRequest) -> DeletionPlan | None:
    """The plan that stands, or None. A page asks several times; the database is asked once."""
    known = vars(request)
    if "_latest_plan" not in known:
        known["_latest_plan"] = request.plans.order_by("-number").first()
    return known["_latest_plan"]


def address(deed: Deed, request: DeletionRequest) -> str:
    """The page that asks before the deed."""
    return reverse(f"admin:privacy_deletionrequest_{deed.name}", args=[request.pk])


def ask(http: HttpRequest, deed: Deed, request: DeletionRequest, context: dict[str, Any]) -> HttpResponse:
    """The page before a deed, and the deed itself when its form comes back."""
    if not http.user.has_perm(deed.permission):
        raise PermissionDenied("Your role doesn't do this.")
    back = reverse("admin:privacy_deletionrequest_change", args=[request.pk])
    plan = latest_plan(request)
    counts = plan_words.read(plan.content).deeds.capitalize() if plan else ""
    form = deed.form(http.POST if http.method == "POST" else None, initial=_initial(http, plan))
    if form.is_valid():
        _do(http, deed, request, form.cleaned_data)
        return HttpResponseRedirect(back)
    context |= {
        "title": f"{request.number}: {deed.label.lower()}",
        "consequence": deed.consequence.format(plan=counts, number=request.number),
        "button": deed.button.format(plan=counts, number=request.number),
        "is_dangerous": deed.is_dangerous,
        "losses": plan_words.read(plan.content).losses if plan and deed.name == "approve" else (),
        "form": form,
        "back": back,
    }
    return TemplateResponse(http, "admin/privacy/deletionrequest/ask.html", context)


def _initial(http: HttpRequest, plan: DeletionPlan | None) -> dict[str, Any]:
    return {"plan": plan.number if plan else None}


def _do(http: HttpRequest, deed: Deed, request: DeletionRequest, said: Said) -> None:
    try:
        deed.act(request, http.user, said)  # type: ignore[arg-type]  # staff are signed in
    except CannotDo as sentence:
        messages.error(http, str(sentence))
        return
    for task in deed.nudges:
        nudge(task)
    messages.success(http, deed.done)


def finish_step(http: HttpRequest, step: DeletionStep, context: dict[str, Any]) -> HttpResponse:
    """The guide of a step by hand at a provider, and the note that ends it."""
    if not http.user.has_perm(HANDLE):
        raise PermissionDenied("Your role doesn't do this.")
    if step.kind != DeletionStep.Kind.MANUAL:
        raise Http404
    back = reverse("admin:privacy_deletionrequest_change", args=[step.request_id])
    form = NoteForm(http.POST if http.method == "POST" else None)
    if form.is_valid():
        try:
            providers.finish_by_hand(step.pk, by=http.user, note=form.cleaned_data["note"])  # type: ignore[arg-type]
        except CannotDo as sentence:
            messages.error(http, str(sentence))
        else:
            nudge(send_mails)
            messages.success(http, "Noted. The person is told that this is done, where they can still be told.")
        return HttpResponseRedirect(back)
    title = providers.of_step(step).title
    context |= {
        "title": f"{step.request.number}: erase at {title}",
        "consequence": f"Do this at {title}, then say that it is done. The person was told that this step was open.",
        "guide": providers.guide(step),
        "button": f"It is erased at {title}",
        "form": form,
        "back": back,
    }
    return TemplateResponse(http, "admin/privacy/deletionrequest/ask.html", context)
