"""Fraud reviews on the desk: a queue of orders that wait, one page with the signs and both decisions, and the rules."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import User
from payments import figures, fraud_desk
from payments.admin.desk import needs_a_look, order_link
from payments.fraud import passes
from payments.models import FraudAssessment, FraudRules
from payments.tasks import submit_refunds
from privacy import clock
from privacy.admin import Desk, ReadOnly
from privacy.badges import badge
from privacy.tasks import nudge, send_mails
from privacy.transitions import IllegalTransition
from shop import order_desk, orders
from shop.models import Order
from shop.order_desk import Section, moment
from shop.templatetags.parts import money

CANCELLED = "Cancelled after the fraud review."


def _release(order_id: int, by: Any) -> bool:
    return orders.release(order_id, by=by)


def _cancel(order_id: int, by: Any) -> bool:
    return orders.cancel(order_id, by=by, reason=CANCELLED)


#: What a person may decide: the permission, the deed, and what is said afterwards.
DECISIONS: dict[str, tuple[str, Callable[[int, Any], bool], str]] = {
    "release": ("shop.release_order", _release, "Released: the keys of order {} go out."),
    "cancel": ("shop.cancel_order", _cancel, "Cancelled: the money of order {} goes back."),
}


class LetInForm(forms.Form):
    """Why a person decides otherwise than the system did. It goes on record, and into a copy of the buyer's data."""

    reason = forms.CharField(
        label="Why it may be placed after all",
        max_length=200,
        help_text="The buyer doesn’t get this sentence by mail, but it is in a copy of their data.",
        widget=UnfoldAdminTextInputWidget(attrs={"class": "max-w-2xl"}),
    )


@admin.register(FraudAssessment)
class FraudAssessmentAdmin(ReadOnly, Desk):
    """Why orders were held, refused, or let through. Those that wait have buttons; refusals can be overruled."""

    list_display = ("order_link", "verdict_badge", "score", "total", "made_at", "settled_at")
    list_filter = (needs_a_look(figures.fraud_holds), "verdict", ("made_at", admin.DateFieldListFilter))
    list_select_related = ("order", "order__party")
    list_display_links = ("verdict_badge",)
    search_fields = ("order__number",)
    search_help_text = "Order number"
    ordering = ("-id",)
    fields = ("verdict",)
    change_form_template = "admin/payments/fraudassessment/change_form.html"

    @display(description="Order")
    def order_link(self, assessment: FraudAssessment) -> str:
        return order_link(assessment.order)

    @display(description="Total", ordering="order__total")
    def total(self, assessment: FraudAssessment) -> str:
        return money(assessment.order.total, assessment.order.currency)

    @display(description="Review", ordering="verdict")
    def verdict_badge(self, assessment: FraudAssessment) -> str:
        """A hold that a person has ended is no longer one that waits."""
        if assessment.verdict == FraudAssessment.Verdict.HOLD and assessment.settled_at:
            return badge("closed", "decided")
        if assessment.let_in_at:
            return badge("closed", "refused, then let in")
        names = {"pass": "made", "hold": "on_hold", "refuse": "failed"}
        return badge(names[assessment.verdict], assessment.get_verdict_display())

    def get_urls(self) -> list[URLPattern]:
        return [
            *(
                path(
                    f"<int:object_id>/{decision}/",
                    self.admin_site.admin_view(partial(self.decide_view, decision=decision)),
                    name=f"payments_fraudassessment_{decision}",
                )
                for decision in DECISIONS
            ),
            path(
                "<int:object_id>/let-in/",
                self.admin_site.admin_view(self.let_in_view),
                name="payments_fraudassessment_let-in",
            ),
            *super().get_urls(),
        ]

    def let_in_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Overrules a refusal: the buyer may order the same again."""
        if not (request.user.has_perm(fraud_desk.VIEW) and request.user.has_perm("shop.release_order")):
            raise PermissionDenied("Your role doesn't decide this.")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        assessment = self.get_queryset(request).select_related("order").filter(pk=object_id).first()
        if assessment is None:
            raise Http404
        form, number = LetInForm(request.POST), assessment.order.number
        try:
            if not form.is_valid():
                messages.error(request, "Say in a sentence why this order may be placed after all.")
            elif passes.let_in(object_id, by=cast(User, request.user), reason=form.cleaned_data["reason"]):
                nudge(send_mails)
                messages.success(request, f"Let in: the buyer of order {number} is told by mail how to order it again.")
            else:
                messages.info(request, f"Nothing to do: order {number} was let in before.")
        except passes.Ownerless as problem:
            messages.error(request, str(problem))
        except IllegalTransition:
            messages.error(request, f"Order {number} isn't a refused one any more.")
        return HttpResponseRedirect(reverse("admin:payments_fraudassessment_change", args=[object_id]))

    def decide_view(self, request: HttpRequest, object_id: int, *, decision: str) -> HttpResponse:
        """Carries one button out, and leads to the next order that waits."""
        permission, act, said = DECISIONS[decision]
        if not (request.user.has_perm(fraud_desk.VIEW) and request.user.has_perm(permission)):
            raise PermissionDenied("Your role doesn't decide this.")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        assessment = self.get_queryset(request).select_related("order").filter(pk=object_id).first()
        if assessment is None:
            raise Http404
        number = assessment.order.number
        try:
            if act(assessment.order_id, request.user):
                nudge(submit_refunds if decision == "cancel" else send_mails)
                messages.success(request, said.format(number))
            else:
                messages.info(request, f"Nothing to do: order {number} was decided before.")
        except IllegalTransition:
            messages.error(request, f"Order {number} doesn't wait any more.")
        return HttpResponseRedirect(_next())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The signs of one order, and the two buttons while it waits."""
        assessment = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context = {} if assessment is None else self._page(request, assessment)
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def _page(self, request: HttpRequest, assessment: FraudAssessment) -> dict[str, Any]:
        order = assessment.order
        waits = assessment.settled_at is None and order.state == Order.State.ON_HOLD
        return {
            "title": f"Fraud review of order {order.number}",
            "subtitle": None,
            "facts": [
                ("Review", self.verdict_badge(assessment)),
                ("Order", order_link(order)),
                ("State of the order", badge(order.state, order.get_state_display())),
                ("Total", self.total(assessment)),
                ("By the rules", str(assessment.rules or "of the code, as no others are written")),
                ("Made", moment(assessment.made_at)),
                ("Decided", moment(assessment.settled_at)),
                *_story_of(assessment),
            ],
            "let_in": self._let_in(request, assessment),
            "section": Section("Signs", fraud_desk.HEADERS, fraud_desk.signs(assessment)),
            "assessment": assessment,
            "decisions": [name for name, (needed, *_) in DECISIONS.items() if waits and request.user.has_perm(needed)],
            "total": self.total(assessment),
        }

    def _let_in(self, request: HttpRequest, assessment: FraudAssessment) -> LetInForm | None:
        """What overrules a refusal, where that may still be done."""
        if assessment.verdict != FraudAssessment.Verdict.REFUSE or assessment.let_in_at:
            return None
        is_there = assessment.order.state == Order.State.CANCELLED and orders.party_of(assessment.order) is not None
        return LetInForm() if is_there and request.user.has_perm("shop.release_order") else None


