"""The inbox: a webhook is a hint. It is verified and kept once, without its body; a worker asks the provider itself."""

from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.db import transaction

from payments import disputes, fraud_warnings, providers, refund_submission, settlement, traces
from payments.models import Attempt, WebhookEvent
from payments.providers.base import NotFound, Notice, Subject, name_of
from privacy import alerts, clock

log = structlog.get_logger(__name__)
MOST_TRIES = 16


def receive(provider_name: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Verifies a webhook over its raw body and keeps it once. False where the shop has no use for it.

    Raises Forged, and ProviderError where it can't be verified now.
    """
    notice = providers.get(provider_name).read_webhook(headers, body)
    if notice is None:
        log.info("webhook of no use", provider=provider_name)
        return False
    _keep(provider_name, notice)
    return True


def take_in(provider_name: str, notice: Notice) -> None:
    """Keeps what a provider's list shows and no webhook told: workers handle it like one."""
    told = WebhookEvent.objects.filter(provider=provider_name, kind=notice.kind, object_id=notice.object_id)
    if not told.exists():
        _keep(provider_name, notice)


def _keep(provider_name: str, notice: Notice) -> None:
    event = WebhookEvent(
        provider=provider_name, event_id=notice.event_id, kind=notice.kind[:80], object_id=notice.object_id
    )
    WebhookEvent.objects.bulk_create([event], ignore_conflicts=True)


def handle_due(limit: int = 100) -> int:
    """Handles the events whose time has come, one after the other; returns how many."""
    count = 0
    while count < limit and (event := _claim()) is not None:
        handle(event)
        count += 1
    return count


@transaction.atomic
def _claim() -> WebhookEvent | None:
    due = WebhookEvent.objects.filter(handled_at__isnull=True, next_try_at__lte=clock.now())
    event = due.select_for_update(skip_locked=True).order_by("next_try_at", "id").first()
    if event is not None:
        event.next_try_at = clock.now() + timedelta(seconds=min(5 * 2**event.tries, 3600))
        event.tries += 1
        event.save(update_fields=["next_try_at", "tries"])
    return event


def handle(event: WebhookEvent) -> None:
    """Asks the provider about the object of an event and applies the answer. What fails is tried again later."""
    try:
        is_known = _act(event)
    except NotFound:
        is_known = False
    except Exception as error:  # noqa: BLE001  (whatever an event meets, the next one is handled)
        log.warning("webhook not handled", provider=event.provider, event_kind=event.kind, error=name_of(error))
        if event.tries < MOST_TRIES:
            return
        alerts.raise_alert(
            "webhook_stuck", str(event.pk), f"Event {event.pk} of {event.provider} could not be handled."
        )
        is_known = True
    if not is_known:
        log.info(
            "webhook about nothing of ours", provider=event.provider, event_kind=event.kind, event_id=event.event_id
        )
    WebhookEvent.objects.filter(pk=event.pk, handled_at__isnull=True).update(handled_at=clock.now())


def _act(event: WebhookEvent) -> bool:
    """False where the object isn't ours."""
    match providers.get(event.provider).subject_of(event.kind):
        case Subject.REFUND:
            return refund_submission.look(event.provider, event.object_id)
        case Subject.DISPUTE:
            return disputes.look(event.provider, event.object_id, event_id=event.pk)
        case Subject.FRAUD_WARNING:
            return fraud_warnings.heed(event.provider, event.object_id, event_id=event.pk)
    attempt = traces.of_event(event.provider, event.kind, event.object_id)
    if attempt is None:
        return False
    behind = providers.get(event.provider).refunds_behind(event.kind, event.object_id)
    if attempt.state != Attempt.State.CAPTURED:  # what follows a capture has events of its own
        settlement.look(attempt, event_id=None if behind else event.pk)
    for provider_refund in behind:
        refund_submission.look(event.provider, provider_refund)
    return True
