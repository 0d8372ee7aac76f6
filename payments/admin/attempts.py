"""Tries to pay, on the desk."""

from django.contrib import admin
from unfold.decorators import display

from payments import figures
from payments.admin.desk import MoneyDesk, needs_a_look, order_link
from payments.models import Attempt


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
        *("created_at", "captured_at", "next_look_at", "looks"),
    )
    readonly_fields = ("order_link", "money")

    @display(description="Order")
    def order_link(self, attempt: Attempt) -> str:
        return order_link(attempt.order)
