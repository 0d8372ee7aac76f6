"""Goods: catalog, cart, checkout, orders and tax."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = "Shop"

    def ready(self) -> None:
        from shop import (  # noqa: F401
            cart,
            checks,
            consent,
            order_consents,
            order_mails,
            page_drafts,
            signals,
            tax_desk,
        )
        from shop.posts import mails  # noqa: F401

        signals.connect()
        post_migrate.connect(page_drafts.make_drafts, sender=self)
