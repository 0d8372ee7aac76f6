"""The inbox of the providers' webhooks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock

#: How the ids begin of what a provider's list told of.
FROM_LIST = "list:"


class WebhookEvent(models.Model):
    """A verified webhook, stored once, without its body: which provider, which event, about which object.

    What only the provider's list told of (`webhooks.take_in`) is kept beside them, under an id of our own.
    """

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["provider", "event_id"], name="webhookevent_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at", "id"], condition=Q(handled_at__isnull=True), name="webhookevent_due"),
            models.Index(fields=["expires_at", "id"], name="webhookevent_expires"),
            models.Index(fields=["object_id"], condition=~Q(object_id=""), name="webhookevent_object"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind}"

    @property
    def is_from_list(self) -> bool:
        """Whether no webhook brought it."""
        return self.event_id.startswith(FROM_LIST)
