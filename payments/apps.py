"""Money: attempts, refunds, webhooks, reconciliation."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Payments"
