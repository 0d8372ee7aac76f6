"""What is written in a request: messages with their files, and answers that fit many."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.cases import CaseParty
from privacy import clock


class CaseMessage(models.Model):
    """What was written: by the customer, by us, or by staff for staff (`note`)."""

    class Sort(models.TextChoices):
        CUSTOMER = "customer", "the customer"
        SHOP = "shop", "the shop"
        NOTE = "note", "a note for colleagues"

    class Way(models.TextChoices):
        PAGE = "page", "on the page"
        MAIL = "mail", "by mail"
        DESK = "desk", "at the desk"

    party = models.ForeignKey(CaseParty, on_delete=models.CASCADE, related_name="messages")
    sort = models.CharField(max_length=10, choices=Sort)
    way = models.CharField(max_length=6, choices=Way)
    text = models.TextField(max_length=10_000)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    message_id = models.CharField(max_length=255, blank=True, help_text="Of the mail that it came in.")

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="casemessage_says_something"),
            models.CheckConstraint(
                condition=~Q(sort="customer") | Q(by__isnull=True), name="casemessage_customer_is_no_staff"
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"


class CaseAttachment(models.Model):
    """A file that came with a message: a picture drawn anew, a PDF or plain text, as its bytes say.

    It stands in the database, so that it goes in the transaction in which its case's person goes, and with each backup.
    """

    message = models.ForeignKey(CaseMessage, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField(help_text="In bytes.")
    content = models.BinaryField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(media_type__in=["image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"]),
                name="caseattachment_kind_known",
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="caseattachment_not_empty"),
        ]

    def __str__(self) -> str:
        return f"Attachment {self.pk}"


class CannedAnswer(models.Model):
    """An answer that fits many cases. `{name}`, `{number}` and `{order}` stand for those of the case."""

    title = models.CharField(max_length=80, unique=True)
    text = models.TextField(max_length=5_000)

    class Meta:
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title
