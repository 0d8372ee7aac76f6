"""Sending refunds to the provider, and asking about those that are under way. No lock is held meanwhile."""

from datetime import datetime, timedelta

import structlog

from payments import providers, refund_settlement, traces
from payments.models import Reference, Refund
from payments.money import named
from payments.providers.base import ProviderError, RefundSnapshot, name_of
from privacy import alerts, clock

log = structlog.get_logger(__name__)
State = Refund.State
#: After so many tries, a day, a person is told; it is tried on nevertheless: the money is owed.
MOST_TRIES = 12


def submit_due(limit: int = 50) -> int:
    """Sends the refunds that are due and looks at those under way; returns how many were claimed."""
    due = Refund.objects.filter(state__in=[State.REQUESTED, State.SUBMITTED], next_try_at__lte=clock.now())
    count = 0
    for pk, seen, tries in list(due.order_by("next_try_at", "pk").values_list("pk", "next_try_at", "tries")[:limit]):
        if seen and _claim(pk, seen, tries):
            submit(pk)
            count += 1
    return count


def _claim(pk: int, seen: datetime, tries: int) -> bool:
    """One UPDATE takes the row: another worker that saw the same time simply loses."""
    pause = timedelta(seconds=min(60 * 2**tries, 6 * 3600))
    taken = Refund.objects.filter(pk=pk, next_try_at=seen)
    return bool(taken.update(next_try_at=clock.now() + pause, tries=tries + 1))


def submit(refund_id: int) -> None:
    """Asks the provider for one refund, or how it stands; a call whose answer was lost is repeated under its key.

    What fails is tried again later.
    """
    refund = Refund.objects.select_related("attempt__order").get(pk=refund_id)
    try:
        snapshot = _answer(refund)
        if snapshot is not None:
            refund_settlement.apply_snapshot(refund.pk, snapshot)
    except Exception as error:  # noqa: BLE001  (whatever a refund meets, the next one is sent)
        log.warning("refund not made", refund=refund.pk, provider=refund.attempt.provider, error=name_of(error))
        if refund.tries >= MOST_TRIES:
            alerts.raise_alert(
                "refund_stuck",
                str(refund.pk),
                f"Refund {refund.pk} of order {refund.attempt.order.number} can't be made. It is tried on.",
            )


def _answer(refund: Refund) -> RefundSnapshot | None:
    """What the provider says; that it refuses for ever to make a refund is an answer too."""
    try:
        return _ask(refund)
    except ProviderError as error:
        if not error.permanent or refund.state != State.REQUESTED:
            raise
        log.warning("refund refused", refund=refund.pk, provider=refund.attempt.provider, error=error.code)
        return RefundSnapshot(
            state=State.FAILED,
            provider_refund="",
            amount=refund.amount,
            currency=refund.attempt.currency,
            problem=error.code,
        )


def _ask(refund: Refund) -> RefundSnapshot | None:
    provider = providers.get(refund.attempt.provider)
    if provider.is_by_hand:
        return _by_hand(refund)
    if refund.provider_refund:
        return provider.fetch_refund(refund.provider_refund)
    # After its time the provider has forgotten the key: a repetition might give the money back twice.
    if refund.tries <= 1 or clock.now() - refund.requested_at < provider.remembers:
        return provider.refund(refund)
    made = provider.refunds_of(refund.attempt)
    found = next((snapshot for snapshot in made if snapshot.refund == refund.pk), None)
    if found is None:
        Refund.objects.filter(pk=refund.pk).update(next_try_at=None)
        alerts.raise_alert(
            "refund_unclear",
            str(refund.pk),
            f"Nobody knows whether refund {refund.pk} was made. Look at {provider.name}.",
        )
    return found


def _by_hand(refund: Refund) -> RefundSnapshot | None:
    """Calls a person to send the money, who records that it has left. Nobody is asked again."""
    Refund.objects.filter(pk=refund.pk).update(next_try_at=None)
    if refund.state == State.SUBMITTED:
        return None
    alerts.raise_alert(
        "refund_by_hand",
        str(refund.pk),
        f"Send {named(refund.amount, refund.attempt.currency)} of order {refund.attempt.order.number} back to the "
        f"buyer's bank account, then record it on refund {refund.pk}.",
    )
    return providers.get(refund.attempt.provider).refund(refund)


def look(provider_name: str, provider_refund: str) -> bool:
    """Applies what the provider says about a refund by its own id, one made there included. False: it isn't ours."""
    snapshot = providers.get(provider_name).fetch_refund(provider_refund)
    of_provider = Refund.objects.filter(attempt__provider=provider_name)
    refund = of_provider.filter(provider_refund=provider_refund).first()
    if refund is None and snapshot.refund:
        # It bears our id. So may one of another shop on the same account: it counts if it is of the same payment.
        refund = of_provider.select_related("attempt__order").filter(pk=snapshot.refund, provider_refund="").first()
        if refund is not None and not _is_of_same_payment(refund, snapshot):
            refund_settlement.warn_of_another(refund)
            return False
    if refund is None:
        if snapshot.payment is not None:
            traces.of_payment(provider_name, snapshot.payment)  # the payment's own event may be later
        return refund_settlement.adopt(snapshot) is not None
    refund_settlement.apply_snapshot(refund.pk, snapshot)
    return True


def _is_of_same_payment(refund: Refund, snapshot: RefundSnapshot) -> bool:
    if snapshot.payment is None:
        return False
    kind, value = snapshot.payment
    return Reference.objects.filter(attempt=refund.attempt_id, kind=kind, value=value).exists()
