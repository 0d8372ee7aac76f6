"""Mails about orders that need nothing from higher apps."""

from django.db.models.functions import Lower

from privacy.mails import Mail, kind
from shop import orders, words
from shop.models import Order, OrderParty


@kind("order_cancelled")
def order_cancelled(order_id: int) -> Mail | None:
    """Tells the buyer that an order was cancelled, and that nothing is owed."""
    return _cancelled(order_id, was_paid=False)


@kind("order_cancelled_paid")
def order_cancelled_paid(order_id: int) -> Mail | None:
    """The same where money had been taken, which goes back."""
    return _cancelled(order_id, was_paid=True)


@kind("vat_number_invalid")
def vat_number_invalid(order_id: int) -> Mail | None:
    """Tells a business that its number wasn't confirmed, so that the tax stays."""
    order = Order.objects.select_related("party").get(pk=order_id)
    if not hasattr(order, "party"):
        return None
    return Mail(
        to=order.party.email,
        subject=f"The VAT number of your order {order.number}",
        template="mails/vat_number_invalid",
        context={
            "order": order,
            "name": order.party.name,
            "vat_number": order.party.vat_number,
            "tax": words.money(order.tax, order.currency),
            "order_url": orders.link(order),
        },
    )


def _cancelled(order_id: int, *, was_paid: bool) -> Mail | None:
    order = Order.objects.select_related("party").get(pk=order_id)
    if not hasattr(order, "party"):
        return None
    return Mail(
        to=order.party.email,
        subject=f"Your order {order.number} is cancelled",
        template="mails/order_cancelled",
        context={"order": order, "name": order.party.name, "was_paid": was_paid},
    )


@kind("order_links")
def order_links(party_id: int) -> Mail | None:
    """Sends the links of all orders of the address of this party."""
    party = OrderParty.objects.in_use().filter(pk=party_id).first()
    if party is None:
        return None
    found = Order.objects.filter(party__restricted_at__isnull=True).annotate(address=Lower("party__email"))
    theirs = found.filter(address=party.email.lower()).order_by("-placed_at")[:50]
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
