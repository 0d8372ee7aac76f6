"""What a provider says about an attempt becomes what the shop knows. The only place where an order is paid.

Return page, webhook, reconciler and the free provider all end here: a lost, doubled or reordered message changes
nothing.
"""

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts import licenses
from payments import fraud, providers, refunds
from payments.models import OPEN, Attempt, ProviderCall, Reference, WebhookEvent
from payments.providers.base import Snapshot
from privacy import alerts, clock, mails
from privacy.prepared_queries import PreparedInsert, PreparedQuery, Slot
from shop import coupons, orders, receipts
from shop.models import Order, OrderEvent, PartyRemoval

log = structlog.get_logger(__name__)
#: Why an order whose payment is not what was asked for waits for a person.
OBJECTIONS = {
    "order_mismatch": "The payment names another order.",
    "amount_mismatch": "The amount paid is not the order's total.",
    "currency_mismatch": "The payment is in another currency.",
    "live_mode_mismatch": "Test money paid a real order, or the other way round.",
    "country_not_served": "The billing country of the payment is one where this way to pay isn't offered.",
    "country_missing": "The payment brought no billing country back, so nobody knows whether it may be taken.",
    "order_cancelled": "The order was paid after it had been cancelled.",
    "coupon_used_up": "Its coupon was used up by others before the money came.",
}

_LOCKED_ORDER = PreparedQuery(
    lambda: Order.objects.select_for_update(of=("self",)).filter(attempts__pk=Slot("attempt")).order_by()
)
_REFERENCE = PreparedInsert(Reference, ignore_conflicts=True)
# Read after the order's lock is had: the person may have left while it was waited for.
_ATTEMPT = PreparedQuery(
    lambda: (
        Attempt.objects.annotate(ownerless_since=F("order__party_removal__removed_at")).filter(pk=Slot("pk")).order_by()
    )
)
_REMOVAL = PreparedQuery(lambda: PartyRemoval.objects.filter(order=Slot("order")).order_by())


def look(attempt: Attempt, *, event_id: int | None = None) -> None:
    """Asks the provider about an attempt, takes the money that the buyer has approved there, and applies the answer.

    Holds no lock while the provider is asked. Raises ProviderError.
    """
    provider = providers.get(attempt.provider)
    snapshot = provider.fetch(attempt)
    if snapshot.is_approved and attempt.state in OPEN and _waits(attempt.order):
        problem = objection(attempt, snapshot)
        if problem:
            with transaction.atomic():
                _stop(orders.lock(attempt.order_id), problem)
        else:
            snapshot = provider.capture(attempt)
    apply_snapshot(attempt.pk, snapshot, event_id=event_id)


def _waits(order: Order) -> bool:
    """Whether money is still wanted for an order: not where it would have to go back."""
    return order.state == Order.State.PENDING_PAYMENT and _REMOVAL.first(order=order.pk) is None


def objection(attempt: Attempt, snapshot: Snapshot) -> str:
    """Why the money of a snapshot may not pay for the order: a name of `OBJECTIONS`, or nothing."""
    provider, is_captured = providers.get(attempt.provider), snapshot.state == Attempt.State.CAPTURED
    wrong = {
        "order_mismatch": snapshot.label not in {"", attempt.label}
        or snapshot.installation not in {"", settings.INSTALLATION},
        "currency_mismatch": snapshot.currency != attempt.currency,
        "amount_mismatch": snapshot.amount != attempt.amount,
        "live_mode_mismatch": snapshot.is_live != attempt.is_live,
        "country_not_served": bool(snapshot.country) and not provider.serves(snapshot.country, clock.today()),
        "country_missing": provider.needs_country and is_captured and not snapshot.country,
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), "")


@transaction.atomic
def apply_snapshot(attempt_id: int, snapshot: Snapshot, *, event_id: int | None = None) -> Attempt:
    """Writes what the provider says, with everything that follows from it, in one transaction.

    The order is locked and the attempt read again; what is already so, or can't follow from what is (a late answer),
    changes nothing. `event_id`: the webhook that is handled thereby.
    """
    order, attempt = _LOCKED_ORDER.first(attempt=attempt_id), _ATTEMPT.first(pk=attempt_id)
    if order is None or attempt is None:
        raise Attempt.DoesNotExist(f"There is no attempt {attempt_id}.")
    attempt.order = order
    if snapshot.references:
        save_references(attempt, snapshot.references)
    if attempt.state != snapshot.state and attempt.can_move_to(snapshot.state):
        previous = attempt.state
        _move(order, attempt, snapshot, clock.now())
        if previous == Attempt.State.CREATED:  # the call that began it has its answer
            ProviderCall.objects.filter(attempt=attempt).delete()
        log.info("attempt moved", order=order.number, attempt=attempt.pk, previous=previous, state=attempt.state)
    if event_id is not None:
        WebhookEvent.objects.filter(pk=event_id, handled_at__isnull=True).update(handled_at=clock.now())
    return attempt


