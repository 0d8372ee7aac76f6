"""What providers are still to be asked to erase."""

from typing import ClassVar

from django.db import models

from payments.models.attempts import Attempt
from privacy import clock
from privacy.models import DeletionStep


class RedactionItem(models.Model):
    """A payment at a provider whose person asked for deletion: the provider's id, kept until the provider has erased.

    It waits until no refund and no dispute needs the payment any more, and stays when the order's person is gone here.
    `job` is the provider's id of what it was asked to do; `done_at` is when it was done, and the value went.
    """

    step = models.ForeignKey(DeletionStep, on_delete=models.CASCADE, related_name="+")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, help_text="As the provider's file names it.")
    value = models.CharField(max_length=255, blank=True)
    job = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "attempt", "kind"], name="redactionitem_once"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=False, value="", job="")
                | models.Q(done_at__isnull=True) & ~models.Q(value=""),
                name="redactionitem_done_keeps_nothing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="redactionitem_expires")]

    def __str__(self) -> str:
        return f"{self.kind} of attempt {self.attempt_id}"
