"""Requests of customers: facts that name nobody, the person apart, the money, and the story."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from privacy import clock
from privacy.transitions import StateModel, table
from shop.models import Order


class Case(StateModel):
    """A customer wants something (P6b), in facts that name nobody; who it is stands in `CaseParty`.

    `due_at` is until when we answer, `needs_person` that a member of staff goes on whatever the state is. `link_hash`
    finds the case by the link in our mails, `mail_hash` by the address that answers to them go to; only the party's
    nonces let the shop write either anew. `part` is what of the order a withdrawal is about (`accounts.cases.parts`).
    """

    class Kind(models.TextChoices):
        REFUND = "refund", "refund request"
        COMPLAINT = "complaint", "complaint"
        WITHDRAWAL = "withdrawal", "withdrawal"
        QUESTION = "question", "question"

    class State(models.TextChoices):
        UNPROVEN = "unproven", "waits for proof"
        RECEIVED = "received", "waits for us"
        WAITING = "waiting", "waits for the customer"
        REFUNDING = "refunding", "is being refunded"
        CLOSED = "closed", "closed"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "answered"
        REFUNDED = "refunded", "refunded"
        REFUSED = "refused", "refused"
        REPEATED = "repeated", "repeats another"
        UNPROVEN = "unproven", "never confirmed"

    class Channel(models.TextChoices):
        ORDER = "order", "the order’s page"
        ACCOUNT = "account", "the account"
        FORM = "form", "the form"

    TRANSITIONS = table(
        "unproven -> received closed; received -> waiting refunding closed; waiting -> received refunding closed;"
        "refunding -> received closed; closed -> received"
    )
    #: Kinds that claim something: what they need is kept while they are open, whatever else is deleted.
    CLAIMS = (Kind.REFUND, Kind.COMPLAINT, Kind.WITHDRAWAL)

    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases")
    part = models.CharField(
        max_length=400, blank=True, db_default="", help_text="Of a withdrawal: empty for the whole order."
    )
    received_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(help_text="Until when we answer.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When a person first answered.")
    closed_at = models.DateTimeField(null=True, blank=True)
    needs_person = models.BooleanField(default=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    link_hash = models.CharField(max_length=64, unique=True)
    mail_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        default_permissions = ("view",)
        permissions: ClassVar = [("handle_case", "Can answer, assign and close cases")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["unproven", "received", "waiting", "refunding"], closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="case_closed_iff_over",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False, outcome__in=["answered", "refunded", "refused", "repeated", "unproven"]),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["refund", "complaint", "withdrawal", "question"]), name="case_kind_known"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("received_at")), name="case_due_after_receipt"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="withdrawal", part="")
                & ~Q(state="unproven")
                & ~Q(outcome__in=["repeated", "unproven"]),
                name="case_one_withdrawal_of_all",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="case_open"),
            models.Index(fields=["-closed_at", "-id"], condition=Q(closed_at__isnull=False), name="case_closed"),
            models.Index(fields=["expires_at", "id"], name="case_expires"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people call it."""
        return f"C-{self.pk:06d}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class CaseParty(models.Model):
    """Whose case it is: the only row that ties it to a person. What they wrote hangs on it and goes with it.

    `restricted_at`: since then it is kept for the open claim alone, after a deletion request.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="party")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="case_parties"
    )
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    stated_order = models.CharField(max_length=40, blank=True, help_text="Number of the order, as it was typed.")
    link_nonce = models.UUIDField(editable=False)
    mail_nonce = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the case was closed.")
    restricted_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "case parties"
        indexes: ClassVar = [
            models.Index(Upper("email"), name="caseparty_email"),
            models.Index(fields=["expires_at", "id"], name="caseparty_expires"),
        ]

    def __str__(self) -> str:
        return f"Party of case {self.case_id}"


class CaseRefund(models.Model):
    """Money that goes back for a case: `about` is what the higher app calls the refund, such as `refund:12`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="refunds")
    about = models.CharField(max_length=40, unique=True)
    amount = models.CharField(max_length=40, help_text="In words, with its currency.")
    asked_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    succeeded = models.BooleanField(null=True)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, succeeded__isnull=True)
                | Q(ended_at__isnull=False, succeeded__isnull=False),
                name="caserefund_ended_either_way",
            ),
        ]

    def __str__(self) -> str:
        return self.about


class CaseEvent(models.Model):
    """What happened to a case, in order of time, and the staff member who did it, if one did."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "Request received"
        PROVED = "proved", "Confirmed by its person"
        REPEATED = "repeated", "Asked for again"
        LATE = "late", "The time to withdraw was over"
        JUDGED = "judged", "Looked at by the shop"
        MESSAGE = "message", "Message received"
        STRANGER = "stranger", "A mail from another address is in the support mailbox"
        BOUNCED = "bounced", "Our mail came back"
        TOO_MUCH = "too_much", "More mails are in the support mailbox"
        ANSWERED = "answered", "Answered"
        NOTED = "noted", "Note written"
        ASSIGNED = "assigned", "Assigned"
        REFUND_ASKED = "refund_asked", "Refund asked for"
        REFUND_MADE = "refund_made", "Refund made"
        REFUND_FAILED = "refund_failed", "Refund failed"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.CharField(max_length=200, blank=True, help_text="Words and amounts; never a person's values.")

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()
