"""A document as its page shows it: rendered when asked for, from its facts and from the order's party."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from shop import coupons, location, receipts, tax_words
from shop.models import AccountingDocument, DocumentLine, Order

Kind = AccountingDocument.Kind


@dataclass(frozen=True)
class Link:
    """A document in a list: its kind, its number, and the address of its page."""

    title: str
    label: str
    address: str


def links(order: Order, order_url: str) -> list[Link]:
    """The documents of an order, for the page of the order at `order_url`."""
    return listed(receipts.of(order), order_url)


def listed(documents: Iterable[AccountingDocument], order_url: str) -> list[Link]:
    """Documents of the order whose page is `order_url`, as a list of links."""
    return [Link(_title(each), each.label, f"{order_url}receipts/{each.label}/") for each in documents]


def context(order: Order, document: AccountingDocument) -> dict[str, Any]:
    """What `shop/receipt.html` needs."""
    lines = list(document.lines.select_related("order_line"))
    return {
        "order": order,
        "party": getattr(order, "party", None),
        "document": document,
        "title": _title(document),
        "lines": [(line, line.net + off) for line, off in zip(lines, _taken_off(document, lines), strict=True)],
        "discounts": coupons.lines_off(order, [line.order_line for line in lines]) if _is_of_sale(document) else [],
        "taxes": _taxes(lines),
        "remarks": sorted({remark for line in lines if (remark := _remark(line))}),
        "country_name": location.country_name(order.country),
        "seller": {
            "name": settings.STORE_NAME,
            "lines": [line.strip() for line in settings.STORE_ADDRESS.split(",") if line.strip()],
            "vat_number": settings.VAT_NUMBER,
        },
    }


def _is_of_sale(document: AccountingDocument) -> bool:
    """Whether a document is the first receipt: it tells the discount apart, which later ones have no part in."""
    return document.about == receipts.PAID


def _taken_off(document: AccountingDocument, lines: list[DocumentLine]) -> list[Decimal]:
    """What a coupon took off each line, without tax (Directive 2006/112/EC, Art. 226(8))."""
    return [line.order_line.discount_net if _is_of_sale(document) else Decimal(0) for line in lines]


def _title(document: AccountingDocument) -> str:
    if document.kind == Kind.RECEIPT and document.is_invoice:
        return "Invoice"
    return document.get_kind_display()


def _taxes(lines: list[DocumentLine]) -> list[tuple[str, Decimal, Decimal]]:
    """Net and tax by rate and country (Directive 2006/112/EC, Art. 226(8) to (10))."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in lines:
        found = sums[_tax(line)]
        found[0], found[1] = found[0] + line.net, found[1] + line.tax
    return [(name, net, tax) for name, (net, tax) in sums.items()]


def _tax(line: DocumentLine) -> str:
    return tax_words.of(line.tax_rule, line.tax_rate, line.tax_country, line.order_line.tax_territory)


def _remark(line: DocumentLine) -> str:
    """Why there is no tax, with the law that says so (Art. 226(11))."""
    if line.tax_rate:
        return ""
    return f"{_tax(line)} ({line.tax_article})." if line.tax_article else f"{_tax(line)}."