def save_references(attempt: Attempt, references: Mapping[str, str]) -> None:
    """Keeps the provider's ids of an attempt; known ones stay as they are."""
    _REFERENCE.write(*(Reference(attempt=attempt, kind=kind, value=value) for kind, value in references.items()))


def _move(order: Order, attempt: Attempt, snapshot: Snapshot, now: datetime) -> None:
    if snapshot.state == Attempt.State.CAPTURED:
        _capture(order, attempt, snapshot, now)
        return
    is_final = snapshot.state in {Attempt.State.FAILED, Attempt.State.EXPIRED, Attempt.State.CANCELLED}
    changes = {"problem": snapshot.problem[:60]} | ({"next_look_at": None} if is_final else {})
    attempt.move_to(snapshot.state, **changes)
    if snapshot.state == Attempt.State.REQUIRES_ACTION and providers.get(attempt.provider).is_by_hand:
        mails.queue("payment_instructions", attempt.pk)
    if snapshot.state == Attempt.State.FAILED:
        orders.record(order, OrderEvent.Kind.PAYMENT_FAILED, detail=attempt.provider)


def _capture(order: Order, attempt: Attempt, snapshot: Snapshot, now: datetime) -> None:
    """Money has arrived. The attempt bears what was really taken, so that our books equal the provider's."""
    problem = objection(attempt, snapshot)
    taken = {
        "amount": snapshot.amount if snapshot.amount is not None else attempt.amount,
        "currency": snapshot.currency or attempt.currency,
    }
    attempt.move_to(
        Attempt.State.CAPTURED, captured_at=now, next_look_at=None, problem=problem, **(taken if problem else {})
    )
    if order.state == Order.State.PAID:
        return_second(order, attempt)
    elif attempt.ownerless_since is not None:  # type: ignore[attr-defined]  # as `_ATTEMPT` reads it
        _return_ownerless(order, attempt)
    elif problem:
        _stop(order, problem)
    elif order.state == Order.State.CANCELLED:
        _stop(order, "order_cancelled")
    elif order.state != Order.State.ON_HOLD and not coupons.count_again(order):
        _stop(order, "coupon_used_up")
    elif order.state != Order.State.ON_HOLD:
        if said := snapshot.account_country or snapshot.country:
            order.evidence = {**order.evidence, "payment": said}
        if not fraud.after_capture(order, snapshot):
            fulfil(order, at=now)


def fulfil(order: Order, *, at: datetime) -> None:
    """Marks a captured order as paid, gives out its keys, and writes its receipt. The caller holds the order's lock."""
    if orders.mark_paid(order, at=at):
        licenses.issue(order)
        receipts.issue(order)  # last: from here to the commit nobody else gets a number


def return_second(order: Order, attempt: Attempt) -> None:
    """Gives back what is left of a payment beside the one that pays for the order, and calls a person.

    The caller holds the order's lock.
    """
    if _return(order, attempt, reason="The order was paid twice."):
        alerts.raise_alert(
            "paid_twice", order.number, f"Order {order.number} was paid twice. The second payment goes back."
        )


def _return_ownerless(order: Order, attempt: Attempt) -> None:
    """Nobody is there any more to get keys or a receipt."""
    if _return(order, attempt, reason="The money came after the buyer's data had been removed."):
        alerts.raise_alert(
            "paid_too_late",
            order.number,
            f"Money came for order {order.number} after its buyer's data had been removed. It goes back.",
        )


def _return(order: Order, attempt: Attempt, *, reason: str) -> bool:
    """Asks to give back what is left of a payment that pays for nothing. False where nothing is left."""
    left = refunds.left_of(attempt)
    if left <= 0:
        return False
    attempt.order = order
    refunds.request_amount(attempt, left, by=None, reason=reason, is_of_sale=False)
    return True


def _stop(order: Order, problem: str) -> None:
    orders.hold(order.pk, by=None, reason=OBJECTIONS[problem])
    alerts.raise_alert("payment_held", order.number, f"Order {order.number} waits for you. {OBJECTIONS[problem]}")
