"""Proof that an address is the asker's."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from privacy import clock
from privacy.models.deletion_requests import DeletionRequest, RequestAddress

#: For so many days after it was made, a token proves something.
PROOF_DAYS = 14


class ProofToken(models.Model):
    """The secret part of a link, and of an address `support+TOKEN@`, in a mail to a person. Stored as a hash only.

    One of kind `proof` confirms an address once; one of kind `notice` only tells which notice came back.
    """

    class Kind(models.TextChoices):
        PROOF = "proof", "proof"
        NOTICE = "notice", "notice"

    class Way(models.TextChoices):
        LINK = "link", "by the link"
        REPLY = "reply", "by a reply"

    request = models.ForeignKey(DeletionRequest, on_delete=models.CASCADE, related_name="tokens")
    address = models.ForeignKey(RequestAddress, null=True, blank=True, on_delete=models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10, choices=Kind)
    token_hash = models.CharField(max_length=64, unique=True)
    nonce = models.UUIDField(help_text="Of the token; without the shop's secret it says nothing.")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)
    used_way = models.CharField(max_length=10, choices=Way, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_way="") | Q(used_at__isnull=False) & ~Q(used_way=""),
                name="prooftoken_used_in_a_way",
            ),
            models.CheckConstraint(
                condition=Q(kind="proof") | Q(kind="notice", used_at__isnull=True),
                name="prooftoken_notice_proves_nothing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="prooftoken_expires")]

    def __str__(self) -> str:
        return f"Token {self.pk} of {self.request_id}"
