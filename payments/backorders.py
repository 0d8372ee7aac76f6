"""Units that waited for a key too long: their money goes back by itself."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from payments import refund_shares, refunds
from payments.models import Attempt, Refund
from payments.providers.base import name_of
from privacy import clock
from shop import orders
from shop.models import Order, OrderEvent, OrderUnit

log = structlog.get_logger(__name__)
REASON = "We could not deliver in time."


def overdue() -> QuerySet[OrderUnit]:
    """Units of paid orders that have waited for longer than `BACKORDER_DAYS`.

    Not those whose refund failed before: that is for a person, or it would be asked for again and again.
    """
    waits = OrderEvent.objects.filter(order=OuterRef("line__order"), kind=OrderEvent.Kind.BACKORDERED)
    since = Subquery(waits.order_by("-at").values("at")[:1], output_field=DateTimeField())
    units = OrderUnit.objects.filter(state=OrderUnit.State.BACKORDERED, line__order__state=Order.State.PAID)
    late = units.annotate(since=Coalesce(since, "line__order__paid_at")).filter(
        since__lte=clock.now() - timedelta(days=settings.BACKORDER_DAYS)
    )
    return late.exclude(refund_units__refund__state=Refund.State.FAILED)


def refund_overdue(limit: int = 50) -> int:
    """Asks to give back the money of units that waited too long; returns for how many orders."""
    found = overdue().order_by("line__order").values_list("line__order", flat=True).distinct()
    count = 0
    for order_id in list(found[:limit]):
        try:
            count += _refund(order_id)
        except Exception as error:  # noqa: BLE001  (the next order has its turn)
            log.warning("back order not refunded", order=order_id, error=name_of(error))
    return count


@transaction.atomic
def _refund(order_id: int) -> bool:
    """Under the order's lock: a key that arrives at the same moment is given, or its money goes back, never both."""
    order = orders.lock(order_id)
    late = set(overdue().filter(line__order=order).values_list("pk", flat=True))
    units = [share for share in refund_shares.units_left(order) if share.unit.pk in late]
    paid = Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED, amount__gt=0).order_by("captured_at", "pk")
    for attempt in paid:
        attempt.order = order
        owed = refund_shares.within(units, refunds.left_of(attempt), order.currency)
        if owed:
            refunds.request_units(attempt, owed, by=None, reason=REASON)
            return True
    return False
