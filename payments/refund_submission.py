"""Sending refunds to the provider, and asking about those that are under way. No lock is held meanwhile."""

from datetime import datetime, timedelta

import structlog

from payments import providers, refund_settlement
from payments.models import Refund
from payments.providers.base import ProviderError, RefundSnapshot
from privacy import alerts, clock

log = structlog.get_logger(__name__)
State = Refund.State


def submit_due(limit: int = 50) -> int:
    """Sends the refunds that are due and looks at those under way; returns how many were claimed."""
    due = Refund.objects.filter(state__in=[State.REQUESTED, State.SUBMITTED], next_try_at__lte=clock.now())
    rows = due.order_by("next_try_at", "pk").values_list("pk", "next_try_at", "tries")[:limit]
    claimed = [pk for pk, next_try_at, tries in rows if next_try_at and _claim(pk, next_try_at, tries)]
    for pk in claimed:
        submit(pk)
    return len(claimed)


def _claim(pk: int, seen: datetime, tries: int) -> bool:
    """One UPDATE takes the row: another worker that saw the same time simply loses."""
    pause = timedelta(seconds=min(60 * 2**tries, 6 * 3600))
    taken = Refund.objects.filter(pk=pk, next_try_at=seen)
    return bool(taken.update(next_try_at=clock.now() + pause, tries=tries + 1))


def submit(refund_id: int) -> None:
    """Asks the provider for one refund, or how it stands; a call whose answer was lost is repeated under its key."""
    refund = Refund.objects.select_related("attempt__order").get(pk=refund_id)
    try:
        snapshot = _ask(refund)
    except ProviderError as error:
        log.warning("refund not made", refund=refund.pk, provider=refund.attempt.provider, error=error.code)
        if not error.permanent or refund.state != State.REQUESTED:
            return
        snapshot = RefundSnapshot(
            state=State.FAILED,
            provider_refund="",
            amount=refund.amount,
            currency=refund.attempt.currency,
            problem=error.code,
        )
    if snapshot is not None:
        refund_settlement.apply_snapshot(refund.pk, snapshot)


def _ask(refund: Refund) -> RefundSnapshot | None:
    provider = providers.get(refund.attempt.provider)
    if refund.provider_refund:
        return provider.fetch_refund(refund.provider_refund)
    # After its time the provider has forgotten the key: a repetition might give the money back twice.
    if refund.tries <= 1 or clock.now() - refund.requested_at < provider.remembers:
        return provider.refund(refund)
    found = provider.find_refund(refund)
    if found is None:
        Refund.objects.filter(pk=refund.pk).update(next_try_at=None)
        alerts.raise_alert(
            "refund_unclear",
            str(refund.pk),
            f"Nobody knows whether refund {refund.pk} was made. Look at {provider.name}.",
        )
    return found


def look(provider_name: str, provider_refund: str) -> bool:
    """Applies what the provider says about a refund by its own id, one made there included. False: it isn't ours."""
    snapshot = providers.get(provider_name).fetch_refund(provider_refund)
    of_provider = Refund.objects.filter(attempt__provider=provider_name)
    refund = (
        of_provider.filter(provider_refund=provider_refund).first()
        or of_provider.filter(pk=snapshot.refund or 0).first()
    )
    if refund is None:
        return refund_settlement.adopt(snapshot) is not None
    refund_settlement.apply_snapshot(refund.pk, snapshot)
    return True
