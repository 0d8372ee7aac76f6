"""The tables of payments."""

from payments.models.attempts import Attempt, ProviderCall, Reference
from payments.models.events import WebhookEvent
from payments.models.refunds import Refund, RefundUnit

__all__ = ["Attempt", "ProviderCall", "Reference", "Refund", "RefundUnit", "WebhookEvent"]
