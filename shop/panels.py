"""Parts of the order page that higher apps bring: keys from `accounts`, the state of a payment from `payments`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

from shop.models import Order


@dataclass(frozen=True)
class Panel:
    """A template and its context; the page adds `order`, `order_url` (its own address) and `request`."""

    template: str
    context: dict[str, object] = field(default_factory=dict)


Maker = Callable[[HttpRequest, Order], Panel | None]
_makers: list[Maker] = []


def register(make: Maker) -> Maker:
    """Adds a maker of panels; it may be used as a decorator. None means that there is nothing to show."""
    _makers.append(make)
    return make


def panels_of(request: HttpRequest, order: Order) -> list[Panel]:
    """The panels of an order, in the order in which their makers were registered."""
    return [panel for make in _makers if (panel := make(request, order)) is not None]
