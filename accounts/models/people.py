"""What an account keeps beside the user: billing addresses, and the devices that are signed in."""

from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models

from privacy import clock


class Address(models.Model):
    """A billing address of an account, offered again at checkout."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses")
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=120, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-is_default", "id"]
        verbose_name_plural = "addresses"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_default=True), name="address_one_default"),
        ]

    def __str__(self) -> str:
        return f"Address {self.pk}"


class Device(models.Model):
    """A browser in which an account is signed in: family, country and the last day; no IP address, no full string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="device", db_constraint=True)
    browser_family = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    signed_in_at = models.DateTimeField(default=clock.now)
    last_seen_on = models.DateField(default=clock.today)

    class Meta:
        ordering: ClassVar = ["-last_seen_on", "-id"]

    def __str__(self) -> str:
        return f"Device {self.pk}"
