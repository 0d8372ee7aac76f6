"""Goods: catalog, cart, checkout, orders and tax."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = "Shop"
