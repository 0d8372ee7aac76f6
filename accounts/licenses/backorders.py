"""Units that wait for keys get them when the pool is filled again, the oldest order first."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.licenses.issuing import issue
from accounts.models import LicenseKey
from shop.models import Edition, Order, OrderUnit


def deliver_backorders(limit: int = 100) -> int:
    """Gives keys to at most `limit` paid orders that wait for them; returns how many orders were looked at.

    Each order is a transaction of its own, with the order's row lock. Run after an import of keys, and by the timetable
    for keys that came back to stock.
    """
    free = LicenseKey.objects.filter(edition=OuterRef("line__edition"), state=LicenseKey.State.AVAILABLE)
    servable = OrderUnit.objects.filter(
        Exists(free) | Q(line__edition__key_source=Edition.KeySource.GENERATED),
        line__order=OuterRef("pk"),
        state=OrderUnit.State.BACKORDERED,
    )
    waiting = Order.objects.filter(Exists(servable), state=Order.State.PAID).order_by("paid_at", "pk")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    for order_id in ids:
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=order_id)
            if order.state == Order.State.PAID:
                issue(order)
    return len(ids)
