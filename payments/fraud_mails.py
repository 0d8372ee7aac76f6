"""What the buyer is told of a fraud review: that a person looks at the order, or that it was refused by itself."""

from privacy import mails
from shop import orders, words
from shop.models import Order


@mails.kind("order_held")
def order_held(order_id: int) -> mails.Mail | None:
    """Once the money of an order has arrived and its keys wait. None where a person was faster than the mail."""
    order = Order.objects.select_related("party").get(pk=order_id)
    return _mail(order, "order_held", "is being checked") if order.state == Order.State.ON_HOLD else None


@mails.kind("order_refused")
def order_refused(order_id: int) -> mails.Mail | None:
    """Says that no person has decided, and how to have one decide (Art. 22(3) GDPR)."""
    return _mail(Order.objects.select_related("party").get(pk=order_id), "order_refused", "was not accepted")


def _mail(order: Order, template: str, what: str) -> mails.Mail | None:
    party = orders.party_of(order)
    if party is None:
        return None
    return mails.Mail(
        to=party.email,
        subject=f"Your order {order.number} {what}",
        template=f"mails/{template}",
        context={
            "order": order,
            "name": party.name,
            "total": words.money(order.total, order.currency),
            "order_url": orders.link(order),
        },
    )
