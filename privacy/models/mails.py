"""The outbox: mails that must be sent, to whom they were, and the words that managers gave them."""

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
    bounced_at = models.DateTimeField("came back", null=True, blank=True)
    bounce = models.CharField(
        max_length=12,
        blank=True,
        db_default="",
        default="",
        help_text="Why, as a code of RFC 3463: 5.1.1 is no such mailbox.",
    )
    bounce_closed_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody sent it once more, or said that nothing is left to do."
    )
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="outgoingmail_sent_at_iff_sent",
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=False) | Q(bounce_closed_at__isnull=True),
                name="outgoingmail_closed_only_if_back",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["bounced_at"],
                condition=Q(bounced_at__isnull=False, bounce_closed_at__isnull=True),
                name="outgoingmail_back",
            ),
            models.Index(fields=["next_try_at", "id"], condition=Q(state="pending"), name="outgoingmail_due"),
            models.Index(fields=["kind", "object_id"], name="outgoingmail_about"),
            models.Index(fields=["expires_at", "id"], name="outgoingmail_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class MailRecipient(models.Model):
    """To whom a mail went, for thirty days: as long as somebody may ask where it is, or it may come back.

    `message_id` is what a report of a mail server names it by. Mails about deletions have none of this.
    """

    mail = models.OneToOneField(OutgoingMail, on_delete=models.CASCADE, related_name="recipient")
    address = models.EmailField(max_length=254)
    message_id = models.CharField(max_length=200, unique=True)
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="mailrecipient_expires")]

    def __str__(self) -> str:
        return f"Recipient of mail {self.mail_id}"


class MailWording(models.Model):
    """What managers wrote over a kind of mail, in one of its languages: its subject, and an introduction.

    Both are text with the names of values in double braces, which `privacy.mail_wordings` checks and fills in; empty
    stands for the built-in words.
    """

    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=5, default="en")
    subject = models.CharField(max_length=150, blank=True)
    intro = models.TextField(max_length=2000, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ("view", "change")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "language"], name="mailwording_of_each_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.language}"
