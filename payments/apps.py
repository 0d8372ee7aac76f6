"""Money: attempts, refunds, webhooks, reconciliation."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Payments"

    def ready(self) -> None:
        from payments import checks, dispute_mails, methods, order_desk, order_money, order_panel, refund_mails, story  # noqa: F401
        from shop import order_money as asked

        asked.register(order_money.Money())
        methods.register()
