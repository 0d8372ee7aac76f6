"""Licenses and keys on the desk. Neither a key nor its ciphertext nor its hash is ever shown here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline
from unfold.decorators import action, display

from accounts import key_imports
from accounts.models import License, LicenseKey
from privacy.admin import Desk, ReadOnly
from privacy.masking import mask_email
from shop.models import OrderUnit


def order_link(unit: OrderUnit | None) -> str:
    """A link to the order of a unit; a dash where there is none, or none any more."""
    if unit is None:
        return "–"
    order = unit.line.order
    return format_html(
        '<a href="{}" class="desk-link">{}</a>', reverse("admin:shop_order_change", args=[order.pk]), order.number
    )


class KeyInline(ReadOnly, TabularInline):
    model = LicenseKey
    fields = ("state", "is_generated", "assigned_at", "opened_at")
    extra = 0
    verbose_name_plural = "keys"

    def get_queryset(self, request: HttpRequest) -> QuerySet[LicenseKey]:
        return super().get_queryset(request).defer("ciphertext", "digest")


@admin.register(License)
class LicenseAdmin(ReadOnly, Desk):
    """The rights that customers hold."""

    list_display = ("__str__", "holder", "order", "seats", "starts_at", "ends_at")
    list_select_related = ("user", "unit__line__order")
    search_fields = ("unit__line__order__number", "user__email__iexact")
    search_help_text = "Order number or whole e-mail address of the account"
    fields = ("product_name", "edition_name", "holder", "order", "seats", "devices", "starts_at", "ends_at")
    readonly_fields = ("holder", "order")
    inlines = (KeyInline,)

    @display(description="Account")
    def holder(self, granted: License) -> str:
        return mask_email(granted.user.email) if granted.user else "none: bought as a guest"

    @display(description="Order")
    def order(self, granted: License) -> str:
        return order_link(granted.unit)


@admin.register(LicenseKey)
class LicenseKeyAdmin(ReadOnly, Desk):
    """Keys by number, state and source."""

    list_display = ("__str__", "edition", "state_badge", "source", "order", "assigned_at", "opened_at")
    list_filter = ("state", "is_generated")
    list_select_related = ("edition__product", "unit__line__order", "key_import")
    search_fields = ("unit__line__order__number",)
    search_help_text = "Order number"
    fields = ("edition", "state", "source", "order", "reserved_until", "assigned_at", "opened_at")
    readonly_fields = ("source", "order")
    ordering = ("-id",)
    actions = ("void",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LicenseKey]:
        return super().get_queryset(request).defer("ciphertext", "digest")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in {"edition__id__exact", "key_import__id__exact"} or super().lookup_allowed(
            lookup, value, request
        )

    @display(description="Source")
    def source(self, key: LicenseKey) -> str:
        if key.is_generated:
            return "made when sold"
        return f"file of {key.key_import.imported_at:%d %b %Y}" if key.key_import else "pool"

    @display(description="Order")
    def order(self, key: LicenseKey) -> str:
        return order_link(key.unit)

    def has_void_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.void_keypool")

    @action(description="Take the selected keys out of their pools", permissions=["void"])
    def void(self, request: HttpRequest, queryset: QuerySet[LicenseKey]) -> HttpResponse | None:
        """Asks first; then voids those keys of the selection that nobody has."""
        if "confirmed" in request.POST:
            count = key_imports.void(LicenseKey.objects.filter(pk__in=queryset.order_by().values("pk")))
            self._report(request, count)
            return None
        free = queryset.filter(state=LicenseKey.State.AVAILABLE).count()
        if not free:
            self._report(request, 0)
            return None
        context: dict[str, Any] = self.admin_site.each_context(request) | {
            "title": "Take keys out of their pools",
            "opts": self.opts,
            "free": free,
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/accounts/licensekey/void.html", context)

    def _report(self, request: HttpRequest, count: int) -> None:
        if count:
            self.message_user(request, f"Taken out of their pools: {count}.", messages.SUCCESS)
        else:
            self.message_user(request, "None of these keys is free. A key that somebody has stays.", messages.WARNING)
