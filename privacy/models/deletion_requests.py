"""Requests for deletion: facts that name nobody, the person apart, and the story."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from privacy import clock
from privacy.transitions import StateModel, table


class DeletionRequest(StateModel):
    """Somebody asked for deletion (GDPR Art. 17), in facts that name nobody; who it was stands in `RequestSubject`.

    `due_at` is the end of the legal time to answer, `told_at` when a mail server accepted the notice. `receipt` proves
    what was done in counts and digests, without a value. `retained` says that something stays, restricted.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "received"
        TRIAGED = "triaged", "taken up"
        IDENTITY_PENDING = "identity_pending", "waits for proof"
        VERIFIED = "verified", "proven"
        PLANNED = "planned", "planned"
        APPROVED = "approved", "approved"
        EXECUTING = "executing", "being carried out"
        VERIFYING = "verifying", "being checked"
        NOTIFYING = "notifying", "being told"
        COMPLETED = "completed", "completed"
        COMPLETED_WITH_RETENTION = "completed_with_retention", "completed, part is kept"
        DUPLICATE = "duplicate", "duplicate"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"
        UNVERIFIED_CLOSED = "unverified_closed", "closed without proof"

    class Channel(models.TextChoices):
        MAIL = "mail", "mail"
        PHONE = "phone", "phone"
        LETTER = "letter", "letter"
        DESK = "desk", "desk"

    class Law(models.TextChoices):
        GDPR = "gdpr", "GDPR"
        CCPA = "ccpa", "CCPA (California)"

    TRANSITIONS = table(
        "received -> triaged duplicate refused withdrawn;"
        "triaged -> identity_pending duplicate refused withdrawn;"
        "identity_pending -> verified duplicate refused withdrawn unverified_closed;"
        "verified -> planned duplicate refused withdrawn;"
        "planned -> approved verified duplicate refused withdrawn;"
        "approved -> executing planned withdrawn;"
        "executing -> verifying; verifying -> executing notifying;"
        "notifying -> completed completed_with_retention executing"
    )
    #: States in which the request is over.
    CLOSED = (
        State.COMPLETED,
        State.COMPLETED_WITH_RETENTION,
        State.DUPLICATE,
        State.REFUSED,
        State.WITHDRAWN,
        State.UNVERIFIED_CLOSED,
    )

    state = models.CharField(max_length=30, choices=State, default=State.RECEIVED)
    channel = models.CharField(max_length=10, choices=Channel)
    law = models.CharField(max_length=10, choices=Law, default=Law.GDPR)
    language = models.CharField(max_length=2, blank=True, help_text="Of the request, where it is known: de, en ...")
    is_doubtful = models.BooleanField(default=False, help_text="A person says first whether it asks for deletion.")
    received_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(help_text="End of the legal time to answer.")
    extended_at = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    needs_two = models.BooleanField(default=False, help_text="Planned and approved by two people.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When a mail server accepted the notice.")
    bounced_at = models.DateTimeField(null=True, blank=True, help_text="When the notice came back.")
    closed_at = models.DateTimeField(null=True, blank=True)
    retained = models.BooleanField(default=False)
    receipt = models.JSONField(default=dict, blank=True)
    rounds = models.PositiveSmallIntegerField(default=0, help_text="How often residue sent it back.")
    next_try_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True, help_text="Why it doesn't go on, in a word.")
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        default_permissions = ("add", "view")
        permissions: ClassVar = [
            ("handle_deletionrequest", "Can take up, plan, refuse and close deletion requests"),
            ("approve_deletionrequest", "Can approve a deletion"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "completed",
                        "completed_with_retention",
                        "duplicate",
                        "refused",
                        "withdrawn",
                        "unverified_closed",
                    ],
                    closed_at__isnull=False,
                )
                | Q(
                    state__in=[
                        "received",
                        "triaged",
                        "identity_pending",
                        "verified",
                        "planned",
                        "approved",
                        "executing",
                        "verifying",
                        "notifying",
                    ],
                    closed_at__isnull=True,
                ),
                name="deletionrequest_closed_iff_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["completed", "completed_with_retention"]) | Q(told_at__isnull=False),
                name="deletionrequest_completed_is_told",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed", retained=True) & ~Q(state="completed_with_retention", retained=False),
                name="deletionrequest_completed_says_retention",
            ),
            models.CheckConstraint(
                condition=Q(needs_two=False) | Q(approved_by__isnull=True) | ~Q(approved_by=F("planned_by")),
                name="deletionrequest_two_people",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("received_at")), name="deletionrequest_due_after_receipt"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="deletionrequest_open"),
            models.Index(fields=["next_try_at", "id"], condition=Q(closed_at__isnull=True), name="deletionrequest_try"),
            models.Index(fields=["expires_at", "id"], name="deletionrequest_expires"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people call it."""
        return f"D-{self.pk:06d}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class RequestSubject(models.Model):
    """Who asked, and in which words: all that a request knows of a person. It goes once the notice was accepted, or
    two weeks after the request ended otherwise (`ended_at`)."""

    request = models.OneToOneField(DeletionRequest, on_delete=models.CASCADE, related_name="subject")
    sender = models.CharField(max_length=320, blank=True, help_text="From of the mail. It proves nothing.")
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200, blank=True, help_text="Subject of the mail.")
    text = models.TextField(max_length=4000, blank=True)
    reasons = models.JSONField(default=list, blank=True, help_text="Which rules recognised it, in words.")
    hints = models.JSONField(default=dict, blank=True, help_text="SPF, DKIM and DMARC as our own server saw them.")
    message_id = models.CharField(max_length=255, blank=True)
    answer = models.CharField(
        max_length=300, blank=True, help_text="Why it is refused or takes longer, as the person is told."
    )
    note = models.TextField(max_length=2000, blank=True, help_text="Of the staff, for the staff.")
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="requestsubject_expires")]

    def __str__(self) -> str:
        return f"Subject of {self.request_id}"


class RequestAddress(models.Model):
    """An address that a request is about. Only those that were proven (`proved_at`) lead to rows.

    `open_address` is the address in lower case while the request is open: about one address there is one open request.
    """

    subject = models.ForeignKey(RequestSubject, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=254)
    open_address = models.CharField(max_length=254, null=True, unique=True)  # noqa: DJ001  (NULL: not open)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"Address {self.pk} of {self.subject_id}"


class RequestEvent(models.Model):
    """What happened to a request, in order of time, and the staff member who did it, if one did."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "Request received"
        TRIAGED = "triaged", "Taken up"
        ADDRESS_ADDED = "address_added", "Address added"
        PROOF_ASKED = "proof_asked", "Proof asked"
        PROVED = "proved", "Address proven"
        PROOF_DOUBTFUL = "proof_doubtful", "Answer to the proof needs a person"
        PROOF_BOUNCED = "proof_bounced", "Mail asking for proof came back"
        PLANNED = "planned", "Plan made"
        OUTDATED = "outdated", "Plan outdated"
        APPROVED = "approved", "Approved"
        TAKEN_BACK = "taken_back", "Approval taken back"
        EXTENDED = "extended", "Time extended"
        STARTED = "started", "Deletion started"
        STEP_DONE = "step_done", "Step done"
        CHECKED = "checked", "Looked for what is left"
        RESIDUE = "residue", "Something was left"
        NOTICE_WRITTEN = "notice_written", "Notice written"
        TOLD = "told", "Notice accepted by the mail server"
        BOUNCED = "bounced", "Notice came back"
        PROVIDER = "provider", "Service provider"
        COMPLETED = "completed", "Completed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DUPLICATE = "duplicate", "Duplicate"
        UNVERIFIED = "unverified", "Closed without proof"
        MESSAGE = "message", "Message received"

    request = models.ForeignKey(DeletionRequest, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.CharField(max_length=300, blank=True, help_text="Words and counts; never a person's values.")

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()
