"""Money on the desk: attempts, refunds and webhooks to look at, their part of an order's page, and the start page."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from accounts import start_page
from accounts.start_page import Need, Panel
from payments import figures
from payments.models import Attempt, Refund, WebhookEvent
from privacy.admin import Desk, ReadOnly
from shop.models import Order
from shop.templatetags.parts import money


def needs_a_look(rows: Callable[[], QuerySet]) -> type[admin.SimpleListFilter]:
    """A filter of a list: the rows that the start page counts."""

    class NeedsALook(admin.SimpleListFilter):
        title = parameter_name = "look"

        def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
            return [("needed", "needs a look")]

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            return queryset.filter(pk__in=rows().values("pk")) if self.value() == "needed" else queryset

    return NeedsALook


class MoneyDesk(ReadOnly, Desk):
    """Rows with an amount that belong to an order."""

    @display(description="Amount", ordering="amount")
    def money(self, row: Any) -> str:
        return money(row.amount, row.currency)


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
        return _order_link(attempt.order)


@admin.register(Refund)
class RefundAdmin(MoneyDesk):
    """Money given back."""

    list_display = ("__str__", "order_link", "state_badge", "money", "kind", "requested_at", "finished_at", "problem")
    list_filter = (needs_a_look(figures.failed_refunds), "state", "kind")
    list_select_related = ("attempt__order",)
    search_fields = ("attempt__order__number",)
    search_help_text = "Order number"
    ordering = ("-id",)
    fields = (
        *("order_link", "state", "money", "kind", "reason", "requested_by"),
        *("requested_at", "finished_at", "next_try_at", "tries", "problem"),
    )
    readonly_fields = ("order_link", "money")

    @display(description="Order")
    def order_link(self, refund: Refund) -> str:
        return _order_link(refund.attempt.order)

    @display(description="Amount", ordering="amount")
    def money(self, row: Refund) -> str:
        return money(row.amount, row.attempt.currency)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, Desk):
    """The inbox of the providers' webhooks; their bodies aren't kept."""

    list_display = ("kind", "provider", "received_at", "handled_at", "tries")
    list_filter = (
        needs_a_look(figures.unhandled_events),
        "provider",
        ("handled_at", admin.EmptyFieldListFilter),
    )
    ordering = ("-id",)
    fields = ("provider", "kind", "received_at", "handled_at", "next_try_at", "tries")


def _order_link(order: Order) -> str:
    return format_html('<a href="{}">{}</a>', reverse("admin:shop_order_change", args=[order.pk]), order.number)


def _address(model: str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(f"admin:{model}_changelist") + query


start_page.register(
    Need(
        "privacy.view_alert",
        "alert is open",
        "alerts are open",
        figures.open_alerts,
        _address("privacy_alert", "?closed_at__isempty=1"),
    ),
    Need(
        "shop.view_order",
        "order is on hold",
        "orders are on hold",
        figures.held_orders,
        _address("shop_order", "?state__exact=on_hold"),
    ),
    Need(
        "shop.view_order",
        "unit waits for a key",
        "units wait for keys",
        figures.backordered_units,
        _address("shop_order", "?keys=waiting"),
    ),
    Need(
        "accounts.view_keypool",
        "key pool is low",
        "key pools are low",
        lambda: figures.low_pools().count(),
        _address("accounts_keypool"),
    ),
    Need(
        "payments.view_attempt",
        "payment hangs for more than a day",
        "payments hang for more than a day",
        lambda: figures.stuck_attempts().count(),
        _address("payments_attempt", "?look=needed"),
    ),
    Need(
        "payments.view_refund",
        "refund failed",
        "refunds failed",
        lambda: figures.failed_refunds().count(),
        _address("payments_refund", "?look=needed"),
    ),
    Need(
        "payments.view_webhookevent",
        "webhook can't be handled",
        "webhooks can't be handled",
        lambda: figures.unhandled_events().count(),
        _address("payments_webhookevent", "?look=needed"),
    ),
    Need(
        "privacy.view_outgoingmail",
        "mail was given up",
        "mails were given up",
        figures.failed_mails,
        _address("privacy_outgoingmail", "?state__exact=failed"),
    ),
    Panel("shop.view_order", "Orders of today", "admin/start_page/today.html", figures.newest_of_today),
    Panel("payments.view_attempt", "Revenue of 30 days", "admin/start_page/revenue.html", figures.revenue),
    Panel(
        "accounts.view_keypool",
        "Low key pools",
        "admin/start_page/low_pools.html",
        lambda: list(figures.low_pools().select_related("product")[:10]),
    ),
)
