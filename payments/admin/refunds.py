"""Money given back, on the desk."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from accounts.models import User
from payments import bank_transfers, figures, providers, refunds
from payments.admin import refund_requests
from payments.admin.desk import MoneyDesk, needs_a_look, order_link
from payments.forms import name_of
from payments.models import Refund
from payments.tasks import submit_refunds
from privacy.tasks import nudge, send_mails
from shop import words
from shop.templatetags.parts import money

MOST_UNITS = 20
REPEAT, RECORD = "payments.repeat_refund", "payments.record_refund"
AGAIN = (
    "The provider refused this refund, or the money came back. A new one is sent to the payment that the buyer made, "
    "for the same units: keys that the buyer still has stop working. Where it fails again, give the money back on "
    "another way."
)
SENT = (
    "Say so once the money has left the bank. The units' keys end, and the buyer is told by mail. It can't be undone."
)


@admin.register(Refund)
class RefundAdmin(MoneyDesk):
    """Money given back."""

    list_display = (
        "__str__",
        "order_link",
        "state_badge",
        "money",
        "kind",
        "requested_at",
        "finished_at",
        "problem",
        "again",
    )
    list_filter = (needs_a_look(figures.failed_refunds), "state", "kind")
    list_select_related = ("attempt__order", "repetition")
    search_fields = ("attempt__order__number",)
    search_help_text = "Order number"
    ordering = ("-id",)
    fields = (
        *("order_link", "state", "money", "kind", "units", "reason", "requested_by"),
        *("requested_at", "finished_at", "next_try_at", "tries", "problem", "again"),
    )
    readonly_fields = ("order_link", "money", "units", "again")

    @display(description="Order")
    def order_link(self, refund: Refund) -> str:
        return order_link(refund.attempt.order)

    @display(description="Amount", ordering="amount")
    def money(self, row: Refund) -> str:
        return money(row.amount, row.attempt.currency)

    @display(description="Units")
    def units(self, refund: Refund) -> str:
        """What it is for: the first twenty of many."""
        rows = refund.refund_units.select_related("unit__line").order_by("unit__line_id", "unit__position")
        named = [
            f"{name_of(row.unit)}{f', {words.seats(row.seats)}' if row.seats else ''}" for row in rows[:MOST_UNITS]
        ]
        more = rows.count() - len(named)
        return "; ".join([*named, *([f"and {more} more"] if more else [])]) or "–"

    @display(description="What to do")
    def again(self, refund: Refund) -> str:
        if refund.state == Refund.State.SUBMITTED and providers.is_by_hand(refund.attempt.provider):
            return format_html(
                '<a href="{}" class="desk-link">The money was sent</a>',
                reverse("admin:payments_refund_sent", args=[refund.pk]),
            )
        if not refund.can_be_repeated:
            return "–"
        address = reverse("admin:payments_refund_again", args=[refund.pk])
        return format_html('<a href="{}" class="desk-link">Give the money back again</a>', address)

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        return _allowed(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Refund | None = None) -> Sequence[Any]:
        return _allowed(request, super().get_fields(request, obj))

    def _row(self, refund: Refund) -> tuple[str, str]:
        attempt = refund.attempt
        return f"{refund} of order {attempt.order.number}, {attempt.provider}", self.money(refund)

    def get_urls(self) -> list[URLPattern]:
        views = (self.again_view, self.sent_view, self.request_view)
        again, sent, request = (self.admin_site.admin_view(view) for view in views)
        return [
            path("<int:refund_id>/again/", again, name="payments_refund_again"),
            path("request/<int:order_id>/", request, name="payments_refund_request"),
            path("<int:refund_id>/sent/", sent, name="payments_refund_sent"),
            *super().get_urls(),
        ]

    def request_view(self, request: HttpRequest, order_id: int) -> HttpResponse:
        """Gives money of an order back, in full, by lines, by units, by amount, or its tax."""
        return refund_requests.ask(request, order_id, self.admin_site)

    def sent_view(self, request: HttpRequest, refund_id: int) -> HttpResponse:
        """Records that the money of a refund was sent by hand."""
        if not request.user.has_perm(RECORD):
            raise PermissionDenied("Your role doesn't record refunds.")
        refund = Refund.objects.select_related("attempt__order").filter(pk=refund_id, state="submitted").first()
        if refund is None or not providers.is_by_hand(refund.attempt.provider):
            raise Http404
        back = reverse("admin:payments_refund_change", args=[refund.pk])
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {
                "opts": self.opts,
                "back": back,
                "title": "The money was sent back",
                "consequence": SENT,
                "rows": [self._row(refund)],
                "button": f"{self.money(refund)} were sent",
            }
            return TemplateResponse(request, "admin/payments/ask.html", context)
        bank_transfers.record_return(refund.pk, by=cast(User, request.user))
        nudge(send_mails)
        self.message_user(
            request, f"Recorded. The buyer of order {refund.attempt.order.number} is told.", messages.SUCCESS
        )
        return HttpResponseRedirect(back)

    def again_view(self, request: HttpRequest, refund_id: int) -> HttpResponse:
        """Asks before the money of a failed refund is given back again, and does it when the form comes back."""
        if not request.user.has_perm(REPEAT):
            raise PermissionDenied("Your role doesn't give money back.")
        refund = Refund.objects.select_related("attempt__order").filter(pk=refund_id, state="failed").first()
        if refund is None:
            raise Http404
        back = reverse("admin:payments_refund_change", args=[refund.pk])
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {
                "opts": self.opts,
                "back": back,
                "title": "Give the money back again",
                "consequence": AGAIN,
                "rows": [self._row(refund)],
                "button": f"Give {self.money(refund)} back again",
                "is_dangerous": True,
            }
            return TemplateResponse(request, "admin/payments/ask.html", context)
        if refunds.ask_again(refund.pk, by=cast(User, request.user)):
            nudge(submit_refunds)
            number = refund.attempt.order.number
            self.message_user(request, f"The money of order {number} goes back again.", messages.SUCCESS)
        else:
            done = "Nothing to do: it was asked for again before, or nothing is left to give back."
            self.message_user(request, done, messages.INFO)
        return HttpResponseRedirect(back)


def _allowed(request: HttpRequest, names: Sequence[Any]) -> Sequence[Any]:
    return names if request.user.has_perm(REPEAT) else [name for name in names if name != "again"]
