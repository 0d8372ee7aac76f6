"""Receipts and credit notes: what was sold and given back, in facts that name nobody, numbered without a gap."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from privacy import clock
from shop.models.orders import Order, OrderLine


class DocumentSeries(models.Model):
    """The last number of a series in a year. Only the trigger that numbers a document moves it, by one."""

    series = models.CharField(max_length=2)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "document series"
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "year"], name="documentseries_once_a_year")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"


class AccountingDocument(models.Model):
    """A receipt, a credit note, or a document that reverses a credit note. It is written once: PostgreSQL numbers it,
    and refuses to change or delete it.

    Money is in `currency`, each the sum of the lines; a credit note's is negative. `about` says what it is of
    ("paid", "refund:7", "refund:7:failed"), once an order. The page is rendered from these facts and from the order's
    party, as long as there is one; it is never a file.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Receipt"
        CREDIT_NOTE = "credit_note", "Credit note"
        REVERSAL = "reversal", "Reversal"

    #: The series of each kind: what its numbers begin with.
    SERIES: ClassVar = {Kind.RECEIPT: "R", Kind.CREDIT_NOTE: "C", Kind.REVERSAL: "X"}

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind)
    series = models.CharField(max_length=2)
    year = models.PositiveIntegerField(db_default=0, editable=False, help_text="Of `issued_at` in UTC, by a trigger.")
    number = models.PositiveIntegerField(
        db_default=0, editable=False, help_text="The next of its series, by a trigger."
    )
    about = models.CharField(max_length=40)
    corrects = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        help_text="A credit note's receipt.",
    )
    issued_at = models.DateTimeField(default=clock.now)
    supplied_on = models.DateField(help_text="Day of supply: it decides the rate and the quarter.")
    is_invoice = models.BooleanField(default=False, help_text="A full invoice: the buyer is a business.")
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3)
    total = models.DecimalField(max_digits=12, decimal_places=3)

    class Meta:
        ordering: ClassVar = ["id"]
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="accountingdocument_number_once"),
            models.UniqueConstraint(fields=["order", "about"], name="accountingdocument_of_each_once"),
            models.CheckConstraint(
                condition=Q(kind="receipt", series="R")
                | Q(kind="credit_note", series="C")
                | Q(kind="reversal", series="X"),
                name="accountingdocument_series_of_kind",
            ),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="accountingdocument_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="receipt", corrects__isnull=True) | ~Q(kind="receipt") & Q(corrects__isnull=False),
                name="accountingdocument_corrects_another",
            ),
            models.CheckConstraint(
                condition=Q(kind="credit_note", total__lte=0) | ~Q(kind="credit_note") & Q(total__gte=0),
                name="accountingdocument_sign_of_kind",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["issued_at", "id"], name="accountingdocument_by_time")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its number as it is printed: R-2026-000001."""
        return f"{self.series}-{self.year}-{self.number:06d}"


class DocumentLine(models.Model):
    """A line of a document: an edition at one rate. `net` + `tax` = `total`, negative on a credit note.

    `tax_country` is whose tax it is. `quantity` is of licenses or seats, 0 where an amount belongs to none.
    """

    document = models.ForeignKey(AccountingDocument, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=0)
    tax_country = models.CharField(max_length=2)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, help_text="Percent.")
    tax_rule = models.CharField(max_length=30)
    tax_article = models.CharField(max_length=150, blank=True)
    net = models.DecimalField(max_digits=12, decimal_places=3)
    tax = models.DecimalField(max_digits=12, decimal_places=3)
    total = models.DecimalField(max_digits=12, decimal_places=3)

    class Meta:
        ordering: ClassVar = ["id"]
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="documentline_adds_up"),
        ]

    def __str__(self) -> str:
        return self.words