def _story_of(assessment: FraudAssessment) -> list[tuple[str, object]]:
    """Who overruled a refusal, and what the buyer made of it; and of an order that came by that way, where from."""
    earlier = FraudAssessment.objects.filter(let_in_order=assessment.order).select_related("order").first()
    facts: list[tuple[str, object]] = [("Let in after the refusal of", order_link(earlier.order))] if earlier else []
    if assessment.let_in_at is None:
        return facts
    again = assessment.let_in_order
    return [
        *facts,
        ("Let in by", f"{assessment.let_in_by or 'somebody who left'}: {assessment.let_in_reason}"),
        ("Ordered again", order_link(again) if again else f"not yet; until {moment(assessment.let_in_until)}"),
    ]


def _next() -> str:
    """The oldest order that waits, else the list."""
    waiting = figures.fraud_holds().order_by("id").values_list("pk", flat=True).first()
    if waiting is None:
        return reverse("admin:payments_fraudassessment_changelist")
    return reverse("admin:payments_fraudassessment_change", args=[waiting])


class HeldByReview(admin.SimpleListFilter):
    """Orders by what their fraud review said, in the list of orders."""

    title, parameter_name = "fraud review", "fraud"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        if not request.user.has_perm(fraud_desk.VIEW):
            return []
        return [("held", "waits for a person"), *FraudAssessment.Verdict.choices[::2]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        if self.value() is None or not request.user.has_perm(fraud_desk.VIEW):
            return queryset
        if self.value() == "held":
            return queryset.filter(fraud_assessment__in=figures.fraud_holds())
        return queryset.filter(fraud_assessment__verdict=self.value())


order_desk.narrow(HeldByReview)


class FraudRulesForm(forms.ModelForm):
    class Meta:
        model = FraudRules
        exclude: tuple[str, ...] = ()

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise forms.ValidationError("Begin today at the earliest: earlier orders were judged by other rules.")
        return day


LIMITS = ("address_limit", "card_limit", "network_limit", "amount_limit")


@admin.register(FraudRules)
class FraudRulesAdmin(Desk):
    """Rows that follow each other by their first day. One that has begun stays as it is: the next one follows it."""

    form = FraudRulesForm
    list_display = ("valid_from", "hold_from", "refuse_from", "amount_limit")
    fieldsets = (
        (None, {"fields": ("valid_from", "hold_from", "refuse_from")}),
        (
            "Points",
            {
                "fields": tuple(
                    field.name
                    for field in FraudRules._meta.concrete_fields
                    if field.name not in {"id", "valid_from", "hold_from", "refuse_from", *LIMITS}
                ),
                "description": "0 switches a sign off.",
            },
        ),
        ("Limits", {"fields": LIMITS, "description": "More orders than this within 24 hours are many."}),
    )

    def has_change_permission(self, request: HttpRequest, obj: FraudRules | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.has_begun)

    def has_delete_permission(self, request: HttpRequest, obj: FraudRules | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.has_begun)
