"""A line of the cart, at the prices and with the tax of its buyer."""

from dataclasses import dataclass
from decimal import Decimal

from shop import tax, words
from shop.models import Edition, Product


@dataclass(frozen=True)
class Line:
    """A line of the cart, in its currency. `unit_price` and `total` are this buyer's, tax included, before a coupon.

    `amounts` is what is paid, `full` what it would be without the coupon.
    """

    edition: Edition
    quantity: int
    list_price: Decimal
    price_seen: Decimal
    unit_price: Decimal
    full: tax.Amounts
    amounts: tax.Amounts
    left: int | None

    @property
    def product(self) -> Product:
        return self.edition.product

    @property
    def key(self) -> str:
        return self.edition.sku

    @property
    def label(self) -> str:
        return f"{self.product.name} {self.edition.name}"

    @property
    def minimum(self) -> int:
        return self.edition.quantity_min

    @property
    def total(self) -> Decimal:
        return self.full.total

    @property
    def terms(self) -> str:
        return words.term(self.edition.term_months)

    @property
    def unit(self) -> str:
        return "a seat" if self.edition.sold_per == Edition.SoldPer.SEAT else "each"

    @property
    def units(self) -> int:
        """How many keys the line needs."""
        return 1 if self.edition.sold_per == Edition.SoldPer.SEAT else self.quantity
