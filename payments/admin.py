"""Money on the desk: attempts, refunds and webhooks to look at, their part of an order's page, and the start page."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from accounts import start_page
from accounts.models import User
from accounts.start_page import Need, Panel
from payments import figures, refunds
from payments.models import Attempt, Refund, WebhookEvent
from payments.tasks import nudge, submit_refunds
from privacy.admin import Desk, ReadOnly
from shop.models import Order
from shop.templatetags.parts import money

REPEAT = "payments.repeat_refund"


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
        *("order_link", "state", "money", "kind", "reason", "requested_by"),
        *("requested_at", "finished_at", "next_try_at", "tries", "problem", "again"),
    )
    readonly_fields = ("order_link", "money", "again")

    @display(description="Order")
    def order_link(self, refund: Refund) -> str:
        return _order_link(refund.attempt.order)

    @display(description="Amount", ordering="amount")
    def money(self, row: Refund) -> str:
        return money(row.amount, row.attempt.currency)

    @display(description="What to do")
    def again(self, refund: Refund) -> str:
        if not refund.can_be_repeated:
            return "–"
        address = reverse("admin:payments_refund_again", args=[refund.pk])
        return format_html('<a href="{}">Give the money back again</a>', address)

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        return _allowed(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Refund | None = None) -> Sequence[Any]:
        return _allowed(request, super().get_fields(request, obj))

    def get_urls(self) -> list[URLPattern]:
        asking = self.admin_site.admin_view(self.again_view)
        return [path("<int:refund_id>/again/", asking, name="payments_refund_again"), *super().get_urls()]

    def again_view(self, request: HttpRequest, refund_id: int) -> HttpResponse:
        """Asks before the money of a failed refund is given back again, and does it when the form comes back."""
        if not request.user.has_perm(REPEAT):
            raise PermissionDenied("Your role doesn't give money back.")
        refund = Refund.objects.select_related("attempt__order").filter(pk=refund_id, state="failed").first()
        if refund is None:
            raise Http404
        back = reverse("admin:payments_refund_change", args=[refund.pk])
        if request.method != "POST":
            context = self.admin_site.each_context(request) | {"opts": self.opts, "refund": refund, "back": back}
            context |= {"title": "Give the money back again", "amount": self.money(refund)}
            return TemplateResponse(request, "admin/payments/refund/again.html", context)
        if refunds.ask_again(refund.pk, by=cast(User, request.user)):
            nudge(submit_refunds)
            number = refund.attempt.order.number
            self.message_user(request, f"The money of order {number} goes back again.", messages.SUCCESS)
        else:
            done = "Nothing to do: it was asked for again before, or nothing is left to give back."
            self.message_user(request, done, messages.INFO)
        return HttpResponseRedirect(back)


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


def _allowed(request: HttpRequest, names: Sequence[Any]) -> Sequence[Any]:
    return names if request.user.has_perm(REPEAT) else [name for name in names if name != "again"]


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
