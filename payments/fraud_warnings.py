"""Warnings of fraud: the issuer of a card suspects it, before anybody disputes the payment."""

from django.db import transaction

from payments import providers, refunds, traces
from payments.models import WebhookEvent
from privacy import alerts, clock
from shop import orders
from shop.models import Order

SUSPECTED = "The issuer of the card suspects fraud."


def heed(provider: str, warning_id: str, *, event_id: int) -> bool:
    """Puts the order of a warning on hold for a person; none of its sealed keys can be opened meanwhile.

    Only a call is left to make where the order is no longer one, and nothing where its money went back. False where the
    payment isn't ours. The event is marked in the same transaction: a warning that was heeded is not heeded again after
    a person released the order, whether a webhook tells of it or the provider's list. Raises ProviderError.
    """
    attempt = traces.of_payment(provider, providers.get(provider).warned_payment(warning_id))
    if attempt is None:
        return False
    with transaction.atomic():
        order = orders.lock(attempt.order_id)
        if WebhookEvent.objects.filter(pk=event_id, handled_at__isnull=True).update(handled_at=clock.now()) == 0:
            return True
        told = WebhookEvent.objects.filter(provider=provider, object_id=warning_id, handled_at__isnull=False)
        if told.exclude(pk=event_id).exists():
            return True
        if refunds.left_of(attempt) <= 0:
            return True
        if order.state in {Order.State.PENDING_PAYMENT, Order.State.PAID}:
            orders.hold(order.pk, by=None, reason=SUSPECTED)
        alerts.raise_alert("fraud_warning", order.number, f"Order {order.number} waits for you. {SUSPECTED}")
    return True
