"""Attempts to pay an order, their references at the provider, and the calls that are under way."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from privacy import clock
from privacy.transitions import StateModel, table
from shop.models import Order


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Sets of attempts."""

    def open(self) -> Self:
        """Those at which nothing is paid yet and something may be."""
        return self.filter(state__in=["created", "requires_action"])

    def labeled(self, label: str, *, provider: str) -> "Attempt | None":
        """The provider's attempt that bears this label (`Attempt.label`), with its order, or None."""
        order, _, number = label.rpartition("-")
        if not number.isascii() or not number.isdecimal() or len(number) > 4:
            return None
        found = self.select_related("order").filter(provider=provider, order__number=order, number=int(number))
        return found.first()


class Attempt(StateModel):
    """One try to pay one order at one provider. `amount` is gross, in `currency`; only a snapshot writes `captured`."""

    class State(models.TextChoices):
        CREATED = "created", "created"
        REQUIRES_ACTION = "requires_action", "waits for the buyer"
        PROCESSING = "processing", "being processed"
        CAPTURED = "captured", "captured"
        FAILED = "failed", "failed"
        EXPIRED = "expired", "expired"
        CANCELLED = "cancelled", "cancelled"

    TRANSITIONS = table(
        "created -> requires_action processing captured failed expired cancelled;"
        "requires_action -> processing captured failed expired cancelled; processing -> captured failed;"
        "failed -> processing captured; expired -> processing captured; cancelled -> processing captured"
    )

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(help_text="1 for the order's first attempt.")
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=State, default=State.CREATED)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    currency = models.CharField(max_length=3)
    is_live = models.BooleanField(default=False)
    problem = models.CharField(max_length=60, blank=True, help_text="The provider's code of what went wrong.")
    created_at = models.DateTimeField(default=clock.now)
    captured_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(
        null=True, blank=True, help_text="When the reconciler looks again; empty: never."
    )
    looks = models.PositiveSmallIntegerField(default=0)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order_id", "number"]
        permissions: ClassVar = [("record_attempt", "Can record that the money of a payment arrived by hand")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["created", "requires_action"]),
                name="attempt_one_open_per_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["created", "requires_action", "processing", "captured", "failed", "expired", "cancelled"]
                ),
                name="attempt_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="captured") | Q(captured_at__isnull=False), name="attempt_captured_has_time"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="attempt_amount_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="attempt_next_look"),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number} of order {self.order_id}"

    @property
    def label(self) -> str:
        """What the provider's objects bear, so that they can be traced back: order number and attempt, `AO-4183-1`."""
        return f"{self.order.number}-{self.number}"

    @cached_property
    def reference_values(self) -> dict[str, str]:
        """The provider's ids by kind, as far as they were known when this was first read."""
        return dict(self.references.values_list("kind", "value"))

    def reference(self, kind: str) -> str:
        """The provider's id of this kind, empty where none is known."""
        return self.reference_values.get(kind, "")


#: The states of an attempt at which nothing is paid yet and something may be.
OPEN = (Attempt.State.CREATED, Attempt.State.REQUIRES_ACTION)


class Reference(models.Model):
    """An id that a provider gave to an attempt, such as its session: a row of its own, deleted with the person."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="references")
    kind = models.CharField(max_length=20, help_text="As the provider's file names it.")
    value = models.CharField(max_length=255)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "value"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.kind} of attempt {self.attempt_id}"


class ProviderCall(models.Model):
    """A call that must have its effect once: key and exact parameters, written before, deleted with its final answer.

    The parameters name a person, so a row lives 24 hours at most (Stripe), 6 for PayPal orders: as long as the provider
    remembers the key. After that the object is looked up; the call is never repeated.
    """

    key = models.CharField(max_length=80, unique=True)
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.CASCADE, related_name="calls")
    parameters = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="providercall_expires")]

    def __str__(self) -> str:
        return self.key
