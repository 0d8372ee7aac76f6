"""What the shop's own pages show of companies: a strip on the home page, and one on the page of a product."""

from accounts import branding
from accounts.models import LogoPicture
from shop import panels
from shop.models import Product
from shop.panels import Panel

#: Logos in a strip; the pages “Trusted by” have all.
MOST = 8
TEMPLATE = "accounts/_trusted_by_strip.html"


@panels.on_home
def on_home() -> Panel | None:
    """Companies of any product."""
    return _strip(None)


@panels.on_product
def on_product(product: Product) -> Panel | None:
    """Companies that named this product."""
    return _strip(product)


def _strip(product: Product | None) -> Panel | None:
    shown = branding.shown(LogoPicture.Size.SMALL, product=product, most=MOST)
    return Panel(TEMPLATE, {"logos": shown, "product": product}) if shown else None
