"""What a deletion will do, and how far it is."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from privacy import clock
from privacy.models.deletion_requests import DeletionRequest


class DeletionPlan(models.Model):
    """What is erased, restricted or refused, as it was shown to whoever approved it: words and counts, no values.

    `digest` is the SHA-256 of `content`; `inventory_digest` says by which inventory it was made.
    """

    request = models.ForeignKey(DeletionRequest, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    inventory_digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "number"], name="deletionplan_number_once"),
        ]

    def __str__(self) -> str:
        return f"Plan {self.number} of {self.request_id}"


class DeletionStep(models.Model):
    """One step of carrying a request out. Steps are idempotent: one that was interrupted is done again."""

    class Kind(models.TextChoices):
        LOCAL = "local", "here"
        PROVIDER = "provider", "at a service provider"
        MANUAL = "manual", "by hand at a service provider"

    class State(models.TextChoices):
        PENDING = "pending", "to do"
        WAITING = "waiting", "waits"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    request = models.ForeignKey(DeletionRequest, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.LOCAL)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    count = models.PositiveIntegerField(default=0, help_text="Rows, or things, that the step removed.")
    detail = models.CharField(max_length=300, blank=True, help_text="Words and counts; never a person's values.")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    next_try_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "name"], name="deletionstep_once"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
                name="deletionstep_done_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(state__in=["pending", "waiting"]), name="deletionstep_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.request_id}"
