"""Which mails of the support mailbox were taken."""

from typing import ClassVar

from django.db import models

from privacy import clock
from privacy.models.deletion_requests import DeletionRequest


class ReceivedMail(models.Model):
    """That a mail was looked at, so that it is taken once: by its place in the mailbox, and by a keyed digest of it,
    because servers number mails anew at times. It holds nothing of the mail itself."""

    class Verdict(models.TextChoices):
        REQUEST = "request", "asks for deletion"
        DOUBTFUL = "doubtful", "may ask for deletion"
        PROOF = "proof", "proves an address"
        ANSWER = "answer", "an answer that a person reads"
        WITHDRAWAL = "withdrawal", "withdraws a request"
        BOUNCE = "bounce", "a mail of ours came back"
        HANDLED = "handled", "taken by another part of the shop"
        OTHER = "other", "left alone"
        BROKEN = "broken", "could not be read"
        UNREAD = "unread", "not read yet, is tried again"

    mailbox = models.CharField(max_length=100)
    uid_validity = models.CharField(max_length=40)
    uid = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=clock.now)
    verdict = models.CharField(max_length=12, choices=Verdict)
    tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="In how many runs it could not be read."
    )
    request = models.ForeignKey(DeletionRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="mails")
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="receivedmail_taken_once"),
            models.UniqueConstraint(fields=["mailbox", "digest"], name="receivedmail_same_mail_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="receivedmail_expires")]

    def __str__(self) -> str:
        return f"Mail {self.uid}"
