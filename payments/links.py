"""Absolute addresses to which a provider sends the buyer back."""

from django.conf import settings
from django.urls import reverse

from shop import orders
from shop.models import Order


def back(provider: str, order: Order) -> str:
    """Where the buyer lands after paying."""
    return f"{settings.SITE_URL}{reverse('payment_return', args=[provider, orders.token(order)])}"


def cancelled(provider: str, order: Order) -> str:
    """Where the buyer lands after turning back without paying."""
    return f"{settings.SITE_URL}{reverse('payment_cancel', args=[provider, orders.token(order)])}"
