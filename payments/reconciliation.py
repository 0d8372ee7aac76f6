"""What nobody told us: attempts are looked at by the timetable, and orders whose time to pay is over end.

Each row is claimed by one UPDATE when its turn comes: two workers never do the same, and one that dies leaves the rest.
Whatever a row meets, the next one has its turn; a provider that can't be reached is asked again.
"""

from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef

from payments import attempts, settlement
from payments.models import OPEN, Attempt
from payments.providers.base import Snapshot, name_of
from payments.timetable import next_look
from privacy import alerts, clock
from shop import orders
from shop.models import Order

log = structlog.get_logger(__name__)
State = Attempt.State
#: An order that a buyer is paying again doesn't end under their hands; Stripe's shortest session is half an hour.
LAST_CHANCE = timedelta(minutes=31)


def look_at_due(limit: int = 100) -> int:
    """Looks at the attempts whose time has come; returns how many were claimed."""
    due = Attempt.objects.filter(next_look_at__lte=clock.now()).order_by("next_look_at", "pk")
    count = 0
    for pk, seen, begun, looks in list(due.values_list("pk", "next_look_at", "created_at", "looks")[:limit]):
        if seen and _claim(pk, seen, begun, looks):
            reconcile(Attempt.objects.select_related("order").get(pk=pk))
            count += 1
    return count


def _claim(pk: int, seen: datetime, begun: datetime, looks: int) -> bool:
    taken = Attempt.objects.filter(pk=pk, next_look_at=seen)
    return bool(taken.update(next_look_at=next_look(begun, looks=looks + 1), looks=looks + 1))


def reconcile(attempt: Attempt) -> None:
    """Brings one attempt to where the provider says it is."""
    try:
        _reconcile(attempt)
    except Exception as error:  # noqa: BLE001  (the next attempt is looked at; this one is stuck at the end of a week)
        log.warning("attempt not looked at", attempt=attempt.pk, provider=attempt.provider, error=name_of(error))
    if attempt.next_look_at is None and attempt.state in {*OPEN, State.PROCESSING}:
        _warn(attempt)


def _reconcile(attempt: Attempt) -> None:
    if attempt.state == State.CREATED and not attempt.reference_values:
        # Its call had no answer, so no buyer was sent anywhere; whatever the call made ends by itself, unseen.
        settlement.apply_snapshot(attempt.pk, Snapshot(state=State.FAILED, problem="no_answer"))
    elif attempt.state in {State.CREATED, State.REQUIRES_ACTION, State.PROCESSING}:
        settlement.look(attempt)
    elif attempt.state != State.CAPTURED:  # given up while the provider couldn't be reached
        attempts.close(attempt)
        Attempt.objects.filter(pk=attempt.pk, state=attempt.state).update(next_look_at=None)


def _warn(attempt: Attempt) -> None:
    attempt.refresh_from_db(fields=["state"])
    if attempt.state in {*OPEN, State.PROCESSING}:
        alerts.raise_alert(
            "attempt_stuck",
            str(attempt.pk),
            f"Attempt {attempt.pk} of order {attempt.order.number} is open for a week.",
        )


def expire_due(limit: int = 100) -> int:
    """Ends the orders whose time to pay is over, and closes what those left open that are paid otherwise, cancelled or
    ended: nobody is to pay there. Returns how many ended."""
    now = clock.now()
    own = Attempt.objects.filter(order=OuterRef("pk"))
    late = Order.objects.filter(state=Order.State.PENDING_PAYMENT, expires_at__lte=now).exclude(
        Exists(own.filter(state=State.PROCESSING)) | Exists(own.open().filter(created_at__gt=now - LAST_CHANCE))
    )
    ended = sum(
        _expire(order_id) for order_id in list(late.order_by("expires_at").values_list("pk", flat=True)[:limit])
    )
    over = [Order.State.PAID, Order.State.CANCELLED, Order.State.EXPIRED]
    for attempt in Attempt.objects.open().filter(order__state__in=over).select_related("order")[:limit]:
        _close(attempt)
    return ended


def _expire(order_id: int) -> bool:
    """Closes the order's attempt at its provider, looks at it once more, and only then ends the order."""
    for attempt in Attempt.objects.open().filter(order=order_id).select_related("order"):
        if not _close(attempt):
            return False
    if Attempt.objects.filter(order=order_id, state=State.PROCESSING).exists():
        return False
    try:
        return orders.expire(order_id)
    except Exception as error:  # noqa: BLE001  (the next order has its turn)
        log.warning("order not ended", order=order_id, error=name_of(error))
        return False


def _close(attempt: Attempt) -> bool:
    """False while the provider can't be reached or understood: it may have been paid there."""
    try:
        if attempt.reference_values:
            settlement.look(attempt)  # a buyer who agreed at the last moment has paid
            attempt.refresh_from_db(fields=["state"])
        if attempt.state in OPEN:
            attempts.close(attempt)
    except Exception as error:  # noqa: BLE001  (the next order has its turn; the reconciler calls a person after a week)
        log.warning("attempt not closed", attempt=attempt.pk, provider=attempt.provider, error=name_of(error))
        return False
    return True
