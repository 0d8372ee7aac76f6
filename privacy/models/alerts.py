"""What a person must look at."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock


class Alert(models.Model):
    """Something that a person must look at, shown on the admin's start page until it is closed. It names ids only."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    message = models.CharField(max_length=300)
    opened_at = models.DateTimeField(default=clock.now)
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="When the mail to managers about it was written.")
    closed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(closed_at__isnull=True), name="alert_open_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at", "id"], name="alert_expires"),
            models.Index(fields=["id"], condition=Q(mailed_at__isnull=True), name="alert_not_mailed"),
        ]

    def __str__(self) -> str:
        return self.message
