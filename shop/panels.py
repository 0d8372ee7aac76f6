"""Parts of pages that higher apps bring: keys from `accounts`, the state of a payment from `payments`, logos."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

from shop.models import Order, Product


@dataclass(frozen=True)
class Panel:
    """A template and its context; the order page adds `order`, `order_url` (its own address) and `request`."""

    template: str
    context: dict[str, object] = field(default_factory=dict)


Maker = Callable[[HttpRequest, Order], Panel | None]
HomeMaker = Callable[[], Panel | None]
ProductMaker = Callable[[Product], Panel | None]
_makers: list[Maker] = []
_home_makers: list[HomeMaker] = []
_product_makers: list[ProductMaker] = []


def register(make: Maker) -> Maker:
    """Adds a maker of panels; it may be used as a decorator. None means that there is nothing to show."""
    _makers.append(make)
    return make


def panels_of(request: HttpRequest, order: Order) -> list[Panel]:
    """The panels of an order, in the order in which their makers were registered."""
    return [panel for make in _makers if (panel := make(request, order)) is not None]


def on_home(make: HomeMaker) -> HomeMaker:
    """Adds a maker of panels of the home page. It looks at no visitor: the page is kept for everybody."""
    _home_makers.append(make)
    return make


def of_home() -> list[Panel]:
    """The panels of the home page, in the order in which their makers were registered."""
    return [panel for make in _home_makers if (panel := make()) is not None]


def on_product(make: ProductMaker) -> ProductMaker:
    """Adds a maker of panels of product pages, which are kept for everybody too."""
    _product_makers.append(make)
    return make


def of_product(product: Product) -> list[Panel]:
    """The panels of the page of a product, in the order in which their makers were registered."""
    return [panel for make in _product_makers if (panel := make(product)) is not None]
