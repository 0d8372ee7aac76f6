"""What a provider says about a refund becomes what the shop knows, in one transaction, under the order's lock."""

import structlog
from django.db import transaction

from accounts import licenses
from payments import case_refunds, credit_notes, disputes, refund_seats, refund_shares, refund_tax, refunds
from payments.models import Attempt, Reference, Refund
from payments.money import named
from payments.providers.base import RefundSnapshot
from payments.refunds import REASON
from privacy import alerts, clock, mails
from shop import orders
from shop.models import Order, OrderEvent

log = structlog.get_logger(__name__)
State, Kind = Refund.State, OrderEvent.Kind


@transaction.atomic
def apply_snapshot(refund_id: int, snapshot: RefundSnapshot) -> Refund:
    """Moves a refund to where the provider says it is, with units, keys and mail. Quiet where it is there already.

    What has another amount or currency is not this refund: it changes nothing, and a person is told.
    """
    order = Order.objects.select_for_update(of=("self",)).get(attempts__refunds__pk=refund_id)
    refund = Refund.objects.select_related("attempt").get(pk=refund_id)
    refund.attempt.order = order
    if (snapshot.amount, snapshot.currency) != (refund.amount, refund.attempt.currency):
        warn_of_another(refund)
        return refund
    if snapshot.provider_refund and not refund.provider_refund:
        refund.provider_refund = snapshot.provider_refund
        refund.save(update_fields=["provider_refund"])
    if refund.state == State.REQUESTED and snapshot.state in {State.SUBMITTED, State.SUCCEEDED}:
        refund.move_to(State.SUBMITTED)
    if refund.state != snapshot.state and refund.can_move_to(snapshot.state):
        previous = refund.state
        refund.move_to(snapshot.state, finished_at=clock.now(), next_try_at=None, problem=snapshot.problem[:60])
        log.info("refund moved", order=order.number, refund=refund.pk, previous=previous, state=refund.state)
        if refund.state == State.SUCCEEDED:
            _succeeded(order, refund)
        else:
            _failed(order, refund, is_late=previous == State.SUCCEEDED)
    return refund


def warn_of_another(refund: Refund) -> None:
    """Calls a person: what the provider says under this refund's name is about other money, and was ignored."""
    provider, order = refund.attempt.provider, refund.attempt.order
    alerts.raise_alert(
        "refund_mismatch",
        str(refund.pk),
        f"A refund at {provider} bears the id of refund {refund.pk} of order {order.number}, but payment, amount or "
        "currency differ. It was ignored.",
    )


def _succeeded(order: Order, refund: Refund) -> None:
    refunds.take_back_keys(refund_seats.ended(refunds.units_of(refund)), about=refund.about)
    orders.record(order, Kind.REFUNDED, detail=named(refund.amount, refund.attempt.currency))
    mails.queue("refund_made", refund.pk)
    credit_notes.of_success(order, refund)
    case_refunds.tell(refund, succeeded=True)


def _failed(order: Order, refund: Refund, *, is_late: bool) -> None:
    """The money stayed here, or came back. Keys work again, save those of an order that is no longer one."""
    if not is_late:
        refunds.detach_units(refund)
    else:
        units = refunds.units_of(refund)
        refunds.give_seats_back(refund, units)
        if order.state == Order.State.PAID:
            licenses.assign_again(units, reason=REASON, about=refund.about)
    disputes.keep(order)
    if is_late:
        mails.queue("refund_failed", refund.pk)
        credit_notes.of_late_failure(order, refund)
    case_refunds.tell(refund, succeeded=False)
    orders.record(order, Kind.REFUND_FAILED, detail=refund.problem)
    alerts.raise_alert(
        "refund_failed",
        str(refund.pk),
        f"Refund {refund.pk} of order {order.number} failed. The customer has no money yet.",
    )


@transaction.atomic
def adopt(snapshot: RefundSnapshot) -> Refund | None:
    """Takes in a refund that was made at the provider; it is born in the state that it has there.

    A full one takes all units, any other none; a person is told. None where the payment isn't ours, or it failed.
    """
    if snapshot.payment is None or snapshot.state == State.FAILED:
        return None
    kind, value = snapshot.payment
    found = Reference.objects.filter(kind=kind, value=value).values_list("attempt__order_id", "attempt_id").first()
    if found is None:
        return None
    order = orders.lock(found[0])
    known = Refund.objects.filter(provider_refund=snapshot.provider_refund).first()
    attempt = Attempt.objects.get(pk=found[1])
    attempt.order = order
    if known is not None or attempt.state != Attempt.State.CAPTURED or attempt.currency != snapshot.currency:
        return known
    # What a dispute withdrew doesn't count here: whichever of the two is heard of first, a full refund takes all units.
    before = Refund.objects.filter(attempt=attempt).exclude(state=State.FAILED)
    units = refund_shares.units_left(order) if snapshot.amount == attempt.amount and not before.exists() else []
    is_full = bool(units) and sum(share.amount for share in units) == snapshot.amount
    refund = Refund.objects.create(
        attempt=attempt,
        kind=Refund.Kind.UNITS if is_full else Refund.Kind.AMOUNT,
        state=snapshot.state,
        amount=snapshot.amount,
        tax=refund_tax.of_units(attempt, units) if is_full else refund_tax.of_amount(order, snapshot.amount),
        reason="Made at the provider.",
        provider_refund=snapshot.provider_refund,
        next_try_at=clock.now() if snapshot.state == State.SUBMITTED else None,
        finished_at=clock.now() if snapshot.state == State.SUCCEEDED else None,
    )
    if is_full:
        refunds.attach_units(refund, units)
    orders.record(
        order, Kind.REFUND_REQUESTED, detail=f"{named(refund.amount, attempt.currency)}, at {attempt.provider}"
    )
    if refund.state == State.SUCCEEDED:
        _succeeded(order, refund)
    alerts.raise_alert(
        "refund_at_provider",
        str(refund.pk),
        f"Refund {refund.pk} of order {order.number} was made at {attempt.provider}.",
    )
    return refund
