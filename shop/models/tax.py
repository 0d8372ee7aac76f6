"""How the shop itself is taxed, from a day on; and what became of the VAT numbers of its buyers."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q

from privacy import clock
from privacy.transitions import StateModel, table
from shop.models.orders import Order
from shop.models.shown import ShownQuerySet


class DaySpan(Func):
    """The days of a row: from `valid_from` on, until before `valid_until`, or for ever."""

    function = "DATERANGE"
    output_field = DateRangeField()


class TaxScheme(models.Model):
    """The shop's own tax registration in a span of days. No two spans share a day.

    `local`: sales to consumers in the whole EU are taxed at home, as they stay below 10,000 EUR a year (Directive
    2006/112/EC, Art. 59c). `oss`: each is taxed where the consumer is, and declared by the One-Stop-Shop (Art. 369a).
    `small_business`: exempt (Art. 284). `none`: no taxable person.
    """

    class Scheme(models.TextChoices):
        LOCAL = "local", "local: tax of the home country in the whole EU, below 10,000 EUR a year"
        OSS = "oss", "One-Stop-Shop: tax of the buyer's country"
        SMALL_BUSINESS = "small_business", "small business: exempt"
        NONE = "none", "not registered"

    class Prices(models.TextChoices):
        GROSS = "gross", "gross: prices of the catalog contain the tax"
        NET = "net", "net: the tax is added to prices of the catalog"

    country = models.CharField(
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Two capital letters such as DE.")],
        help_text="Where the shop is established.",
    )
    scheme = models.CharField(max_length=20, choices=Scheme, default=Scheme.OSS)
    registration = models.CharField(max_length=20, blank=True, help_text="The shop's number in this scheme.")
    charges_uk = models.BooleanField(
        "charges the United Kingdom's VAT", default=False, help_text="Tick once the shop is registered there."
    )
    uk_registration = models.CharField("number in the United Kingdom", max_length=20, blank=True)
    prices = models.CharField("prices are entered", max_length=10, choices=Prices, default=Prices.GROSS)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The first day on which it no longer counts.")

    objects = ShownQuerySet["TaxScheme"].as_manager()

    class Meta:
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="taxscheme_days_do_not_overlap",
                expressions=[(DaySpan("valid_from", "valid_until", RangeBoundary()), RangeOperators.OVERLAPS)],
                violation_error_message="These days belong to another tax scheme. End that one first.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="taxscheme_has_days",
                violation_error_message="The end must be after the beginning.",
            ),
            models.CheckConstraint(
                condition=Q(scheme__in=["local", "oss", "small_business", "none"]), name="taxscheme_known"
            ),
            models.CheckConstraint(condition=Q(prices__in=["gross", "net"]), name="taxscheme_prices_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="taxscheme_country_is_a_code"),
            models.CheckConstraint(
                condition=Q(charges_uk=False) | ~Q(uk_registration=""),
                name="taxscheme_uk_needs_a_number",
                violation_error_message="Write the shop's number in the United Kingdom, or untick it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}, {self.get_scheme_display().partition(':')[0]}, from {self.valid_from}"

    def clean(self) -> None:
        """Says in words what the database would refuse."""
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": "The end must be after the beginning."})

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


class VatCheck(StateModel):
    """What VIES said about the VAT number of an order, and the proof of it. The number itself stands on the party.

    `consultation` is the number under which the Commission can show that it was asked. While nobody could answer, the
    tax is charged and the check is pending: it is asked again at `next_try_at`, once the order is paid. Where it then
    turns out valid, `returns_tax` has `payments` give the tax back, and `tax_returned_at` says that it was asked to.
    """

    class State(models.TextChoices):
        PENDING = "pending", "not answered yet"
        VALID = "valid", "valid"
        INVALID = "invalid", "not valid"
        GIVEN_UP = "given_up", "never answered"

    TRANSITIONS = table("pending -> valid invalid given_up; given_up -> pending")

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="vat_check")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    consultation = models.CharField("consultation number", max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=clock.now, help_text="When it was last asked.")
    tries = models.PositiveSmallIntegerField(default=1)
    next_try_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=60, blank=True, help_text="Why there was no answer, in VIES's word.")
    returns_tax = models.BooleanField(default=False, help_text="The tax was charged and isn't owed.")
    tax_returned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "valid", "invalid", "given_up"]), name="vatcheck_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="valid", answered_at__isnull=False) & ~Q(consultation="") | ~Q(state="valid"),
                name="vatcheck_valid_is_proven",
            ),
            models.CheckConstraint(
                condition=Q(returns_tax=False, tax_returned_at__isnull=True) | Q(state="valid"),
                name="vatcheck_returns_tax_if_valid",
            ),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(next_try_at__isnull=True), name="vatcheck_asked_while_pending"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], condition=Q(state="pending"), name="vatcheck_due"),
            models.Index(
                fields=["id"], condition=Q(returns_tax=True, tax_returned_at__isnull=True), name="vatcheck_owes_tax"
            ),
        ]

    def __str__(self) -> str:
        return f"VAT check of order {self.order_id}"
