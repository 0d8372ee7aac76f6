"""What staff do with a case: each deed has a page of its own, whose button names what follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import cases
from accounts.cases import actions, canned
from accounts.forms.desk import AnswerForm, AssignForm, CaseNoteForm, EndForm, GiveBackForm
from accounts.models import CannedAnswer, Case
from privacy.tasks import nudge, send_mails

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

State = Case.State
HANDLE = "accounts.handle_case"
Said = Mapping[str, Any]
_ANSWERABLE = frozenset({State.RECEIVED, State.WAITING, State.REFUNDING})


@dataclass(frozen=True)
class Deed:
    """One thing to do with a case. `button` may name {number}."""

    name: str
    label: str
    consequence: str
    button: str
    done: str
    states: frozenset[Case.State]
    act: "Callable[[Case, AbstractBaseUser, Said], object]"
    form: type[forms.Form] = forms.Form
    moves_money: bool = False
    is_next: bool = False
    key: str = ""

    @property
    def permission(self) -> str:
        """Who may: whoever handles cases, and for money whoever gives money back."""
        return actions.refunds().permission if self.moves_money else HANDLE


DEEDS = {
    deed.name: deed
    for deed in (
        Deed(
            "answer",
            "Answer",
            "The customer gets your answer by mail within a minute, and can answer it.",
            "Send the answer",
            "The answer goes out within a minute.",
            _ANSWERABLE,
            lambda case, by, said: cases.answer(
                case.pk, said["text"], by=by, outcome=said["outcome"], seen=said["seen"]
            ),
            form=AnswerForm,
            is_next=True,
            key="a",
        ),
        Deed(
            "refund",
            "Give money back",
            "The price of what you choose goes back the way it was paid. Sealed keys go back to stock, opened ones "
            "stop working. The customer is told now, and when the money has left; the case closes by that.",
            "Give this back",
            "It goes back. The customer is told within a minute.",
            _ANSWERABLE,
            lambda case, by, said: cases.refund(case.pk, said["lines"], by=by),
            form=GiveBackForm,
            moves_money=True,
            is_next=True,
        ),
        Deed(
            "take",
            "Take it",
            "Colleagues see that you go on with it.",
            "I go on with {number}",
            "It is yours.",
            frozenset(State) - {State.CLOSED},
            lambda case, by, _said: cases.assign(case.pk, to=by, by=by),
        ),
        Deed(
            "assign",
            "Assign",
            "Colleagues see who goes on with it.",
            "Assign {number}",
            "Assigned.",
            frozenset(State) - {State.CLOSED},
            lambda case, by, said: cases.assign(case.pk, to=said["to"], by=by),
            form=AssignForm,
        ),
        Deed(
            "note",
            "Write a note",
            "Colleagues see it on this page.",
            "Keep the note",
            "The note is kept.",
            frozenset(State),
            lambda case, by, said: cases.note(case.pk, said["text"], by=by),
            form=CaseNoteForm,
            key="n",
        ),
        Deed(
            "close",
            "Close without an answer",
            "The customer is told by mail that it is closed, and can open it again by an answer within 30 days.",
            "Close {number}",
            "Closed.",
            frozenset({State.UNPROVEN, State.RECEIVED, State.WAITING}),
            lambda case, by, said: cases.close(case.pk, by=by, outcome=said["outcome"]),
            form=EndForm,
        ),
        Deed(
            "reopen",
            "Open again",
            "It waits for us again.",
            "Open {number} again",
            "Open again.",
            frozenset({State.CLOSED}),
            lambda case, by, _said: cases.reopen_by(case.pk, by=by),
        ),
    )
}


def offered(user: Any, case: Case) -> list[Deed]:
    """The deeds that this person may do with the case as it is, the next ones first."""
    fit = [deed for deed in DEEDS.values() if case.state in deed.states and user.has_perm(deed.permission)]
    fit = [deed for deed in fit if user.has_perm(HANDLE) and not (deed.moves_money and case.order_id is None)]
    if case.assigned_to_id == user.pk:
        fit = [deed for deed in fit if deed.name != "take"]
    return sorted(fit, key=lambda deed: not deed.is_next)


def address(deed: Deed, case: Case) -> str:
    """The page that asks before the deed."""
    return reverse(f"admin:accounts_case_{deed.name}", args=[case.pk])


def ask(http: HttpRequest, deed: Deed, case: Case, context: dict[str, Any]) -> HttpResponse:
    """The page before a deed, and the deed itself when its form comes back."""
    if not http.user.has_perm(deed.permission):
        raise PermissionDenied("Your role doesn't do this.")
    back = reverse("admin:accounts_case_change", args=[case.pk])
    form = _form(http, deed, case)
    if form.is_valid():
        try:
            deed.act(case, http.user, form.cleaned_data)  # type: ignore[arg-type]  # staff are signed in
        except cases.Overtaken as sentence:
            form = _overtaken(http, deed, case, str(sentence))
        except cases.CannotDo as sentence:
            messages.error(http, str(sentence))
            return HttpResponseRedirect(back)
        else:
            nudge(send_mails)
            messages.success(http, deed.done)
            return HttpResponseRedirect(back)
    context |= {
        "title": f"{case.number}: {deed.label.lower()}",
        "consequence": deed.consequence,
        "button": deed.button.format(number=case.number),
        "is_dangerous": deed.moves_money,
        "form": form,
        "back": back,
        "canned": list(CannedAnswer.objects.only("title")) if deed.name == "answer" else (),
    }
    return TemplateResponse(http, "admin/accounts/case/ask.html", context)


def _overtaken(http: HttpRequest, deed: Deed, case: Case, sentence: str) -> forms.Form:
    """What was typed, with the reason why it wasn't sent; sent once more it goes out."""
    typed = http.POST.copy()
    typed["seen"] = str(cases.last_said(case))
    form = deed.form(typed)
    form.add_error(None, sentence)
    return form


def _form(http: HttpRequest, deed: Deed, case: Case) -> forms.Form:
    options: dict[str, Any] = {}
    if deed.moves_money and case.order is not None:
        offers = actions.refunds().offers(case.order)
        options["offers"] = [(offer.line_id, f"{offer.words}: {offer.amount}") for offer in offers]
    if http.method == "POST":
        return deed.form(http.POST, **options)
    chosen = http.GET.get("canned", "")
    found = CannedAnswer.objects.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    party = getattr(case, "party", None)
    initial: dict[str, Any] = {"text": canned.filled(found.text, case, party)} if found and party else {}
    initial |= {"to": case.assigned_to_id, "seen": cases.last_said(case) if deed.name == "answer" else None}
    return deed.form(initial=initial, **options)
