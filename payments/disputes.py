"""Payments that buyers dispute: what the provider says about one becomes what the shop knows.

While a dispute is open, no key of its order can be used. Won, the same keys work again; lost, they end like those of a
refund. The provider decides: the shop only shows what can be sent as evidence.
"""

from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import Sum
from django.dispatch import receiver

from accounts import licenses
from accounts.models import Suspension
from payments import credit_notes, providers, refund_seats, refunds, traces
from payments.models import Attempt, Dispute, Refund, WebhookEvent
from payments.money import named
from payments.providers.base import DisputeSnapshot
from privacy import alerts, clock, mails
from shop import orders
from shop.models import Order, OrderEvent, OrderUnit
from shop.order_desk import moment

log = structlog.get_logger(__name__)
State, Kind = Dispute.State, OrderEvent.Kind
REASON = Suspension.Reason.DISPUTE


def look(provider: str, provider_dispute: str, *, event_id: int | None = None) -> bool:
    """Asks the provider about a dispute and applies the answer. False where its payment isn't ours.

    A dispute may be heard of before its payment, which is settled first. Raises ProviderError.
    """
    snapshot = providers.get(provider).fetch_dispute(provider_dispute)
    attempt = traces.of_payment(provider, snapshot.payment)
    if attempt is None:
        return False
    apply_snapshot(attempt.pk, snapshot, event_id=event_id)
    return True


@transaction.atomic
def apply_snapshot(attempt_id: int, snapshot: DisputeSnapshot, *, event_id: int | None = None) -> Dispute | None:
    """Writes what the provider says about a dispute, with keys, units, mails and alerts, in one transaction.

    Quiet where it is there already. None, and nothing written, where the payment holds no money that could be disputed
    or the currency is another. `event_id`: the webhook that is handled thereby.
    """
    order = Order.objects.select_for_update(of=("self",)).get(attempts__pk=attempt_id)
    attempt = Attempt.objects.get(pk=attempt_id)
    dispute = None
    if attempt.state == Attempt.State.CAPTURED and attempt.currency == snapshot.currency:
        attempt.order = order
        dispute = _known(attempt, snapshot) or _born(attempt, snapshot)
        _follow(dispute, snapshot)
    if event_id is not None:
        WebhookEvent.objects.filter(pk=event_id, handled_at__isnull=True).update(handled_at=clock.now())
    if dispute is not None:
        credit_notes.of_dispute(order, dispute)  # last, as it holds the series of its number until the commit
    return dispute


def _known(attempt: Attempt, snapshot: DisputeSnapshot) -> Dispute | None:
    found = Dispute.objects.filter(attempt=attempt, provider_dispute=snapshot.provider_dispute).first()
    if found is not None:
        found.attempt = attempt
    return found


def _born(attempt: Attempt, snapshot: DisputeSnapshot) -> Dispute:
    """A dispute begins open, whatever it is when we first hear of it: then it moves on at once."""
    dispute = Dispute.objects.create(
        attempt=attempt,
        provider_dispute=snapshot.provider_dispute,
        amount=snapshot.amount,
        reason=snapshot.reason[:60],
        respond_by=snapshot.respond_by,
        opened_at=snapshot.opened_at,
    )
    dispute.attempt = attempt
    orders.record(attempt.order, Kind.DISPUTED, detail=f"{_sum(dispute)}, at {attempt.provider}")
    if snapshot.state == State.OPEN:
        _suspend(dispute)
    return dispute


def _follow(dispute: Dispute, snapshot: DisputeSnapshot) -> None:
    withdrawn = dispute.amount if snapshot.is_withdrawn and snapshot.state != State.WON else Decimal(0)
    if dispute.state != snapshot.state and dispute.can_move_to(snapshot.state):
        was_lost = dispute.state == State.LOST
        dispute.move_to(snapshot.state, decided_at=clock.now(), withdrawn=withdrawn)
        order = dispute.attempt.order
        log.info("dispute decided", order=order.number, dispute=dispute.pk, state=dispute.state)
        if dispute.state == State.WON:
            _won(dispute, was_lost=was_lost)
        else:
            _lost(dispute)
    elif dispute.state == snapshot.state:
        changes = {"withdrawn": withdrawn, "respond_by": snapshot.respond_by}
        if any(getattr(dispute, name) != value for name, value in changes.items()):
            Dispute.objects.filter(pk=dispute.pk).update(**changes)


