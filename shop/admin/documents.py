"""Receipts and credit notes on the desk, and the tax report that is summed from them."""

import csv
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from privacy import clock
from privacy.admin import Desk, ReadOnly
from shop import location, tax_report, thresholds, words
from shop.models import AccountingDocument
from shop.tax_report import Quarter, Row
from shop.templatetags.parts import money
from shop.thresholds import Watched

#: What the report's figures filter the list by.
DRILL = frozenset({"issued_at__gte", "issued_at__lt", "supplied_on__gte", "supplied_on__lt", "currency"}) | frozenset(
    {"lines__tax_country", "lines__tax_rate", "lines__tax_rule"}
)


@admin.register(AccountingDocument)
class AccountingDocumentAdmin(ReadOnly, Desk):
    """The documents in facts that name nobody. Whom one is for stands on its order's page."""

    list_display = ("label", "kind", "issued_at", "of_order", "net_amount", "tax_amount", "total_amount")
    list_filter = ("kind", "is_invoice", "currency", ("issued_at", admin.DateFieldListFilter))
    list_select_related = ("order",)
    search_fields = ("order__number",)
    search_help_text = "Order number"
    ordering = ("-issued_at", "-id")
    fields = (
        *("label", "kind", "of_order", "corrects", "issued_at", "supplied_on", "is_invoice"),
        *("net_amount", "tax_amount", "total_amount", "lines_of"),
    )
    readonly_fields = ("label", "of_order", "net_amount", "tax_amount", "total_amount", "lines_of")
    change_list_template = "admin/shop/accountingdocument/change_list.html"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in DRILL or super().lookup_allowed(lookup, value, request)

    @display(description="Number", ordering="number")
    def label(self, document: AccountingDocument) -> str:
        return document.label

    @display(description="Order", ordering="order")
    def of_order(self, document: AccountingDocument) -> SafeString:
        address = reverse("admin:shop_order_change", args=[document.order_id])
        return format_html('<a href="{}" class="desk-link">{}</a>', address, document.order.number)

    @display(description="Net", ordering="net")
    def net_amount(self, document: AccountingDocument) -> str:
        return money(document.net, document.currency)

    @display(description="Tax", ordering="tax")
    def tax_amount(self, document: AccountingDocument) -> str:
        return money(document.tax, document.currency)

    @display(description="Total", ordering="total")
    def total_amount(self, document: AccountingDocument) -> str:
        return money(document.total, document.currency)

    @display(description="Lines")
    def lines_of(self, document: AccountingDocument) -> SafeString:
        """Each line with its tax."""
        context = {
            "rows": [
                (line.words, f"{words.percent(line.tax_rate)} {line.tax_country}", money(line.total, document.currency))
                for line in document.lines.all()
            ]
        }
        rows = [
            format_html("<li><span>{}, {}</span> <span class='figure'>{}</span></li>", *row) for row in context["rows"]
        ]
        return format_html('<ul class="desk-ledger">{}</ul>', SafeString("".join(rows)))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("tax/", view(self.tax), name="shop_tax_report"),
            path("tax/<str:quarter>.csv", view(self.tax_csv), name="shop_tax_report_csv"),
            *super().get_urls(),
        ]

    def tax(self, request: HttpRequest) -> HttpResponse:
        """`admin/shop/accountingdocument/tax.html`: the report of a quarter; each figure leads to its documents."""
        self._insist(request)
        known = tax_report.quarters()
        asked = request.GET.get("quarter", "")
        quarter = Quarter.read(asked) if asked else (known[0] if known else Quarter.of(clock.today()))
        if quarter is None:
            raise Http404
        found = tax_report.rows(quarter)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Tax, {quarter}",
            "opts": self.opts,
            "quarter": quarter,
            "quarters": known,
            "sales": [_shown(row, quarter) for row in found if not row.is_correction],
            "corrections": [_shown(row, quarter) for row in found if row.is_correction],
            "gaps": tax_report.gaps(),
            "limits": [_limit(each) for each in thresholds.watched(quarter.year)],
        }
        return TemplateResponse(request, "admin/shop/accountingdocument/tax.html", context)

    def tax_csv(self, request: HttpRequest, quarter: str) -> HttpResponse:
        """The same as a file; texts can't start a formula."""
        self._insist(request)
        found = Quarter.read(quarter)
        if found is None:
            raise Http404
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="tax-{found}.csv"'
        writer = csv.writer(response)
        writer.writerow(tax_report.COLUMNS)
        writer.writerows(tax_report.table(found))
        return response

    def _insist(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


_STATES = {"below": "below", "near": "comes near", "passed": "passed"}


def _limit(each: Watched) -> dict[str, Any]:
    return {
        "title": each.limit.title,
        "law": each.limit.law,
        "sold": money(each.sold, "EUR"),
        "before": money(each.before, "EUR"),
        "amount": money(each.limit.amount, "EUR"),
        "state": _STATES[each.state] if each.concerns else "doesn’t concern the scheme of today",
        "advice": each.limit.advice if each.concerns and each.state != "below" else "",
    }


def _shown(row: Row, quarter: Quarter) -> dict[str, Any]:
    drill = {
        "issued_at__gte": quarter.start.isoformat(),
        "issued_at__lt": quarter.end.isoformat(),
        "supplied_on__gte": row.supplied.start.date().isoformat(),
        "supplied_on__lt": row.supplied.end.date().isoformat(),
        "currency": row.currency,
        "lines__tax_country": row.country,
        "lines__tax_rate": str(row.rate),
        "lines__tax_rule": row.rule,
    }
    return {
        "row": row,
        "country": location.country_name(row.country),
        "rate": words.percent(row.rate),
        "rule": row.rule.replace("_", " "),
        "net": money(row.net, row.currency),
        "tax": money(row.tax, row.currency),
        "total": money(row.total, row.currency),
        "address": f"{reverse('admin:shop_accountingdocument_changelist')}?{urlencode(drill)}",
    }
