"""Signs of fraud: by which rules an order is judged, what was seen within a day, and why it was let through or not."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from privacy import clock
from shop.models import Order


def _points(default: int, label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=default)


def _limit(default: int, label: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, default=default, validators=[MinValueValidator(1)])


class FraudRules(models.Model):
    """How many points each sign of fraud is worth, and from how many on an order waits for a person or is refused.

    The row with the latest day that has come is in force. A row that has begun isn't changed: the next one follows it,
    so that each assessment can be explained. Limits count orders within 24 hours, this one included; the large amount
    is in whole units of whatever currency the order has. Zero points switch a sign off. The defaults let an ordinary
    first order pass, also one of fifty licenses.
    """

    valid_from = models.DateField(unique=True)
    hold_from = models.PositiveSmallIntegerField("points from which an order waits for a person", default=60)
    refuse_from = models.PositiveSmallIntegerField(
        "points from which an order is refused before it is paid", default=100
    )
    connection_and_billing = _points(15, "connection and billing address in two countries")
    connection_and_card = _points(15, "connection and card in two countries")
    card_and_billing = _points(25, "card and billing address in two countries")
    other_browser = _points(10, "a browser that the account never used")
    disposable_email = _points(25, "e-mail address to be thrown away")
    many_of_address = _points(15, "many orders by one e-mail address")
    many_of_card = _points(25, "many orders by one card")
    many_of_network = _points(15, "many orders from one network")
    large_amount = _points(15, "large amount")
    provider_elevated = _points(25, "the provider calls the risk elevated")
    provider_highest = _points(60, "the provider calls the risk very high")
    provider_unprotected = _points(5, "the provider doesn't protect the payment")
    earlier_dispute = _points(40, "an earlier payment was disputed")
    address_limit = _limit(4, "orders by one e-mail address")
    card_limit = _limit(4, "orders by one card")
    network_limit = _limit(10, "orders from one network")
    amount_limit = _limit(10000, "large from")

    class Meta:
        ordering: ClassVar = ["-valid_from"]
        verbose_name = verbose_name_plural = "fraud rules"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hold_from__gte=1) & Q(refuse_from__gt=F("hold_from")),
                name="fraudrules_hold_before_they_refuse",
                violation_error_message="Refusing must begin above the points from which an order waits.",
            ),
            models.CheckConstraint(
                condition=Q(address_limit__gte=1, card_limit__gte=1, network_limit__gte=1, amount_limit__gte=1),
                name="fraudrules_limits_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"Fraud rules from {self.valid_from}"

    def clean(self) -> None:
        """Says in words what the database would refuse."""
        if self.hold_from == 0:
            raise ValidationError({"hold_from": "Waiting must begin at a point or more, or every order waits."})
        if self.hold_from is not None and self.refuse_from is not None and self.refuse_from <= self.hold_from:
            raise ValidationError({"refuse_from": "It must be more than the points from which an order waits."})

    @property
    def has_begun(self) -> bool:
        """Whether orders may have been judged by it."""
        return self.valid_from <= clock.today()


class FraudSighting(models.Model):
    """That an order came with this e-mail address, card or network: a keyed hash of it, for a day, never the thing.

    A network is a /24 of IPv4 or a /48 of IPv6. The hash tells orders of one network apart from others, and nothing of
    where it is; its key stands outside of the database. No foreign key of the database's, as it would have whoever
    begins to pay wait for the order's lock; no order is ever deleted.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", "e-mail address"
        CARD = "card", "card"
        NETWORK = "network", "network"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=10, choices=Kind)
    hash = models.CharField(max_length=32)
    seen_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "kind", "hash"], name="fraudsighting_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["address", "card", "network"]), name="fraudsighting_kind_known"
            ),
            models.CheckConstraint(condition=Q(hash__regex=r"^[0-9a-f]{32}$"), name="fraudsighting_is_a_hash"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["hash", "kind"], name="fraudsighting_hash"),
            models.Index(fields=["expires_at", "id"], name="fraudsighting_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of order {self.order_id}"


class FraudAssessment(models.Model):
    """Which signs of fraud an order bore, what they were worth, and what followed. An order without any has no row.

    `reasons` is a list of `{"signal", "points", "words"}`: sentences that name countries and numbers, and no person.
    `settled_at` is empty while a person has to decide; the period of the row counts from it.

    `let_in_*`: a person has overruled a refusal (GDPR Art. 22(3)). Until `let_in_until` the buyer may order the same
    again; `let_in_order` is the order for which that was used, once.
    """

    class Verdict(models.TextChoices):
        PASS = "pass", "let through"
        HOLD = "hold", "waits for a person"
        REFUSE = "refuse", "refused"

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="fraud_assessment")
    rules = models.ForeignKey(
        FraudRules, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: the rules of the code."
    )
    score = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    reasons = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField("decided at", null=True, blank=True)
    let_in_at = models.DateTimeField(null=True, blank=True, editable=False)
    let_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    let_in_reason = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    let_in_until = models.DateTimeField(null=True, blank=True, editable=False)
    let_in_order = models.ForeignKey(Order, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "fraud review"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(verdict__in=["pass", "hold", "refuse"]), name="fraudassessment_known"),
            models.CheckConstraint(
                condition=Q(verdict="hold") | Q(settled_at__isnull=False), name="fraudassessment_only_holds_wait"
            ),
            models.CheckConstraint(
                condition=Q(let_in_at=None, let_in_until=None, let_in_by=None, let_in_order=None, let_in_reason="")
                | Q(verdict="refuse", let_in_at__isnull=False, let_in_until__isnull=False) & ~Q(let_in_reason=""),
                name="fraudassessment_let_in_with_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at", "id"], name="fraudassessment_expires"),
            models.Index(fields=["id"], condition=Q(settled_at__isnull=True), name="fraudassessment_waits"),
        ]

    def __str__(self) -> str:
        return f"Fraud review of order {self.order_id}"
