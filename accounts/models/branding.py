"""Logos of customer companies, who manages each, and the link by which a colleague joins (P6f)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from privacy import clock
from privacy.transitions import StateModel, table
from shop.models import Product


class Logo(StateModel):
    """A company that agreed to being featured, for the products that it named.

    `revision` counts what was handed in: whoever decides names the one that was looked at. A logo lives as long as
    somebody manages it: with the last manager a trigger takes it away, with its pictures and all that belongs to it.
    One that was declined goes at `expires_at`, which a trigger writes.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", "waits for a look"
        PUBLISHED = "published", "shown"
        DECLINED = "declined", "not shown"

    TRANSITIONS = table("submitted -> published declined; published -> submitted declined; declined -> submitted")

    company = models.CharField(max_length=120)
    products = models.ManyToManyField(Product, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.SUBMITTED)
    revision = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(
        max_length=200, blank=True, help_text="Why it isn't shown, in a sentence for the company."
    )
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions = ("view",)
        permissions: ClassVar = [("decide_logo", "Can publish and decline logos")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "published", "declined"]), name="logo_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at__isnull=True)
                | (~Q(state="submitted") & Q(decided_at__isnull=False)),
                name="logo_decided_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(reason="")) | (~Q(state="declined") & Q(reason="")),
                name="logo_declined_has_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="logo_expires")]

    def __str__(self) -> str:
        return f"Logo {self.pk}"


class LogoPicture(models.Model):
    """A drawing of a logo, made by us from what was uploaded. It is found by a random name, not by its company.

    It lies in the database, so that it goes in the transaction in which the logo goes (docs/adr/0023).
    """

    class Size(models.TextChoices):
        FULL = "full", "for the page of companies"
        SMALL = "small", "for strips"

    logo = models.ForeignKey(Logo, on_delete=models.CASCADE, related_name="pictures")
    size = models.CharField(max_length=10, choices=Size)
    name = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=4, help_text="As `accounts.images` calls it.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["logo", "size"], name="logopicture_one_of_size"),
        ]

    def __str__(self) -> str:
        return f"Picture {self.pk}"


class LogoManager(models.Model):
    """A person who manages the logo of a company, and has agreed to its being shown. One logo a person."""

    logo = models.ForeignKey(Logo, on_delete=models.CASCADE, related_name="managers")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="logo_manager")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["since", "id"]

    def __str__(self) -> str:
        return f"Manager {self.pk} of a logo"


class LogoInvitation(models.Model):
    """The link that a manager passes on to a colleague: it works once. One a logo; a new one ends the one before.

    Whom it was given to isn't known here. Its secret isn't stored (`privacy.link_tokens`).
    """

    logo = models.OneToOneField(Logo, on_delete=models.CASCADE, related_name="invitation")
    link_nonce = models.UUIDField()
    link_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="logoinvitation_expires")]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"
