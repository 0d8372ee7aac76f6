"""What a paid order gets: a license with a key for each of its units."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.dispatch import Signal

from accounts import key_pools, license_keys
from accounts.licenses import guests
from accounts.models import License, LicenseKey
from privacy import alerts, clock, mails
from privacy.prepared_queries import PreparedQuery, Slot
from shop import orders, stock_words
from shop.models import Edition, Order, OrderEvent, OrderParty, OrderUnit

#: Sent with `order`, in the transaction that gives keys to units which have waited: since the order was paid, something
#: may have happened that stops keys.
delivered_late = Signal()
WAITING = (OrderUnit.State.ORDERED, OrderUnit.State.BACKORDERED)

_UNITS = PreparedQuery(
    lambda: (
        OrderUnit.objects.select_for_update(of=("self",))
        .select_related("line__edition")
        .filter(line__order_id=Slot("order"))
        .defer("line__edition__features")
    )
)
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
    units = _UNITS.rows(order=order.pk)
    waiting = [unit for unit in units if unit.state in WAITING]
    if not waiting:
        return
    party = _PARTY.first(order=order.pk)
    delivery = _Delivery(order, guests.owner_of(party), clock.now(), orders.keys_hash_of(order))
    served = _give_keys(delivery, waiting)
    _record(order, waiting, served)
    if served:
        is_first = all(unit.state == OrderUnit.State.ORDERED for unit in units)
        if not is_first:
            delivered_late.send(Order, order=order)
        _write_mails(order, party, occasion="" if is_first else str(min(unit.pk for unit in served)), is_first=is_first)
    elif len(waiting) == len(units):
        mails.queue("order_confirmation", order.pk)


def _give_keys(delivery: _Delivery, waiting: Sequence[OrderUnit]) -> list[OrderUnit]:
    """Makes licenses and keys; returns the units that got one."""
    generated = _editions(waiting, Edition.KeySource.GENERATED)
    from_pool = _editions(waiting, Edition.KeySource.POOL)
    taken = key_pools.take(from_pool, now=delivery.now, opened_at=delivery.opened_at) if from_pool else {}
    served = [unit for unit in waiting if unit.pk in generated or unit.pk in taken]
    licenses = License.objects.bulk_create([_license(delivery, unit) for unit in served])
    if generated:
        LicenseKey.objects.bulk_create(
            _generated_key(delivery, generated[unit.pk], granted)
            for unit, granted in zip(served, licenses, strict=True)
            if unit.pk in generated
        )
    if taken:
        of_unit = License.objects.filter(unit=OuterRef("unit")).values("pk")
        LicenseKey.objects.filter(pk__in=list(taken.values())).update(license=Subquery(of_unit))
        stock_words.changed(set(from_pool.values()))
    return served


def _editions(units: Sequence[OrderUnit], source: Edition.KeySource) -> dict[int, int]:
    """Edition ids by unit id, of the units whose keys come from `source`.

    A unit whose edition was deleted meanwhile is never among them: it is back-ordered, and a person must look.
    """
    return {
        unit.pk: unit.line.edition.pk for unit in units if unit.line.edition and unit.line.edition.key_source == source
    }


def _license(delivery: _Delivery, unit: OrderUnit) -> License:
    line = unit.line
    return License(
        user_id=delivery.user_id,
        unit=unit,
        edition_id=line.edition_id,
        product_name=line.product_name,
        edition_name=line.edition_name,
        mark=line.mark,
        seats=unit.seats,
        devices=line.devices,
        starts_at=delivery.now,
        ends_at=months_later(delivery.now, line.term_months) if line.term_months else None,
        link_hash=delivery.link_hash,
    )


def _generated_key(delivery: _Delivery, edition_id: int, granted: License) -> LicenseKey:
    return LicenseKey(
        edition_id=edition_id,
        state=LicenseKey.State.ASSIGNED,
        is_generated=True,
        license=granted,
        unit=granted.unit,
        assigned_at=delivery.now,
        opened_at=delivery.opened_at,
        **license_keys.sealed(license_keys.generate()),
    )


def _record(order: Order, waiting: Iterable[OrderUnit], served: Sequence[OrderUnit]) -> None:
    """Sets the states of the units, writes the events, and calls a person where keys are missing."""
    given = {unit.pk for unit in served}
    short = [unit for unit in waiting if unit.pk not in given]
    was_short = any(unit.state == OrderUnit.State.BACKORDERED for unit in waiting)
    events = []
    if served:
        OrderUnit.objects.filter(pk__in=given).update(state=OrderUnit.State.FULFILLED)
        events.append((OrderEvent.Kind.KEYS_ASSIGNED, _counted(len(served), "key")))
    if any(unit.state != OrderUnit.State.BACKORDERED for unit in short):
        OrderUnit.objects.filter(pk__in=[unit.pk for unit in short]).update(state=OrderUnit.State.BACKORDERED)
        events.append((OrderEvent.Kind.BACKORDERED, _counted(len(short), "key")))
    OrderEvent.objects.bulk_create(OrderEvent(order=order, kind=kind, detail=detail) for kind, detail in events)
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


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time `months` calendar months later; the month's last day where it has no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
