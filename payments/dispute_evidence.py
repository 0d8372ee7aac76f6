"""What the shop can show about a disputed order, as a text to send to the provider. It names nobody."""

from collections.abc import Iterator

from accounts import licenses
from payments import story
from payments.models import Dispute, Refund
from privacy.models import OutgoingMail
from shop import words
from shop.models import Order
from shop.order_desk import moment

#: More keys than this are counted, not listed.
MOST_KEYS = 20


def text(dispute: Dispute) -> str:
    """Order, agreement, delivery, mails and refunds, a sentence a line."""
    order = dispute.attempt.order
    return "\n".join([*_agreed(order), *_delivered(order), *_mailed(order), *_given_back(order)])


def _agreed(order: Order) -> Iterator[str]:
    total = words.money(order.total, order.currency)
    yield f"Order {order.number} was placed on {moment(order.placed_at)} and paid on {moment(order.paid_at)}: {total}."
    for line in order.lines.all():
        price = words.money(line.total, order.currency)
        yield f"{line.quantity} × {line.product_name} {line.edition_name}: {price}, delivered electronically."
    said = ", ".join(f"{kind} {country}" for kind, country in order.evidence.items())
    yield f"The buyer's country is {order.country}{f', as these say: {said}' if said else ''}."
    yield f"The terms of sale, version {order.terms.number}, were accepted with the order."
    if order.consent_at:
        yield f"On {moment(order.consent_at)} the buyer asked for delivery at once and gave up the right to withdraw."


def _delivered(order: Order) -> Iterator[str]:
    keys = list(licenses.keys_of(order))
    opened = [key for key in keys if key.opened_at]
    yield f"License keys assigned: {len(keys)}. Opened, so that the buyer knows them: {len(opened)}."
    for key in opened[:MOST_KEYS]:
        yield f"{key} was assigned on {moment(key.assigned_at)} and opened on {moment(key.opened_at)}."


def _mailed(order: Order) -> Iterator[str]:
    for mail in story.mails_of(order).filter(state=OutgoingMail.State.SENT):
        yield f"Mail “{mail.kind.replace('_', ' ')}” was sent to the buyer on {moment(mail.sent_at)}."


def _given_back(order: Order) -> Iterator[str]:
    refunds = Refund.objects.filter(attempt__order=order).exclude(state=Refund.State.FAILED).select_related("attempt")
    if not refunds:
        yield "Nothing was given back."
    for refund in refunds:
        amount = words.money(refund.amount, refund.attempt.currency)
        yield f"{amount} were given back, asked for on {moment(refund.requested_at)}: {refund.get_state_display()}."
