"""What staff may do with orders: each verb asks first, on a page that names the consequence, and then acts."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from privacy import mails
from privacy.models import OutgoingMail
from privacy.tasks import nudge, send_mails
from privacy.transitions import IllegalTransition
from shop import orders, tasks, vat_checks
from shop.models import Order, OrderEvent

MOST_AT_ONCE = 100
State = Order.State


class Restricted(Exception):
    """Nothing is mailed to the person of this order, who asked for deletion. The text is a sentence for staff."""


class VerbForm(forms.Form):
    """The page before a verb. `token` makes a second sending of the same page recognizable."""

    token = forms.UUIDField(widget=forms.HiddenInput)


class ReasonForm(VerbForm):
    """The same for verbs whose story needs a reason."""

    reason = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget(attrs={"class": "max-w-2xl"}),
        help_text="Kept with the order. Name no person.",
        error_messages={"required": "Say why, in a few words."},
    )


Act = Callable[[int, Any, dict[str, Any]], bool]


@dataclass(frozen=True)
class Verb:
    """A deed on orders. `act` takes order id, person and the form's values; False means that it was done already."""

    name: str
    label: str
    consequence: str
    button: str
    done: str
    refusal: str
    states: frozenset[str]
    act: Act
    form: type[VerbForm] = VerbForm
    is_dangerous: bool = False
    #: Whether there is something to do, of an order in one of `states`.
    fits: Callable[[Order], bool] = lambda order: True

    @property
    def permission(self) -> str:
        return f"shop.{self.name}_order"


def resend(order_id: int, *, by: Any, occasion: str) -> bool:
    """Queues the confirmation of a paid order anew, and its keys where they go to another address.

    One occasion gives one mail of each kind. Raises IllegalTransition for an order that isn't paid, and Restricted.
    """
    with transaction.atomic():
        order = orders.lock(order_id)
        if order.state != State.PAID:
            raise IllegalTransition(order, State.PAID)
        if OutgoingMail.objects.filter(object_id=order.pk, dedup_key__endswith=f":{occasion}").exists():
            return False
        party = getattr(order, "party", None)
        if party is not None and party.restricted_at is not None:
            raise Restricted(f"Order {order.number}: its buyer asked for deletion, so its mails aren't sent again.")
        mails.queue("order_confirmation", order.pk, occasion=occasion)
        if party is not None and party.delivery_email:
            mails.queue("license_keys", order.pk, occasion=occasion)
        orders.record(order, OrderEvent.Kind.MAIL_SENT, by=by, detail="sent again")
        nudge(send_mails)
    return True


def ask_vies(order_id: int, *, by: Any) -> bool:
    """Has VIES asked again, at once. Raises IllegalTransition for an order that isn't paid: its tax can't go back."""
    with transaction.atomic():
        order = orders.lock(order_id)
        if order.state != State.PAID:
            raise IllegalTransition(order, State.PAID)
        asked = vat_checks.ask_anew(order_id, by=by)
        if asked:
            nudge(tasks.ask_vies)
    return asked


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "resend",
            "Send the mails again",
            "The confirmation goes to the buyer again, and the keys to the address they are delivered to. "
            "Keys that are sealed stay sealed.",
            "Send the mails of {}",
            "The mails will be sent within a minute: {}.",
            "Order {number} ({state}): its mails can be sent again once it is paid.",
            frozenset({State.PAID}),
            lambda order, by, said: resend(order, by=by, occasion=f"again-{said['token']}"),
        ),
        Verb(
            "ask_vies",
            "Ask VIES again",
            "The European Commission's register is asked about the buyer's VAT number at once, and again for 30 days. "
            "Confirmed, the tax goes back by itself; not confirmed, a mail says so.",
            "Ask about {}",
            "VIES is asked, and the order's page says what it answers: {}.",
            "Order {number} ({state}): VIES is asked about paid orders.",
            frozenset({State.PAID}),
            lambda order, by, said: ask_vies(order, by=by),
            fits=vat_checks.can_be_asked,
        ),
        Verb(
            "hold",
            "Put on hold",
            "A payment that arrives meanwhile moves nothing and no further keys are given out, until a person releases "
            "or cancels the order. Keys that were delivered keep working.",
            "Put {} on hold",
            "Put on hold: {}.",
            "Order {number} ({state}) can't be put on hold.",
            frozenset({State.PENDING_PAYMENT, State.PAID}),
            lambda order, by, said: orders.hold(order, by=by, reason=said["reason"]),
            ReasonForm,
        ),
        Verb(
            "release",
            "Release",
            "Where the money was captured, the order is paid and its keys go out by mail. Where it wasn't, the order "
            "is cancelled. Neither can be undone.",
            "Release {}",
            "Released: {}.",
            "Order {number} ({state}) can't be released. Only an order on hold can.",
            frozenset({State.ON_HOLD}),
            lambda order, by, said: orders.release(order, by=by),
        ),
        Verb(
            "cancel",
            "Cancel",
            "Everything that was paid is given back to the buyer, keys stop working, and the buyer is told by mail. "
            "This can't be undone.",
            "Cancel {} and give the money back",
            "Cancelled: {}.",
            "Order {number} ({state}) can't be cancelled. Put a paid order on hold first.",
            frozenset({State.PENDING_PAYMENT, State.ON_HOLD}),
            lambda order, by, said: orders.cancel(order, by=by, reason=said["reason"]),
            ReasonForm,
            is_dangerous=True,
        ),
    )
}


