"""Money given back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from payments.models.attempts import Attempt
from privacy import clock
from privacy.transitions import StateModel, table
from shop.models import OrderUnit


class Refund(StateModel):
    """Money of a captured attempt given back, for any number of units. `amount` is gross, in the attempt's currency."""

    class State(models.TextChoices):
        REQUESTED = "requested", "requested"
        SUBMITTED = "submitted", "submitted"
        SUCCEEDED = "succeeded", "succeeded"
        FAILED = "failed", "failed"

    class Kind(models.TextChoices):
        UNITS = "units", "units"
        AMOUNT = "amount", "amount"
        TAX = "tax", "tax"

    TRANSITIONS = table("requested -> submitted failed; submitted -> succeeded failed; succeeded -> failed")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="refunds")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.UNITS)
    state = models.CharField(max_length=20, choices=State, default=State.REQUESTED)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3, default=0, help_text="What of the amount is tax.")
    reason = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(default=clock.now, null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)
    provider_refund = models.CharField(max_length=255, blank=True, help_text="The provider's id.")
    repeats = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repetition", help_text="A failed one."
    )

    class Meta:
        ordering: ClassVar = ["id"]
        permissions: ClassVar = [
            ("request_refund", "Can give money back"),
            ("repeat_refund", "Can give the money of a failed refund back again"),
            ("record_refund", "Can record that money was sent back by hand"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(condition=Q(tax__gte=0, tax__lte=F("amount")), name="refund_tax_within_amount"),
            models.CheckConstraint(condition=~Q(kind="tax") | Q(tax=F("amount")), name="refund_of_tax_is_all_tax"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "submitted", "succeeded", "failed"]), name="refund_state_known"
            ),
            models.UniqueConstraint(
                fields=["provider_refund"], condition=~Q(provider_refund=""), name="refund_provider_id_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Refund {self.pk}"

    @property
    def can_be_repeated(self) -> bool:
        """Whether it failed and nobody has asked for it again."""
        return self.state == self.State.FAILED and not hasattr(self, "repetition")

    @property
    def idempotency_key(self) -> str:
        """Under which the provider makes this refund once, however often it is asked."""
        return f"rf:{self.pk}"

    @property
    def about(self) -> str:
        """What suspensions of keys name as their reason."""
        return f"refund:{self.pk}"


class RefundUnit(models.Model):
    """A unit whose money is given back by a refund, with its share; or some seats of one that is sold per seat."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="refund_units")
    unit = models.ForeignKey(OrderUnit, on_delete=models.PROTECT, related_name="refund_units")
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    seats = models.PositiveIntegerField(
        null=True, help_text="Of a unit that is sold per seat, how many go back; empty: all that were bought."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "unit"], name="refundunit_once"),
            models.CheckConstraint(condition=Q(seats__isnull=True) | Q(seats__gte=1), name="refundunit_has_seats"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="refundunit_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Unit {self.unit_id} of refund {self.refund_id}"
