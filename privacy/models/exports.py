"""Exports: a person's data as a file that was asked for."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from privacy import clock
from privacy.transitions import StateModel, table

#: For so many days after it was made, the link of an export works.
LINK_DAYS = 7


class Export(StateModel):
    """A person's data as a file: asked for, made by a worker, and deleted as a whole when its link ends.

    It is about an account (`user`) or, where there is none, about an `email` address. An account's is for that person
    alone, whoever asked. An address's is for the staff member who asked (`asked_by`), who hands it over.

    `file` is a zip, encrypted under a key outside the database, and `size` its length in bytes before that.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "being made"
        MADE = "made", "ready"
        FAILED = "failed", "could not be made"

    TRANSITIONS = table("requested -> made failed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="exports"
    )
    email = models.EmailField("e-mail address", max_length=254, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True, help_text="Why a staff member asked.")
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When link, file and this row go.")
    next_try_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    link_nonce = models.UUIDField(default=uuid.uuid4)
    link_hash = models.CharField(max_length=64, unique=True)
    file = models.BinaryField(null=True, blank=True)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]
        default_permissions = ("add", "view")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=["requested", "made", "failed"]), name="export_state_known"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | Q(user__isnull=True) & ~Q(email=""),
                name="export_about_account_or_address",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | ~Q(reason=""), name="export_of_staff_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="made", file__isnull=False) | ~Q(state="made") & Q(file__isnull=True),
                name="export_file_iff_made",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", finished_at__isnull=True)
                | ~Q(state="requested") & Q(finished_at__isnull=False),
                name="export_finished_iff_not_running",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="requested"), name="export_one_running_an_account"
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(state="requested") & ~Q(email=""),
                name="export_one_running_an_address",
                violation_error_message="The export is being made already.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="requested"), name="export_due"),
            models.Index(fields=["expires_at", "id"], name="export_expiry"),
        ]

    def __str__(self) -> str:
        return f"Export {self.pk}"
