"""What a paid order gets: a license with a key for each of its units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

from accounts import key_pools, license_keys
from accounts.licenses import guests, statements
from accounts.licenses.statements import Unit
from privacy import alerts, clock, mails
from privacy.prepared_queries import PreparedQuery, Slot
from shop import orders
from shop.models import Edition, Order, OrderEvent, OrderParty, OrderUnit

#: Sent with `order`, in the transaction that gives keys to units which have waited: since the order was paid, something
#: may have happened that stops keys.
delivered_late = Signal()
WAITING = (OrderUnit.State.ORDERED, OrderUnit.State.BACKORDERED)

_PARTY = PreparedQuery(lambda: OrderParty.objects.filter(order_id=Slot("order")))


@dataclass(frozen=True)
class _Delivery:
    """What all licenses of one issue have in common."""

    order: Order
    user_id: int | None
    now: datetime
    link_hash: str

    @property
    def opened_at(self) -> datetime | None:
        """Keys that are shown and mailed at once count as opened from the start."""
        return self.now if self.order.delivery == Order.Delivery.AT_ONCE else None


def issue(order: Order) -> None:
    """Gives every waiting unit of a paid order its license and key, and writes the mails that say so.

    The caller holds the order's row lock, inside the transaction in which the order became paid. Units that have a key
    are left alone, so a repetition does nothing. Keys are generated, or come from the edition's pool; where the pool is
    empty the unit is back-ordered, with an alert. The number of queries is the same for 1 and for 1,000 units.
    """
    units = statements.lock_units(order)
    waiting = [unit for unit in units if unit.state in WAITING]
    if not waiting:
        return
    party = _PARTY.first(order=order.pk)
    if party is not None:
        party.order = order  # either knows the other now: the order's link follows from the party
    delivery = _Delivery(order, guests.owner_of(party), clock.now(), orders.keys_hash_of(order))
    served = _give_keys(delivery, waiting)
    _record(order, waiting, served)
    if served:
        is_first = all(unit.state == OrderUnit.State.ORDERED for unit in units)
        if not is_first:
            delivered_late.send(Order, order=order)
        _write_mails(order, party, occasion="" if is_first else str(min(served)), is_first=is_first)
    elif len(waiting) == len(units):
        mails.queue("order_confirmation", order.pk)


def _give_keys(delivery: _Delivery, waiting: Sequence[Unit]) -> set[int]:
    """Makes licenses and keys; returns the ids of the units that got one."""
    generated = _editions(waiting, Edition.KeySource.GENERATED)
    from_pool = _editions(waiting, Edition.KeySource.POOL)
    taken = key_pools.take(from_pool, now=delivery.now, opened_at=delivery.opened_at) if from_pool else {}
    served = {unit.pk for unit in waiting if unit.pk in generated or unit.pk in taken}
    if served:
        statements.give(
            sorted(served),
            {unit: license_keys.sealed(license_keys.generate()) for unit in generated},
            user_id=delivery.user_id,
            link_hash=delivery.link_hash,
            now=delivery.now,
            opened_at=delivery.opened_at,
        )
    return served


def _editions(units: Iterable[Unit], source: Edition.KeySource) -> dict[int, int]:
    """Edition ids by unit id, of the units whose keys come from `source`.

    A unit whose edition was deleted meanwhile is never among them: it is back-ordered, and a person must look.
    """
    return {unit.pk: unit.edition_id for unit in units if unit.edition_id and unit.key_source == source}


def _record(order: Order, waiting: Sequence[Unit], served: set[int]) -> None:
    """Writes what units got and which are short of keys, and calls a person about these."""
    short = [unit for unit in waiting if unit.pk not in served]
    was_short = any(unit.state == OrderUnit.State.BACKORDERED for unit in waiting)
    events = []
    if served:
        events.append((OrderEvent.Kind.KEYS_ASSIGNED, _counted(len(served), "key")))
    if any(unit.state != OrderUnit.State.BACKORDERED for unit in short):
        OrderUnit.objects.filter(pk__in=[unit.pk for unit in short]).update(state=OrderUnit.State.BACKORDERED)
        events.append((OrderEvent.Kind.BACKORDERED, _counted(len(short), "key")))
    for kind, detail in events:
        orders.record(order, kind, detail=detail)
    if short:
        alerts.raise_alert("backorder", order.number, f"Order {order.number} waits for {_counted(len(short), 'key')}.")
    elif was_short:
        alerts.close_alert("backorder", order.number)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def _write_mails(order: Order, party: OrderParty | None, *, occasion: str, is_first: bool) -> None:
    """One confirmation to the buyer. Keys go in a mail of their own to another address, or when they come later."""
    if is_first:
        mails.queue("order_confirmation", order.pk)
    if party is not None and (party.delivery_email or not is_first):
        mails.queue("license_keys", order.pk, occasion=occasion)
