"""Who of the staff looked at whose data."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from privacy import clock


class Look(models.Model):
    """That a staff member saw one row (`model`, `object_id`) of a person, searched for people, or had data exported.

    It says who (`by`, and the role at that time), what kind, why, and when; never what was seen, and never a term that
    was searched for. A search is about no row. When the row it names is gone, a look leads to nobody any more but to
    the staff member, and it goes a year after it was written.
    """

    class Kind(models.TextChoices):
        ORDER = "order", "an order"
        CUSTOMER = "customer", "the account"
        LICENSE = "license", "a license"
        PAYMENT = "payment", "a payment"
        CASE = "case", "a case"
        DELETION = "deletion", "a deletion request"
        MAIL = "mail", "a mail"
        SEARCH = "search", "a search"
        EXPORT = "export", "a copy of the data"
        OTHER = "other", "another record"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=150, help_text="The staff member's role when they looked.")
    kind = models.CharField(max_length=10, choices=Kind)
    model = models.CharField(max_length=80, help_text="Label of the model, such as shop.OrderParty.")
    object_id = models.CharField(max_length=64, blank=True, help_text="Empty for a search.")
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(purpose=""), name="look_has_purpose"),
            models.CheckConstraint(condition=Q(kind="search") | ~Q(object_id=""), name="look_names_row_or_searches"),
            models.CheckConstraint(
                condition=Q(
                    kind__in="order customer license payment case deletion mail search export other".split(),
                ),
                name="look_kind_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["model", "object_id"], name="look_of_row"),
            models.Index(fields=["at"], name="look_at"),
            models.Index(fields=["expires_at", "id"], name="look_due"),
        ]

    def __str__(self) -> str:
        return f"Look {self.pk}"
