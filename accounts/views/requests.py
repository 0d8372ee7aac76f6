"""Making a request: from an order's page, the account, or the form without login. A withdrawal takes two steps."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import cases
from accounts.cases import deadlines, links, order_panel, parts, withdrawals
from accounts.cases.parts import Choice
from accounts.forms import OrderRequestForm, OrderWithdrawalForm, RequestForm, WithdrawalForm
from accounts.models import Case, CaseParty, User
from accounts.views.signed_in import SignedInRequest, signed_in
from privacy import clock, rate_limits
from shop import location, orders, words
from shop.models import Order

Kind = Case.Kind
form_page = require_http_methods(["GET", "HEAD", "POST"])
#: From one connection in ten minutes, and about one address in a day.
MOST_OF_CONNECTION, MOST_OF_ADDRESS = 10, 5
TOO_MANY = "Many requests came from your connection. Please wait ten minutes and try again."
ROWS = 20


@never_cache
@form_page
def ask(request: HttpRequest) -> HttpResponse:
    """A refund request, a complaint or a question by whoever comes; it waits until the address confirms it."""
    form = RequestForm(request.POST or None)
    if form.is_valid() and _has_asked(request, form, form.cleaned_data["kind"]):
        return _private(render(request, "accounts/request_sent.html", {"email": form.cleaned_data["email"]}))
    return _form(request, "accounts/request_form.html", {"form": form})


@never_cache
@form_page
def withdraw(request: HttpRequest) -> HttpResponse:
    """A withdrawal by whoever comes: what was typed is shown once more, and then confirmed."""
    form = WithdrawalForm(request.POST or None)
    if form.is_valid() and "confirm" not in request.POST and "change" not in request.POST:
        said = form.cleaned_data
        return _review(request, form, said["stated_order"], said["email"], part=said["text"].splitlines())
    if form.is_valid() and "confirm" in request.POST and _has_asked(request, form, Kind.WITHDRAWAL):
        context = {"email": form.cleaned_data["email"], "at": clock.now(), "is_withdrawal": True}
        return _private(render(request, "accounts/request_sent.html", context))
    return _form(request, "accounts/withdraw.html", {"form": form})


def _has_asked(request: HttpRequest, form: forms.Form, kind: str) -> bool:
    """Takes the request; False, with a sentence in the form, where too many come. Too many about one address are
    answered as if they had been taken, so that nobody learns what others asked."""
    said = {"text": "", **form.cleaned_data, "kind": kind}
    if not rate_limits.allow("request", location.client_ip(request.META), most=MOST_OF_CONNECTION, seconds=600):
        form.add_error(None, TOO_MANY)
        return False
    if rate_limits.allow("request", said["email"], most=MOST_OF_ADDRESS, seconds=86_400):
        cases.ask(cases.Request(**said))
    return True


@never_cache
@form_page
def of_order(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """A request about the order of a link. Who got the link with keys for somebody else confirms it by the buyer's
    address."""
    order = orders.find_by_token(token)
    if order is None:
        raise Http404
    return _about(request, order, kind, channel=Case.Channel.ORDER)


@form_page
@signed_in
def of_own_order(request: SignedInRequest, number: str, kind: str) -> HttpResponse:
    """A request about an order of the signed-in account."""
    order = orders.find_by_number(request.user, number)
    if order is None:
        raise Http404
    return _about(request, order, kind, channel=Case.Channel.ACCOUNT, user=request.user)


@require_safe
@signed_in
def own_list(request: SignedInRequest) -> HttpResponse:
    """All requests of the account, the newest first."""
    theirs = CaseParty.objects.filter(user=request.user, restricted_at__isnull=True).select_related("case")
    page = Paginator(theirs.order_by("-case_id"), ROWS).get_page(request.GET.get("page"))
    rows = [order_panel.row(party) for party in page]
    return render(request, "accounts/requests.html", {"requests": rows, "page": page})


def _about(request: HttpRequest, order: Order, kind: str, *, channel: str, user: User | None = None) -> HttpResponse:
    party = orders.party_of(order)
    if party is None or party.restricted_at is not None or order.paid_at is None:
        raise Http404
    first, left = _earlier(order, kind)
    if first is not None:
        since = f"We have this since {words.day(first.case.received_at.date())}."
        if order_panel.is_shared(request, order):
            messages.info(request, f"{since} The buyer has the link to it by mail.")
            return redirect(orders.path(order))
        messages.info(request, f"{since} Here it stands.")
        return redirect(links.path(first))
    is_withdrawal = kind == Kind.WITHDRAWAL
    form = _form_of(request, order, party.name, left) if is_withdrawal else _request_form(request)
    context = {"form": form, "order": order, "email": party.email, "kind": kind, **_notes(order, kind, left)}
    if form.is_valid() and not context["nothing_left"] and "change" not in request.POST:
        said = {"name": party.name, **form.cleaned_data}
        if is_withdrawal:
            said["part_words"] = parts.in_words(order, said["part"])
        if is_withdrawal and "confirm" not in request.POST:
            return _review(request, form, order.number, party.email, part=said["part_words"])
        files = said.pop("uploads", ())
        wish = cases.Request(kind=kind, email=party.email, stated_order=order.number, files=files, **said)
        if channel == Case.Channel.ORDER and party.delivery_email:
            cases.ask(wish)
            at = {"at": clock.now(), "is_withdrawal": is_withdrawal}
            return _private(render(request, "accounts/request_sent.html", {"email": party.email, **at}))
        made = cases.receive(wish, order, channel=channel, user=user)
        messages.success(request, _taken(made))
        return redirect(links.path(made.party))
    return _form(request, "accounts/order_request.html", context)


def _form_of(request: HttpRequest, order: Order, name: str, left: Sequence[Choice]) -> OrderWithdrawalForm:
    last = parts.made(order).last()
    known = last.pk if last else 0
    return OrderWithdrawalForm(request.POST or None, initial={"name": name}, choices=left, known=known)


def _request_form(request: HttpRequest) -> OrderRequestForm:
    return OrderRequestForm(request.POST or None, request.FILES or None)


def _earlier(order: Order, kind: str) -> tuple[CaseParty | None, list[Choice]]:
    """The case in which the same was said before, whose page is the answer; of a withdrawal also the lines of which
    something is left."""
    said = CaseParty.objects.filter(case__order=order, case__kind=kind).select_related("case").order_by("-case_id")
    if kind == Kind.WITHDRAWAL:
        left = parts.choices(order)
        return (None if left else said.filter(case__in=parts.made(order)).first()), left
    open_ones = said.exclude(case__state=Case.State.UNPROVEN).filter(case__closed_at__isnull=True)
    return (open_ones.first() if kind == Kind.REFUND else None), []


def _notes(order: Order, kind: str, left: Sequence[Choice]) -> dict[str, Any]:
    """What the reader should know before: that the time is over, that the law has no such right, that all went back."""
    day = deadlines.last_day(order)
    is_late = kind == Kind.WITHDRAWAL and not deadlines.may_withdraw(order, at=clock.now())
    is_gone = kind == Kind.REFUND and not withdrawals.units_left(order)
    return {
        "last_day": words.day(day) if day else "",
        "is_late": is_late,
        "nothing_left": is_gone or (kind == Kind.WITHDRAWAL and not left),
    }


def _taken(case: Case) -> str:
    at = f"{words.day(case.received_at.date())}, {case.received_at:%H:%M} UTC"
    return f"We received it on {at}. The confirmation goes to you by mail within a minute."


def _review(
    request: HttpRequest, form: forms.Form, number: str, email: str, *, part: Sequence[str] = ()
) -> HttpResponse:
    """The second step: the statement as it will be sent, and the button that sends it."""
    for field in form.fields.values():
        field.widget = forms.HiddenInput()
    context = {"form": form, "name": form.cleaned_data["name"], "number": number, "email": email, "part": part}
    return _private(render(request, "accounts/withdrawal_review.html", context))


def _form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return _private(render(request, template, context, status=422 if context["form"].errors else 200))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
