"""Orders on the desk: facts that nobody types over, and verbs that act on them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from unfold.decorators import display

from privacy.admin import Desk, ReadOnly
from privacy.masking import mask_email
from shop import order_desk
from shop.admin import order_page, order_verbs
from shop.admin.order_verbs import Verb
from shop.models import Order, OrderUnit
from shop.templatetags.parts import money


class WaitsForKeys(admin.SimpleListFilter):
    """Paid orders with a unit on back order."""

    title = parameter_name = "keys"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", "waits for keys")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        if self.value() != "waiting":
            return queryset
        waiting = OrderUnit.objects.filter(line__order=OuterRef("pk"), state=OrderUnit.State.BACKORDERED)
        return queryset.filter(Exists(waiting), state=Order.State.PAID)


@admin.register(Order)
class OrderAdmin(ReadOnly, Desk):
    """The list shows masked addresses; the page of one order shows whom it is for."""

    list_display = ("number", "placed_at", "state_badge", "amount", "buyer", "country", "payment_method")
    list_filter = (
        "state",
        WaitsForKeys,
        "payment_method",
        "delivery",
        "is_business",
        ("placed_at", admin.DateFieldListFilter),
    )
    search_fields = ("number", "party__email__iexact", "party__delivery_email__iexact", "party__company")
    search_help_text = "Order number, whole e-mail address or company"
    fields = ("number",)
    change_form_template = "admin/shop/order/change_form.html"

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """The shop's own, and those of higher apps."""
        return (*super().get_list_filter(request), *order_desk.filters())

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        shown = super().get_list_display(request)
        return shown if _sees_party(request) else tuple(name for name in shown if name != "buyer")

    def looked_at(self, request: HttpRequest, row: Order) -> Model | None:
        """The person of the order, where this role sees one, and one is left who isn't restricted."""
        party = getattr(row, "party", None) if _sees_party(request) else None
        return party if party is None or party.restricted_at is None else None

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return self.search_fields if _sees_party(request) else ("number",)

    @display(description="Total", ordering="total")
    def amount(self, order: Order) -> str:
        return money(order.total, order.currency)

    @display(description="Buyer")
    def buyer(self, order: Order) -> str:
        if not hasattr(order, "party"):
            return "removed"
        return "restricted" if order.party.restricted_at else mask_email(order.party.email)

    def find(self, request: HttpRequest, queryset: QuerySet[Order], term: str) -> tuple[QuerySet[Order], bool]:
        """An order whose person was restricted is found by its number alone."""
        found, has_doubles = super().find(request, queryset, term)
        if term and _sees_party(request):
            in_use = Q(party__restricted_at__isnull=True)
            found = found.filter(in_use | Q(number__icontains=term.strip()))
        return found, has_doubles

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).select_related("party")

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Callable[..., Any], str, str]]:
        """The verbs of the reader's role."""
        return {verb.name: (partial(_ask, verb), verb.name, verb.label) for verb in order_verbs.offered(request.user)}

    def get_urls(self) -> list[URLPattern]:
        asking = self.admin_site.admin_view(self.ask_view)
        return [path("verb/<slug:name>/", asking, name="shop_order_verb"), *super().get_urls()]

    def ask_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """The page before a verb acts."""
        return order_verbs.ask(request, name, self.admin_site.each_context(request) | {"opts": self.opts})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One order: its verbs, facts, party, and the sections of all apps."""
        order = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context = {} if order is None else self._page(request, order)
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def _page(self, request: HttpRequest, order: Order) -> dict[str, Any]:
        verbs = [(verb, order_verbs.address(verb, [order.pk])) for verb in order_verbs.offered(request.user, order)]
        return {
            "title": f"Order {order.number}",
            "subtitle": None,
            "order": order,
            "verbs": verbs,
            "facts": order_page.facts(order),
            "party": order_page.party(order) if _sees_party(request) else None,
            "sections": [
                order_page.lines(order),
                *order_desk.sections_of(order, request.user),
                order_page.holds(order),
                order_page.story(order, request.user),
            ],
        }


def _sees_party(request: HttpRequest) -> bool:
    return request.user.has_perm("shop.view_orderparty")


def _ask(verb: Verb, desk: OrderAdmin, request: HttpRequest, queryset: QuerySet[Order]) -> HttpResponse | None:
    ids = list(queryset.order_by().values_list("pk", flat=True)[: order_verbs.MOST_AT_ONCE + 1])
    if len(ids) > order_verbs.MOST_AT_ONCE:
        desk.message_user(request, f"Choose at most {order_verbs.MOST_AT_ONCE} orders at a time.", messages.WARNING)
        return None
    return HttpResponseRedirect(order_verbs.address(verb, ids))
