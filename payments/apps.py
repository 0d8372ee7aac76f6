"""Money: attempts, refunds, webhooks, reconciliation."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Payments"

    def ready(self) -> None:
        from accounts import cases
        from payments import (  # noqa: F401
            case_refunds,
            checks,
            dispute_mails,
            fraud_desk,
            fraud_mails,
            fraud_panel,
            instruction_mails,
            methods,
            order_desk,
            order_money,
            order_panel,
            provider_erasure,
            refund_mails,
            story,
        )
        from shop import order_money as asked

        asked.register(order_money.Money())
        cases.register_refunds(case_refunds.Refunds())
        methods.register()
        provider_erasure.register()
