"""Licenses, their keys, and what suspends a key."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Q

from privacy import clock
from privacy.transitions import StateModel, table
from shop.models import Edition, OrderUnit


class KeyImport(models.Model):
    """One file of keys that a manager imported into an edition's pool."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="key_imports")
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    imported_at = models.DateTimeField(default=clock.now)
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-imported_at"]
        indexes: ClassVar = [models.Index(fields=["expires_at", "id"], name="keyimport_expires")]

    def __str__(self) -> str:
        return f"{self.count} keys for {self.edition}"


class License(models.Model):
    """The right to use an edition. It copies product, edition and dates, so that it outlives its order's person.

    `user` is the account it is linked to (P6e). `unit` is cut when the order's period ends. `link_hash` is the hash of
    the order's link: a guest can open a sealed key with it for as long as the license lives. A link that is empty
    or cut stands in no index (that of `unit` is made by a migration), and the hash in none before it is needed: the
    sweep would write an entry for each.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="licenses",
        db_index=False,
    )
    unit = models.OneToOneField(OrderUnit, null=True, blank=True, on_delete=models.SET_NULL, related_name="license")
    edition = models.ForeignKey(
        Edition, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    product_name = models.CharField(max_length=80)
    edition_name = models.CharField(max_length=60)
    mark = models.CharField(max_length=25)
    seats = models.PositiveIntegerField()
    devices = models.PositiveIntegerField()
    starts_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: no end.")
    link_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(seats__gte=1, devices__gte=1), name="license_counts_from_one"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="license_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user"], condition=Q(user__isnull=False), name="license_of_user"),
            HashIndex(fields=["link_hash"], condition=Q(unit__isnull=True), name="license_of_link"),
        ]

    def __str__(self) -> str:
        return f"{self.product_name} {self.edition_name}"


class LicenseKey(StateModel):
    """A key: encrypted, found and kept unique by a keyed hash. From an imported pool, or generated when sold.

    `opened_at` is when it was first shown to anybody, on a page or in a mail; from then on it is never available again.
    """

    class State(models.TextChoices):
        AVAILABLE = "available", "available"
        RESERVED = "reserved", "reserved"
        ASSIGNED = "assigned", "assigned"
        SUSPENDED = "suspended", "suspended"
        REVOKED = "revoked", "revoked"
        VOID = "void", "void"

    TRANSITIONS = table(
        "available -> reserved assigned void; reserved -> available assigned; assigned -> suspended revoked available;"
        "suspended -> assigned revoked available; revoked -> assigned"
    )

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="license_keys", db_index=False)
    state = models.CharField(max_length=20, choices=State, default=State.AVAILABLE)
    ciphertext = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True, help_text="Keyed hash of the key.")
    is_generated = models.BooleanField(default=False)
    key_import = models.ForeignKey(
        KeyImport, null=True, blank=True, on_delete=models.PROTECT, related_name="license_keys", db_index=False
    )
    license = models.ForeignKey(License, null=True, blank=True, on_delete=models.SET_NULL, related_name="license_keys")
    unit = models.ForeignKey(
        OrderUnit, null=True, blank=True, on_delete=models.SET_NULL, related_name="license_keys", db_index=False
    )
    reserved_until = models.DateTimeField(null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["reserved", "assigned", "suspended"], unit__isnull=False),
                name="licensekey_one_per_unit",
            ),
            models.UniqueConstraint(
                fields=["license"], condition=Q(state__in=["assigned", "suspended"]), name="licensekey_one_per_license"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["available", "reserved", "assigned", "suspended", "revoked", "void"]),
                name="licensekey_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["available", "reserved"]) | Q(opened_at__isnull=True),
                name="licensekey_shown_is_never_available",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["available", "void"]) | Q(unit__isnull=True, license__isnull=True),
                name="licensekey_available_belongs_to_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(is_generated=True) | ~Q(state__in=["available", "reserved", "void"]),
                name="licensekey_generated_is_never_stock",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "suspended", "revoked"]) | Q(assigned_at__isnull=False),
                name="licensekey_assigned_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["edition", "id"], condition=Q(state="available"), name="licensekey_stock"),
            models.Index(fields=["reserved_until"], condition=Q(state="reserved"), name="licensekey_reserved"),
            models.Index(fields=["unit"], condition=Q(unit__isnull=False), name="licensekey_of_unit"),
            models.Index(fields=["key_import"], condition=Q(key_import__isnull=False), name="licensekey_of_import"),
        ]

    def __str__(self) -> str:
        return f"Key {self.pk}"


class Suspension(models.Model):
    """Why a key can't be used for now. A key is usable when no open one is left."""

    class Reason(models.TextChoices):
        REFUND_REQUESTED = "refund_requested", "refund requested"
        DISPUTE = "dispute", "dispute"

    license_key = models.ForeignKey(LicenseKey, on_delete=models.CASCADE, related_name="suspensions")
    reason = models.CharField(max_length=20, choices=Reason)
    about = models.CharField(max_length=40, help_text="The refund or dispute, by id.")
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["license_key", "reason", "about"],
                condition=Q(ended_at__isnull=True),
                name="suspension_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
