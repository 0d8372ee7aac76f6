"""The ways to pay that checkout offers. `payments` fills this registry; the shop knows no provider."""

from typing import Protocol

from shop.models import Order

#: The name of the way to pay nothing. It is never listed: an order that costs nothing has it.
FREE = "free"


class PaymentMethod(Protocol):
    """A way to pay."""

    name: str
    label: str
    hint: str
    button: str

    def is_offered(self, country: str, currency: str) -> bool:
        """Whether a buyer with this billing country may pay so. Asked when it is listed, and again when it is used."""

    def start(self, order: Order, *, address: str) -> str:
        """Begins a payment of the whole order and returns the address to send the buyer to.

        `address` is the visitor's connection, for use in memory: it is never stored (P3).

        Called after the order is committed; may speak to the provider; holds no lock meanwhile. No money moves before
        the buyer agrees there. Raises PaymentUnavailable with a sentence for the buyer.
        """


class PaymentUnavailable(Exception):
    """The provider can't be reached or refused to begin. The text is for the buyer: what to do now."""


_methods: dict[str, PaymentMethod] = {}


def register(method: PaymentMethod) -> None:
    """Adds a way to pay, or replaces the one of the same name."""
    _methods[method.name] = method


def offered(country: str, currency: str) -> list[PaymentMethod]:
    """The ways to pay for a billing country (ISO 3166 alpha-2) and a currency, in the order they were registered."""
    return [method for method in _methods.values() if method.is_offered(country, currency)]


def for_order(order: Order) -> list[PaymentMethod]:
    """The ways to pay an order: those that its country and currency are offered, or the one of nothing to pay."""
    return offered(order.country, order.currency) if order.total else [get(FREE)]


def get(name: str) -> PaymentMethod:
    """The way to pay of this name. Raises KeyError."""
    return _methods[name]
