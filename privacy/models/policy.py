"""The versions of the privacy policy."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock


class PolicyVersion(models.Model):
    """What the policy said from a moment on. A row is written once: PostgreSQL refuses to change or delete it.

    `content` is the whole text in parts (`privacy.policy_document`), `digest` the SHA-256 of it. A policy that returns
    to an earlier text gets a new number, so a digest may come again.
    """

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-number"]
        permissions: ClassVar = [("view_processing_record", "Can see the record of processing")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="policyversion_numbers_start_at_1"),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="policyversion_digest")]

    def __str__(self) -> str:
        return f"version {self.number}"
