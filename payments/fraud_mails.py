"""What the buyer is told of a fraud review: that a person looks at the order, was refused by itself, or let in."""

from privacy import clock, mails
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


@mails.kind("order_let_in")
def order_let_in(order_id: int) -> mails.Mail | None:
    """Says that a person has decided otherwise than the system. None where the time to order again is over."""
    order = Order.objects.select_related("party", "fraud_assessment").get(pk=order_id)
    assessment = getattr(order, "fraud_assessment", None)
    if assessment is None or assessment.let_in_until is None or assessment.let_in_until <= clock.now():
        return None
    return _mail(order, "order_let_in", "can be placed again", until=words.day(assessment.let_in_until.date()))


def _mail(order: Order, template: str, what: str, **more: str) -> mails.Mail | None:
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
            **more,
        },
    )
