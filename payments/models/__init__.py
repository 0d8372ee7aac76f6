"""The tables of payments."""

from payments.models.attempts import OPEN, Attempt, ProviderCall, Reference
from payments.models.events import WebhookEvent
from payments.models.refunds import Refund, RefundUnit

__all__ = ["OPEN", "Attempt", "ProviderCall", "Reference", "Refund", "RefundUnit", "WebhookEvent"]
