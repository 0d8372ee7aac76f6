"""Where the notice of a deletion goes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock
from privacy.models.deletion_requests import DeletionRequest


class SealedAddress(models.Model):
    """The address for the notice, encrypted under a key of its own. Without the key, what is left opens nothing.

    The key goes 72 hours after a mail server accepted the notice, or when it came back.
    """

    request = models.OneToOneField(DeletionRequest, on_delete=models.CASCADE, related_name="sealed_address")
    ciphertext = models.BinaryField()
    key = models.BinaryField(null=True)
    sealed_at = models.DateTimeField(default=clock.now)
    key_destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "sealed addresses"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(key__isnull=False, key_destroyed_at__isnull=True)
                | Q(key__isnull=True, key_destroyed_at__isnull=False),
                name="sealedaddress_key_or_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"Sealed address of {self.request_id}"
