"""Disputes on the desk: the deadline, and everything that can be shown as evidence."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from unfold.decorators import display

from payments import dispute_evidence, figures, providers
from payments.admin.desk import MoneyDesk, needs_a_look, order_link
from payments.models import Dispute
from shop import order_desk
from shop.admin import order_page
from shop.order_desk import moment
from shop.templatetags.parts import money


@admin.register(Dispute)
class DisputeAdmin(MoneyDesk):
    """Payments that buyers dispute. The page of one is its evidence."""

    list_display = ("__str__", "order_link", "state_badge", "money", "reason", "opened_at", "respond_by", "decided_at")
    list_filter = (needs_a_look(figures.open_disputes), "state", "attempt__provider")
    list_select_related = ("attempt__order",)
    search_fields = ("attempt__order__number",)
    search_help_text = "Order number"
    ordering = ("-id",)
    fields = ("state",)
    change_form_template = "admin/payments/dispute/change_form.html"

    @display(description="Order")
    def order_link(self, dispute: Dispute) -> str:
        return order_link(dispute.attempt.order)

    @display(description="Amount", ordering="amount")
    def money(self, row: Dispute) -> str:
        return money(row.amount, row.attempt.currency)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What is disputed, until when to answer, and what there is to show."""
        dispute = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context = {} if dispute is None else self._page(request, dispute)
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def _page(self, request: HttpRequest, dispute: Dispute) -> dict[str, Any]:
        order, sees_party = dispute.attempt.order, request.user.has_perm("shop.view_orderparty")
        return {
            "title": f"Dispute of order {order.number}",
            "subtitle": None,
            "facts": self._facts(dispute),
            "party": order_page.party(order, is_needed=True) if sees_party else None,
            "evidence": dispute_evidence.text(dispute),
            "sections": [
                order_page.lines(order),
                *order_desk.sections_of(order, request.user),
                order_page.story(order, request.user),
            ],
        }

    def _facts(self, dispute: Dispute) -> order_page.Facts:
        currency, provider = dispute.attempt.currency, providers.find(dispute.attempt.provider)
        address = provider.dashboard(dispute.provider_dispute) if provider and dispute.provider_dispute else ""
        answer = (
            format_html('<a href="{}" rel="noreferrer">at {}</a>', address, dispute.attempt.provider)
            if address
            else "–"
        )
        return [
            ("State", self.state_badge(dispute)),
            ("Answer until", moment(dispute.respond_by)),
            ("Answer", answer),
            ("Disputed", self.money(dispute)),
            ("Taken from our balance", money(dispute.withdrawn, currency)),
            ("What the buyer says", dispute.reason.replace("_", " ").lower() or "–"),
            ("Order", order_link(dispute.attempt.order)),
            ("Opened", moment(dispute.opened_at)),
            ("Decided", moment(dispute.decided_at)),
        ]
