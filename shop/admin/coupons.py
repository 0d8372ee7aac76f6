"""Coupons on the desk: made, withdrawn, and looked at with the orders that have one. docs/coupons.md says how."""

import csv
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from privacy.admin import Desk
from shop import coupons, words
from shop.admin.catalog import Table
from shop.models import Coupon, CouponAmount, CouponUse
from shop.money import rounded
from shop.templatetags.parts import money

MOST_SHOWN = 50
COLUMNS = ("Code", "Order", "Placed on", "State", "Currency", "Discount", "Total", "Counts")


class CouponForm(forms.ModelForm):
    class Meta:
        model = Coupon
        fields = (
            *("code", "is_active", "kind", "percent", "valid_from", "valid_until", "is_for_all", "products"),
            *("most_uses", "most_per_person"),
        )
        widgets = {"products": UnfoldAdminCheckboxSelectMultipleWidget}

    def clean_code(self) -> str:
        """Capital letters, and none that looks like another code."""
        code: str = self.cleaned_data["code"].strip().upper()
        other = Coupon.objects.filter(folded=coupons.folded(code)).exclude(pk=self.instance.pk).first()
        if other is not None:
            raise forms.ValidationError(f"Buyers would take this for {other.code}. Choose another one.")
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_share, percent = values.get("kind") == Coupon.Kind.PERCENT, values.get("percent")
        if is_share and (percent is None or not 0 < percent <= 100):
            self.add_error("percent", "Write a share above 0, up to 100.")
        if not is_share and percent is not None:
            self.add_error("percent", "Leave this empty. The amounts stand below, one for each currency.")
        if values.get("is_for_all") and values.get("products"):
            self.add_error("products", "Choose none, or untick “for every product”.")
        if not values.get("is_for_all") and not values.get("products"):
            self.add_error("products", "Choose the products that it is for.")
        most = values.get("most_uses")
        if most is not None and most < max(self.instance.uses, 1):
            used = f"{self.instance.uses} orders have it. " if self.instance.uses else ""
            self.add_error("most_uses", f"{used}Write at least {max(self.instance.uses, 1)}.")
        if values.get("most_per_person") == 0:
            self.add_error("most_per_person", "Write at least 1, or leave it empty.")
        start, end = values.get("valid_from"), values.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", "The last day can't be before the first.")
        return values


