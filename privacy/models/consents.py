"""What people agreed to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from privacy import clock


class Consent(models.Model):
    """A yes of a signed-in person to one text, with the moments at which it was given and at which it ended.

    `key` says for what; `version` and `digest` say to which words. A row is written once and ended once; nothing else
    of it changes. `expires_at`, which a trigger writes, is when the proof is no longer
    needed and the row goes.
    """

    class End(models.TextChoices):
        WITHDRAWN = "withdrawn", "taken back"
        REPLACED = "replaced", "replaced by a newer text"
        ACCOUNT = "account", "the account ended"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="consents")
    key = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the words, in hex.")
    given_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=10, choices=End, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-given_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(ended_at__isnull=True), name="consent_one_open_per_purpose"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, ended_at__gte=F("given_at"), end__in=["withdrawn", "replaced", "account"]),
                name="consent_end_is_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="consent_expires")]

    def __str__(self) -> str:
        return f"Consent {self.pk} to {self.key} {self.version}"
