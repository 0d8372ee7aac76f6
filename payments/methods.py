"""The ways to pay that the buyer sees. A method without keys in the settings isn't offered."""

from dataclasses import dataclass

from payments import attempts, providers
from privacy import clock
from shop import payment_methods
from shop.models import Order
from shop.payment_methods import PaymentUnavailable


@dataclass(kw_only=True)
class Method:
    """See `shop.payment_methods.PaymentMethod`."""

    name: str
    provider: str
    label: str
    hint: str
    button: str

    def is_offered(self, country: str, currency: str) -> bool:
        """Whether the provider serves this billing country today and the shop has its keys."""
        provider = providers.get(self.provider)
        return provider.is_configured() and provider.serves(country, clock.today())

    def start(self, order: Order) -> str:
        """The address to send the buyer to. Raises PaymentUnavailable."""
        return attempts.begin(order, self.provider)


CARD = Method(
    name="card",
    provider="stripe",
    label="Card",
    hint="You type the number on Stripe’s page. It never passes through this shop.",
    button="by card",
)
PAYPAL = Method(
    name="paypal",
    provider="paypal",
    label="PayPal",
    hint="We pass on the total and the billing address, nothing else.",
    button="with PayPal",
)


def pay_again(order: Order, name: str) -> str:
    """Begins a new payment of an order by the method of this name. Raises PaymentUnavailable where it isn't offered."""
    offered = {method.name: method for method in payment_methods.offered(order.country, order.currency)}
    if name not in offered:
        raise PaymentUnavailable("Choose one of the ways to pay below.")
    if order.payment_method != name:
        Order.objects.filter(pk=order.pk, state=Order.State.PENDING_PAYMENT).update(payment_method=name)
    return offered[name].start(order)


def register() -> None:
    """Offers the methods to the shop, cards first."""
    for method in (CARD, PAYPAL):
        payment_methods.register(method)
