"""Mails about orders that need nothing from higher apps."""

from privacy.mails import Mail, kind
from shop import orders, words
from shop.models import Order, OrderParty


@kind("order_cancelled")
def order_cancelled(order_id: int) -> Mail | None:
    """Tells the buyer that an order was cancelled, and that nothing is owed."""
    order = Order.objects.select_related("party").get(pk=order_id)
    if not hasattr(order, "party"):
        return None
    return Mail(
        to=order.party.email,
        subject=f"Your order {order.number} is cancelled",
        template="mails/order_cancelled",
        context={"order": order, "name": order.party.name, "was_paid": order.paid_at is not None},
    )


@kind("order_links")
def order_links(party_id: int) -> Mail | None:
    """Sends the links of all orders of the address of this party."""
    party = OrderParty.objects.filter(pk=party_id).first()
    if party is None:
        return None
    theirs = Order.objects.filter(party__email__iexact=party.email).order_by("-placed_at")[:50]
    return Mail(
        to=party.email,
        subject="The links of your orders",
        template="mails/order_links",
        context={
            "orders": [
                {"number": order.number, "day": words.day(order.placed_at.date()), "url": orders.link(order)}
                for order in theirs
            ]
        },
    )
