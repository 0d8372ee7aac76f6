"""Tries to pay, on the desk, and the arrival of money that nobody else can tell of."""

from decimal import Decimal
from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from accounts.models import User
from payments import bank_transfers, figures, providers
from payments.admin.desk import MoneyDesk, needs_a_look, order_link
from payments.forms import ArrivalForm
from payments.models import Attempt
from privacy.tasks import nudge, send_mails
from shop.money import rounded

RECORD = "payments.record_attempt"
ARRIVED = (
    "Look at the bank statement first. With the amount that was asked for, the order is paid and its keys go out by "
    "mail; with any other, it waits on hold for a decision. What is recorded can't be undone."
)


@admin.register(Attempt)
class AttemptAdmin(MoneyDesk):
    """Tries to pay an order."""

    list_display = ("__str__", "order_link", "provider", "state_badge", "money", "created_at", "captured_at", "problem")
    list_filter = (needs_a_look(figures.stuck_attempts), "state", "provider")
    list_select_related = ("order",)
    search_fields = ("order__number",)
    search_help_text = "Order number"
    ordering = ("-id",)
    fields = (
        *("order_link", "number", "provider", "state", "money", "is_live", "problem"),
        *("created_at", "captured_at", "next_look_at", "looks", "arrival"),
    )
    readonly_fields = ("order_link", "money", "arrival")

    @display(description="Order")
    def order_link(self, attempt: Attempt) -> str:
        return order_link(attempt.order)

    @display(description="What to do")
    def arrival(self, attempt: Attempt) -> str:
        if not can_be_recorded(attempt):
            return "–"
        address = reverse("admin:payments_attempt_arrival", args=[attempt.pk])
        return format_html('<a href="{}" class="desk-link">The money arrived</a>', address)

    def get_urls(self) -> list[URLPattern]:
        asking = self.admin_site.admin_view(self.arrival_view)
        return [path("<int:attempt_id>/arrival/", asking, name="payments_attempt_arrival"), *super().get_urls()]

    def arrival_view(self, request: HttpRequest, attempt_id: int) -> HttpResponse:
        """Asks how much arrived, and records it when the form comes back."""
        if not request.user.has_perm(RECORD):
            raise PermissionDenied("Your role doesn't record payments.")
        attempt = Attempt.objects.select_related("order").filter(pk=attempt_id).first()
        if attempt is None or not providers.is_by_hand(attempt.provider):
            raise Http404
        back = reverse("admin:shop_order_change", args=[attempt.order_id])
        form = ArrivalForm(request.POST or None, initial={"amount": rounded(attempt.amount, attempt.currency)})
        if form.is_valid():
            self._record(request, attempt, form.cleaned_data["amount"])
            return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "back": back,
            "title": "The money arrived",
            "consequence": ARRIVED,
            "rows": [(f"Order {attempt.order.number}, {attempt.order.get_state_display()}", self.money(attempt))],
            "form": form,
            "button": "Record what arrived",
        }
        return TemplateResponse(request, "admin/payments/ask.html", context)

    def _record(self, request: HttpRequest, attempt: Attempt, amount: Decimal) -> None:
        if not bank_transfers.record_arrival(attempt.pk, amount=amount, by=cast(User, request.user)):
            self.message_user(request, "Nothing to do: it was recorded before.", messages.INFO)
            return
        nudge(send_mails)
        attempt.order.refresh_from_db(fields=["state"])
        state = attempt.order.get_state_display()
        self.message_user(request, f"Recorded. Order {attempt.order.number} is {state}.", messages.SUCCESS)


def can_be_recorded(attempt: Attempt) -> bool:
    """Whether a person may still say that its money arrived."""
    return providers.is_by_hand(attempt.provider) and attempt.state != Attempt.State.CAPTURED
