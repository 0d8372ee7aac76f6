"""What is written about an order after its person has left it."""

from typing import ClassVar

from django.db import models

from privacy import clock
from shop.models import Order


class Aftermath(models.Model):
    """Something was written about an order whose party is gone: late money, its refund, a dispute, work of the staff.

    Triggers write these rows (`payments_aftermath_of` in the migrations). What goes with a party goes with this row
    too, some days after `written_at`; `expires_at` is empty while a refund, a dispute or a hold is under way.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="aftermath")
    written_at = models.DateTimeField(default=clock.now, help_text="When the last of it was written.")
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions: ClassVar = ()
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="aftermath_due")]

    def __str__(self) -> str:
        return f"Aftermath of order {self.order_id}"
