"""The cart of a person who is signed in. An anonymous visitor's cart is a signed cookie and has no row."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shop.models.catalog import Edition


class CartLine(models.Model):
    """One edition in an account's cart, with the price that was shown when it was added (to say so when it changes)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cart_lines")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    price_seen = models.DecimalField(max_digits=12, decimal_places=3)
    currency = models.CharField(max_length=3, default="EUR", db_default="EUR", help_text="Of the price.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "edition"], name="cartline_edition_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=999), name="cartline_quantity_1_to_999"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.edition_id}"
