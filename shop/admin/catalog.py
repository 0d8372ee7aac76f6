"""The catalog on the desk. Products and editions are withdrawn, never deleted: orders and licenses name them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.text import capfirst
from unfold.admin import TabularInline
from unfold.decorators import display

from privacy.admin import Desk
from shop.admin.pairs import PairsField
from shop.models import Category, Edition, Price, Product, ProductChange
from shop.money import rounded
from shop.templatetags.parts import money


class Kept:
    """For rows that are withdrawn instead of deleted, and whose address or number stays as it was first given."""

    fixed = "slug"

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: object | None = None) -> tuple[str, ...]:
        return (self.fixed,) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: object | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {self.fixed: ("name",)}


class ProductForm(forms.ModelForm):
    facts = PairsField()
    requirements = PairsField()


class EditionForm(forms.ModelForm):
    features = PairsField(help_text="A line each: statement | yes, no or a figure")

    def clean(self) -> dict[str, Any]:
        """Sold per seat, the seats are the quantity."""
        values = super().clean() or {}
        if values.get("sold_per") == Edition.SoldPer.SEAT and values.get("seats", 1) != 1:
            self.add_error("seats", "An edition that is sold per seat has 1 seat; the buyer chooses how many.")
        if values.get("term_months") == 0:
            self.add_error("term_months", "Leave this empty for a license without an end.")
        return values


class InlineEditionForm(forms.ModelForm):
    """An edition among a product's: its number stays as it was first given."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["sku"].disabled = True


class PriceForm(forms.ModelForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["amount"] = rounded(self.instance.amount, self.instance.currency)

    def clean(self) -> dict[str, Any]:
        """An amount that can be paid in its currency."""
        values = super().clean() or {}
        amount, currency = values.get("amount"), values.get("currency", "")
        if amount is not None and amount < 0:
            self.add_error("amount", "A price can't be less than zero.")
        elif amount is not None and currency and amount != rounded(amount, currency):
            self.add_error(
                "amount", f"{currency} has no amounts that small: {rounded(amount, currency)} is the nearest."
            )
        return values


class Table(TabularInline):
    """Fields in a table: its heads name no field for who can't see them, so each field says what it is."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            field.widget.attrs["aria-label"] = capfirst(field.label or db_field.verbose_name)
        return field


class EditionInline(Table):
    model = Edition
    form = InlineEditionForm
    fields = ("name", "sku", "summary", "sold_per", "is_offered", "position")
    extra = 0
    show_change_link = True
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).select_related("product")


class ChangeInline(Table):
    model = ProductChange
    fields = ("version", "released_on", "text")
    extra = 0
    verbose_name, verbose_name_plural = "change", "changes"


class PriceInline(Table):
    model = Price
    form = PriceForm
    fields = ("currency", "amount")
    extra = 0
    verbose_name_plural = "prices, with the tax or without it as the tax scheme says"


@admin.register(Category)
class CategoryAdmin(Desk):
    """Shelves. One that holds products can't be deleted."""

    list_display = ("name", "code", "position", "product_count")
    fields = ("name", "slug", "code", "intro", "position", "gathers_all", "gathers_edition")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(product_count=Count("products"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: object | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("name",)}

    @display(description="Products", ordering="product_count")
    def product_count(self, category: Category) -> int:
        return category.product_count  # type: ignore[attr-defined]  # annotated


@admin.register(Product)
class ProductAdmin(Kept, Desk):
    """Products with their editions and changelog."""

    form = ProductForm
    list_display = ("name", "category", "offered", "is_published", "position")
    list_filter = ("is_published", "category")
    list_select_related = ("category",)
    search_fields = ("name", "tagline")
    inlines = (EditionInline, ChangeInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "tagline", "category", "is_published", "position")}),
        ("Page", {"fields": ("description", "facts", "requirements", "mark", "drawing")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        offered = Count("editions", filter=Q(editions__is_offered=True))
        return super().get_queryset(request).defer("search").annotate(offered=offered)

    @display(description="Editions offered", ordering="offered")
    def offered(self, product: Product) -> int:
        return product.offered  # type: ignore[attr-defined]  # annotated


@admin.register(Edition)
class EditionAdmin(Kept, Desk):
    """Editions with their prices."""

    fixed = "sku"
    form = EditionForm
    list_display = ("__str__", "sku", "prices", "sold_per", "term", "key_source", "is_offered")
    list_filter = ("is_offered", "key_source", "sold_per", "product__category")
    list_select_related = ("product",)
    search_fields = ("sku", "name", "product__name")
    inlines = (PriceInline,)
    fieldsets = (
        (None, {"fields": ("product", "name", "sku", "summary", "is_offered", "position")}),
        ("License", {"fields": ("sold_per", "seats", "quantity_min", "devices", "term_months")}),
        ("Keys", {"fields": ("key_source", "low_pool_at")}),
        ("Page", {"fields": ("features",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).prefetch_related("prices")

    @display(description="Prices")
    def prices(self, edition: Edition) -> str:
        return format_html_join(", ", "{}", ((money(price.amount, price.currency),) for price in edition.prices.all()))

    @display(description="Term", ordering="term_months")
    def term(self, edition: Edition) -> str:
        return f"{edition.term_months} months" if edition.term_months else "no end"
