"""The ways to pay that the buyer sees. A method without keys in the settings isn't offered."""

from payments import attempts, providers
from payments.providers.base import Choice
from privacy import clock
from shop import payment_methods
from shop.models import Order
from shop.payment_methods import PaymentUnavailable


class NothingToPay:
    """For orders whose total is zero. See `shop.payment_methods.PaymentMethod`."""

    name, label, hint, button = payment_methods.FREE, "Nothing to pay", "", ""

    def is_offered(self, country: str, currency: str) -> bool:
        """Nobody chooses it."""
        return False

    def start(self, order: Order, *, address: str) -> str:
        """The order's own page, where it stands as paid. Raises PaymentUnavailable where something is to be paid."""
        if order.total:
            raise PaymentUnavailable("Choose one of the ways to pay below.")
        return attempts.begin(order, self.name, address=address)


class Method:
    """A provider as buyers choose it. See `shop.payment_methods.PaymentMethod`."""

    def __init__(self, provider: str, choice: Choice) -> None:
        self.provider = provider
        self.name, self.label, self.hint, self.button = choice.name, choice.label, choice.hint, choice.button

    def is_offered(self, country: str, currency: str) -> bool:
        """Whether the provider serves this billing country today and the shop has its keys."""
        provider = providers.get(self.provider)
        return provider.is_configured() and provider.serves(country, clock.today())

    def start(self, order: Order, *, address: str) -> str:
        """The address to send the buyer to. Raises PaymentUnavailable."""
        return attempts.begin(order, self.provider, address=address)


def pay_again(order: Order, name: str, *, address: str) -> str:
    """Begins a new payment of an order by the method of this name, for a visitor at this address.

    Raises PaymentUnavailable where it isn't offered.
    """
    offered = {method.name: method for method in payment_methods.for_order(order)}
    if name not in offered:
        raise PaymentUnavailable("Choose one of the ways to pay below.")
    if order.payment_method != name:
        Order.objects.filter(pk=order.pk, state=Order.State.PENDING_PAYMENT).update(payment_method=name)
    return offered[name].start(order, address=address)


def register() -> None:
    """Offers to the shop what buyers can choose, in the order of the providers."""
    for provider in providers.everyone():
        if provider.choice:
            payment_methods.register(Method(provider.name, provider.choice))
    payment_methods.register(NothingToPay())