class AmountForm(forms.ModelForm):
    currency = forms.ChoiceField(widget=UnfoldAdminSelectWidget(attrs={"aria-label": "Currency"}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["currency"].choices = [(code, code) for code in settings.STORE_CURRENCIES]  # type: ignore[attr-defined]
        for name in ("amount", "minimum"):
            value = getattr(self.instance, name)
            if self.instance.pk and value is not None:
                self.initial[name] = rounded(value, self.instance.currency)

    def clean(self) -> dict[str, Any]:
        """Amounts that can be paid in their currency."""
        values = super().clean() or {}
        for name in ("amount", "minimum"):
            value, currency = values.get(name), values.get("currency", "")
            if value is not None and currency and value != rounded(value, currency):
                self.add_error(
                    name, f"{currency} has no amounts that small: {rounded(value, currency)} is the nearest."
                )
            elif value is not None and (value < 0 or (name == "amount" and not value)):
                self.add_error(name, "Write an amount above zero.")
        return values


class Amounts(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """A share has minima alone; an amount has one in at least one currency, and in each that is named."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        is_share = self.instance.kind == Coupon.Kind.PERCENT
        if is_share and any(row.get("amount") is not None for row in rows):
            raise forms.ValidationError("A share takes off no amounts. Leave them empty, or choose “an amount”.")
        if not is_share and (not rows or any(row.get("amount") is None for row in rows)):
            raise forms.ValidationError("Write what it takes off, in each currency that it is for.")


class AmountInline(Table):
    model, form, formset = CouponAmount, AmountForm, Amounts
    fields = ("currency", "amount", "minimum")
    extra = 0
    verbose_name = "currency"
    verbose_name_plural = "in each currency, in prices of the catalog"


@admin.register(Coupon)
class CouponAdmin(Desk):
    """Codes with what they take off. One is withdrawn, never deleted: orders name it. Its code stays as it was made."""

    form = CouponForm
    inlines = (AmountInline,)
    list_display = ("code", "takes_off", "used", "valid_from", "valid_until", "is_active")
    list_filter = ("is_active", "kind")
    search_fields = ("code",)
    readonly_fields = ("used", "orders_of")
    fieldsets = (
        (None, {"fields": ("code", "is_active", "kind", "percent")}),
        ("When and for what", {"fields": ("valid_from", "valid_until", "is_for_all", "products")}),
        ("How often", {"fields": ("most_uses", "most_per_person", "used", "orders_of")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coupon]:
        return super().get_queryset(request).prefetch_related("amounts")

    def get_readonly_fields(self, request: HttpRequest, obj: Coupon | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"code": coupons.new_code()}

    def has_delete_permission(self, request: HttpRequest, obj: Coupon | None = None) -> bool:
        return False

    @display(description="Takes off")
    def takes_off(self, coupon: Coupon) -> str:
        if coupon.kind == Coupon.Kind.PERCENT:
            return words.percent(coupon.percent) if coupon.percent else ""
        return words.listed([money(row.amount, row.currency) for row in coupon.amounts.all() if row.amount]) or "–"

    @display(description="Used", ordering="uses")
    def used(self, coupon: Coupon) -> str:
        return f"{coupon.uses} of {coupon.most_uses}" if coupon.most_uses else str(coupon.uses)

    @display(description="Orders")
    def orders_of(self, coupon: Coupon) -> SafeString:
        """The newest orders that have it, with what it took off, and all of them as a file."""
        uses = _uses(coupon)[:MOST_SHOWN] if coupon.pk else []
        if not uses:
            return SafeString("None yet.")
        rows = format_html_join(
            "",
            '<li><a href="{}" class="desk-link">{}</a> <span>{}</span> <span class="figure">{}</span></li>',
            map(_shown, uses),
        )
        address = reverse("admin:shop_coupon_uses", args=[coupon.pk])
        return format_html(
            '<ul class="desk-ledger">{}</ul><p><a href="{}" class="desk-link">All as CSV</a></p>', rows, address
        )

    def get_urls(self) -> list[URLPattern]:
        uses = self.admin_site.admin_view(self.uses_csv)
        return [path("<int:object_id>/uses.csv", uses, name="shop_coupon_uses"), *super().get_urls()]

    def uses_csv(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The orders of a coupon as a file, naming nobody. No text in it can start a formula: codes and states."""
        if not (self.has_view_permission(request) and request.user.has_perm("shop.view_order")):
            raise PermissionDenied
        coupon = Coupon.objects.filter(pk=object_id).first()
        if coupon is None:
            raise Http404
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="coupon-{coupon.code}.csv"'
        writer = csv.writer(response)
        writer.writerow(COLUMNS)
        writer.writerows(_row(coupon, use) for use in _uses(coupon).iterator(chunk_size=1000))
        return response


def _uses(coupon: Coupon) -> QuerySet[CouponUse]:
    return coupon.orders.select_related("order").order_by("-pk")


def _shown(use: CouponUse) -> tuple[str, str, str, str]:
    order = use.order
    said = order.get_state_display() if use.given_back_at is None else f"{order.get_state_display()}, doesn’t count"
    return (
        reverse("admin:shop_order_change", args=[order.pk]),
        order.number,
        said,
        money(order.discount, order.currency),
    )


def _row(coupon: Coupon, use: CouponUse) -> tuple[object, ...]:
    order = use.order
    discount, total = (rounded(amount, order.currency) for amount in (order.discount, order.total))
    return (
        *(coupon.code, order.number, order.placed_at.date(), order.state, order.currency, discount, total),
        "no" if use.given_back_at else "yes",
    )
