"""Payments that the buyer's bank, or PayPal, is asked to take back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from payments.models.attempts import Attempt
from privacy import clock
from privacy.transitions import StateModel, table


class Dispute(StateModel):
    """A captured payment that its buyer disputes. `amount` is what is disputed, gross, in the attempt's currency.

    `withdrawn` is what of it the provider has taken from our balance and not given back: some take it when the dispute
    opens, others when it is lost.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        WON = "won", "won"
        LOST = "lost", "lost"

    TRANSITIONS = table("open -> won lost; lost -> won")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="disputes")
    provider_dispute = models.CharField(max_length=255, blank=True, help_text="The provider's id.")
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    withdrawn = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    reason = models.CharField(max_length=60, blank=True, help_text="The provider's word for what the buyer says.")
    respond_by = models.DateTimeField(null=True, blank=True, help_text="The last moment to send evidence.")
    opened_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=["open", "won", "lost"]), name="dispute_state_known"),
            models.UniqueConstraint(
                fields=["provider_dispute"], condition=~Q(provider_dispute=""), name="dispute_provider_id_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(withdrawn=0) | Q(withdrawn=F("amount")) & ~Q(state="won"),
                name="dispute_withdraws_all_or_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="dispute_decided_iff_not_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Dispute {self.pk}"

    @property
    def about(self) -> str:
        """What suspensions of keys name as their reason."""
        return f"dispute:{self.pk}"
