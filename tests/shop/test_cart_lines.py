"""A line of the cart says what this cart holds, whatever was drawn before."""

from decimal import Decimal

import pytest

from shop.cart import Cart
from shop.cart_store import Kept
from shop.models import Edition
from shop.tax import Buyer
from shop.templatetags import cart_lines
from tests.shop import goods

pytestmark = pytest.mark.django_db


def drawn(edition: Edition, quantity: int = 1, country: str = "DE", place: str = "page") -> str:
    (line,) = Cart({edition.pk: Kept(quantity, Decimal("149.00"))}, Buyer(country), "EUR").lines
    return cart_lines.cart_line(line, place, "EUR")


def test_it_names_tool_edition_quantity_and_price() -> None:
    edition = goods.edition("149.00")
    line = drawn(edition, quantity=3)
    assert f"<b>{edition.product.name}</b>" in line
    assert f'href="/p/{edition.product.slug}/"' in line
    assert f"{edition.name} edition" in line
    assert ('value="3"' in line, "€447.00" in line, "€149.00 each" in line) == (True, True, True)


def test_what_says_the_same_is_drawn_once() -> None:
    edition = goods.edition("149.00")
    assert drawn(edition) is drawn(edition)


def test_whatever_changes_shows() -> None:
    edition = goods.edition("149.00")
    first = drawn(edition)
    assert len({first, drawn(edition, quantity=2), drawn(edition, country="US"), drawn(edition, place="drawer")}) == 4
    edition.product.name = "Renamed <tool>"
    edition.product.save()
    assert "Renamed &lt;tool&gt;" in drawn(edition)
    edition.prices.update(amount=Decimal("99.00"))
    assert "€99.00" in drawn(edition)