# --- What follows ----------------------------------------------------------------------------------------------------


def _suspend(dispute: Dispute) -> None:
    order = dispute.attempt.order
    if _pays(dispute):
        licenses.suspend(_units(order), reason=REASON, about=dispute.about)
    mails.queue("dispute_opened", dispute.pk)
    alerts.raise_alert(
        "dispute_opened",
        str(dispute.pk),
        f"Order {order.number}: {_sum(dispute)} are disputed at {dispute.attempt.provider}."
        f"{_deadline(dispute.respond_by)}",
    )


def _sum(dispute: Dispute) -> str:
    return named(dispute.amount, dispute.attempt.currency)


def _deadline(respond_by: datetime | None) -> str:
    return f" Send evidence until {moment(respond_by)}." if respond_by else ""


def _won(dispute: Dispute, *, was_lost: bool) -> None:
    order = dispute.attempt.order
    alerts.close_alert("dispute_opened", str(dispute.pk))
    orders.record(order, Kind.DISPUTE_WON)
    units = _units(order)
    if was_lost and order.state != Order.State.CANCELLED and _is_whole(dispute):
        given_back = {unit.pk for unit in refund_seats.ended(units)}  # by refunds: no dispute brings those back
        others = [unit for unit in units if unit.pk not in given_back]
        licenses.assign_again(others, reason=REASON, about=dispute.about)
        keep(order)  # what another dispute of the same order says still stands
    else:
        licenses.lift(units, reason=REASON, about=dispute.about)
    if order.state in {Order.State.PAID, Order.State.ON_HOLD}:
        mails.queue("dispute_won", dispute.pk)
    else:
        alerts.raise_alert(
            "dispute_won",
            str(dispute.pk),
            f"The dispute of order {order.number} is won, but the order isn't paid any more: the money is here again.",
        )


def _lost(dispute: Dispute) -> None:
    order = dispute.attempt.order
    alerts.close_alert("dispute_opened", str(dispute.pk))
    orders.record(order, Kind.DISPUTE_LOST, detail=_sum(dispute))
    is_whole = _is_whole(dispute)
    if is_whole:
        refunds.take_back_keys(_units(order), reason=REASON, about=dispute.about)
    else:
        licenses.lift(_units(order), reason=REASON, about=dispute.about)
    mails.queue("dispute_lost", dispute.pk)
    consequence = "Its keys ended." if is_whole else "It is a part of the payment: see which keys should end."
    alerts.raise_alert(
        "dispute_lost",
        str(dispute.pk),
        f"The dispute of order {order.number} is lost, {_sum(dispute)}. {consequence}",
    )


@receiver(licenses.delivered_late)
def _keep(sender: type[Order], order: Order, **_options: object) -> None:
    keep(order)


def keep(order: Order) -> None:
    """Says again what the disputes of an order say about its keys, after something else gave keys out.

    The caller holds the order's lock.
    """
    standing = Dispute.objects.filter(attempt__order=order, state__in=[State.OPEN, State.LOST])
    for dispute in standing.select_related("attempt"):
        dispute.attempt.order = order
        if dispute.state == State.LOST and _is_whole(dispute):
            refunds.take_back_keys(_units(order), reason=REASON, about=dispute.about)
        elif dispute.state == State.OPEN and _pays(dispute):
            licenses.suspend(_units(order), reason=REASON, about=dispute.about)


def _units(order: Order) -> list[OrderUnit]:
    return list(OrderUnit.objects.filter(line__order=order).select_related("line"))


def _pays(dispute: Dispute) -> bool:
    """Whether the disputed payment still pays for the order: not where it went back by refunds."""
    return _kept(dispute) > 0


def _is_whole(dispute: Dispute) -> bool:
    """Whether nothing of the payment is left when the dispute is lost."""
    return 0 < _kept(dispute) <= dispute.amount


def _kept(dispute: Dispute) -> Decimal:
    """What of the payment no refund gives back. A refund that failed gives nothing back."""
    of_payment = Refund.objects.filter(attempt=dispute.attempt).exclude(state=Refund.State.FAILED)
    return dispute.attempt.amount - (of_payment.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))
