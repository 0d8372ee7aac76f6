"""Goods: catalog, cart, checkout, orders and tax."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        from shop import cart, order_mails, signals  # noqa: F401  (the first two register themselves)

        signals.connect()
