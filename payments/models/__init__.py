"""The tables of payments."""

from payments.models.aftermath import Aftermath
from payments.models.attempts import OPEN, Attempt, ProviderCall, Reference
from payments.models.disputes import Dispute
from payments.models.events import WebhookEvent
from payments.models.fraud import FraudAssessment, FraudRules, FraudSighting
from payments.models.redactions import RedactionItem
from payments.models.refunds import Refund, RefundUnit
from payments.models.statements import Statement

__all__ = [
    "OPEN",
    "Aftermath",
    "Attempt",
    "Dispute",
    "FraudAssessment",
    "FraudRules",
    "FraudSighting",
    "ProviderCall",
    "RedactionItem",
    "Reference",
    "Refund",
    "RefundUnit",
    "Statement",
    "WebhookEvent",
]
