"""A line of the cart, drawn once for all carts in which it says the same."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shop.cart_lines import Line

register = template.Library()


class _Product(NamedTuple):
    name: str
    mark: str
    slug: str


class _Edition(NamedTuple):
    name: str


class _Shown(NamedTuple):
    """All that a line says, and nothing else: what isn't in here can't be drawn."""

    product: _Product
    edition: _Edition
    key: str
    label: str
    terms: str
    unit: str
    minimum: int
    quantity: int
    unit_price: Decimal
    total: Decimal


@register.simple_tag
def cart_line(line: Line, place: str, currency: str) -> SafeString:
    """`_partials/cart_line.html`. `place` is `page` or `drawer`."""
    product = line.product
    shown = _Shown(
        product=_Product(product.name, product.mark, product.slug),
        edition=_Edition(line.edition.name),
        key=line.key,
        label=line.label,
        terms=line.terms,
        unit=line.unit,
        minimum=line.minimum,
        quantity=line.quantity,
        unit_price=line.unit_price,
        total=line.total,
    )
    return _drawn(shown, place, currency, get_language())


@lru_cache(maxsize=500)
def _drawn(line: _Shown, place: str, currency: str, _language: str | None) -> SafeString:
    return render_to_string("_partials/cart_line.html", {"line": line, "place": place, "currency": currency})
