"""What happened to an order, and what is still to come, as lines of its page."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from privacy import clock
from privacy.prepared_queries import PreparedQuery, Slot
from shop import orders, withdrawal_period
from shop.models import Order, OrderEvent

#: What the customer reads; kinds that are missing are for the shop's own people.
WORDS: dict[str, str] = {
    OrderEvent.Kind.PLACED: "Order placed",
    OrderEvent.Kind.PAYMENT_FAILED: "A payment did not go through",
    OrderEvent.Kind.PAID: "Paid",
    OrderEvent.Kind.KEYS_ASSIGNED: "Keys assigned",
    OrderEvent.Kind.BACKORDERED: "Waits for keys",
    OrderEvent.Kind.KEY_OPENED: "Key opened",
    OrderEvent.Kind.EMAIL_CORRECTED: "E-mail address corrected",
    OrderEvent.Kind.LINK_RENEWED: "New link made",
    OrderEvent.Kind.HELD: "Held for a check",
    OrderEvent.Kind.RELEASED: "Check ended",
    OrderEvent.Kind.CANCELLED: "Cancelled",
    OrderEvent.Kind.EXPIRED: "Time to pay ended",
    OrderEvent.Kind.REFUND_REQUESTED: "Refund requested",
    OrderEvent.Kind.REFUNDED: "Refunded",
    OrderEvent.Kind.REFUND_FAILED: "Refund did not go through",
    OrderEvent.Kind.JOINED_ACCOUNT: "Joined an account",
    OrderEvent.Kind.DISPUTED: "Payment disputed at the bank or PayPal",
    OrderEvent.Kind.DISPUTE_WON: "Dispute decided for the shop",
    OrderEvent.Kind.DISPUTE_LOST: "Dispute decided for the buyer",
    OrderEvent.Kind.VAT_CONFIRMED: "VAT number confirmed",
    OrderEvent.Kind.VAT_REFUSED: "VAT number not confirmed",
}


_EVENTS = PreparedQuery(lambda: OrderEvent.objects.filter(order_id=Slot("order")))


@dataclass(frozen=True)
class Entry:
    """A line: words, a moment, and whether it has happened."""

    text: str
    at: datetime
    done: bool


def of(order: Order, *, by_link: bool) -> list[Entry]:
    """The past in order of time, then what is to come.

    Whoever has only the link doesn't learn whether an address has an account.
    """
    past = [
        Entry(f"{WORDS[event.kind]}: {event.detail}" if _tells(event) else WORDS[event.kind], event.at, done=True)
        for event in _EVENTS.rows(order=order.pk)
        if event.kind in WORDS and not (by_link and event.kind == OrderEvent.Kind.JOINED_ACCOUNT)
    ]
    if orders.party_of(order) is None and order.party_removed_at:
        past.append(Entry("Your name left this order", order.party_removed_at, done=True))
    return past + _to_come(order)


def _tells(event: OrderEvent) -> bool:
    return bool(event.detail) and event.kind == OrderEvent.Kind.KEY_OPENED


def _to_come(order: Order) -> list[Entry]:
    coming = []
    is_sealed = order.state == Order.State.PAID and order.delivery == Order.Delivery.SEALED
    if is_sealed and order.paid_at and withdrawal_period.runs(order.paid_at, order.country, at=clock.now()):
        day = datetime.combine(withdrawal_period.last_day(order.paid_at, order.country), time(), UTC)
        coming.append(Entry("Last day to return a sealed key", day, done=False))
    party = orders.party_of(order)
    if party is not None and party.expires_at is not None:  # None: a legal hold without an end
        coming.append(Entry("Your name leaves this order", party.expires_at, done=False))
    return coming