def offered(user: Any, order: Order | None = None) -> list[Verb]:
    """The verbs that this person may use: on any order, or on this one in its state."""
    return [
        verb
        for verb in VERBS.values()
        if user.has_perm(verb.permission) and (order is None or (order.state in verb.states and verb.fits(order)))
    ]


def address(verb: Verb, ids: Sequence[int]) -> str:
    """The page that asks before `verb` acts on these orders."""
    return f"{reverse('admin:shop_order_verb', args=[verb.name])}?{urlencode({'order': ids}, doseq=True)}"


def ask(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """The page before a verb, and the deed itself when its form comes back."""
    verb = VERBS.get(name)
    if verb is None:
        raise Http404
    if not request.user.has_perm(verb.permission):
        raise PermissionDenied("Your role doesn't do this.")
    chosen = _chosen(request)
    if not chosen:
        messages.warning(request, f"Choose at least one order, and at most {MOST_AT_ONCE}.")
        return HttpResponseRedirect(reverse("admin:shop_order_changelist"))
    form = verb.form(request.POST if request.method == "POST" else None, initial={"token": uuid.uuid4()})
    if form.is_valid():
        _act(request, verb, chosen, form.cleaned_data)
        return HttpResponseRedirect(_afterwards(chosen))
    what = f"order {chosen[0].number}" if len(chosen) == 1 else f"{len(chosen)} orders"
    context |= {"title": verb.label, "verb": verb, "orders": chosen, "form": form, "button": verb.button.format(what)}
    context["back"] = _afterwards(chosen)
    return TemplateResponse(request, "admin/shop/order/verb.html", context)


def _chosen(request: HttpRequest) -> QuerySet[Order]:
    """The orders that the address names; none where it names too many or something that is no id."""
    ids = request.GET.getlist("order")
    if len(ids) > MOST_AT_ONCE or not all(one.isascii() and one.isdigit() and len(one) < 19 for one in ids):
        return Order.objects.none()
    return Order.objects.filter(pk__in=ids)


def _afterwards(chosen: Sequence[Order] | QuerySet[Order]) -> str:
    if len(chosen) == 1:
        return reverse("admin:shop_order_change", args=[chosen[0].pk])
    return reverse("admin:shop_order_changelist")


def _act(request: HttpRequest, verb: Verb, chosen: QuerySet[Order], said: dict[str, Any]) -> None:
    done: list[str] = []
    before: list[str] = []
    for order in chosen:
        try:
            (done if verb.act(order.pk, request.user, said) else before).append(order.number)
        except Restricted as refused:
            messages.error(request, str(refused))
        except IllegalTransition as refused:
            row = refused.row
            state = row.get_state_display() if isinstance(row, Order) else order.get_state_display()
            messages.error(request, verb.refusal.format(number=order.number, state=state))
    if done:
        messages.success(request, verb.done.format(", ".join(done)))
    if before:
        messages.info(request, f"Nothing to do, it was done before: {', '.join(before)}.")
