"""The inbox: a webhook is a hint. It is verified and kept once, without its body; a worker asks the provider itself."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import structlog
from django.db import transaction

from payments import providers, refund_submission, settlement
from payments.models import Attempt, Reference, WebhookEvent
from payments.providers.base import NotFound, Trace, name_of
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
    event = WebhookEvent(
        provider=provider_name, event_id=notice.event_id, kind=notice.kind[:80], object_id=notice.object_id
    )
    WebhookEvent.objects.bulk_create([event], ignore_conflicts=True)
    return True


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
    if providers.get(event.provider).is_about_refund(event.kind):
        return refund_submission.look(event.provider, event.object_id)
    attempt = _attempt_of(event)
    if attempt is None:
        return False
    if attempt.state != Attempt.State.CAPTURED:  # nothing but a refund follows a capture
        settlement.look(attempt, event_id=event.pk)
    return True


def _attempt_of(event: WebhookEvent) -> Attempt | None:
    """By the provider's id, or by what we wrote into the object where the event is faster than our own commit."""
    attempt = _known([event.object_id], event.provider)
    if attempt is not None:
        return attempt
    trace = providers.get(event.provider).trace(event.kind, event.object_id)
    if trace is None:
        return None
    return _known(trace.references.values(), event.provider) or _labeled(trace, event.provider)


def _labeled(trace: Trace, provider: str) -> Attempt | None:
    """By the label, where nothing speaks against it: another shop on the same account may have written the same."""
    attempt = Attempt.objects.labeled(trace.label, provider=provider)
    if attempt is None or (trace.amount, trace.currency) != (attempt.amount, attempt.currency):
        return None
    if any(attempt.reference(kind) not in {"", value} for kind, value in trace.references.items()):
        return None  # ours is another one
    if trace.references:
        settlement.save_references(attempt, trace.references)
        del attempt.reference_values
    return attempt


def _known(values: Iterable[str], provider: str) -> Attempt | None:
    known = Reference.objects.filter(value__in=list(values), attempt__provider=provider).values("attempt")
    return Attempt.objects.select_related("order").filter(pk__in=known).first()
