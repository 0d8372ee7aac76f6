"""Legal holds: rows that must be kept beyond their period."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from privacy import clock


class LegalHold(models.Model):
    """Why one row (`model`, `object_id`) is kept beyond its period: until a moment, or until the hold is lifted.

    A trigger moves the row's dates in the transaction that writes a hold, whoever writes it. `expires_at` is when the
    hold itself goes, its reason and its names with it.
    """

    model = models.CharField(max_length=80, help_text="Label of the model, such as shop.OrderParty.")
    object_id = models.CharField(max_length=255)
    reason = models.CharField(max_length=200)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    placed_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is lifted.")
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-placed_at", "-id"]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("place_legalhold", "Can place a legal hold"),
            ("lift_legalhold", "Can lift a legal hold"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="legalhold_has_reason"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("placed_at")), name="legalhold_ends_after_start"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["model", "object_id"], condition=Q(lifted_at__isnull=True), name="legalhold_of_row"),
            models.Index(fields=["expires_at", "id"], name="legalhold_due"),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk} on {self.model} {self.object_id}"
