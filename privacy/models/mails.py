"""The outbox: mails that must be sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock


class OutgoingMail(models.Model):
    """A mail that must be sent: the outbox. It holds no address and no text; both are made when it is sent.

    `kind` names a renderer in `privacy.mails`, `object_id` the row it is about. By `dedup_key` one occasion gives one
    mail; the Message-ID follows from it, so a repetition after a crash is recognised as such.
    """

    class State(models.TextChoices):
        PENDING = "pending", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "given up"
        DROPPED = "dropped", "no longer needed"

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    dedup_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="outgoingmail_sent_at_iff_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="pending"), name="outgoingmail_due"),
            models.Index(fields=["kind", "object_id"], name="outgoingmail_about"),
            models.Index(fields=["expires_at", "id"], name="outgoingmail_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
