"""What the lists of money have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

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


def order_link(order: Order) -> str:
    return format_html(
        '<a href="{}" class="desk-link">{}</a>', reverse("admin:shop_order_change", args=[order.pk]), order.number
    )
