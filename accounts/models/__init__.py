"""The tables of accounts."""

from accounts.models.licenses import KeyImport, License, LicenseKey, Suspension
from accounts.models.people import Address, Device
from accounts.models.users import User

__all__ = ["Address", "Device", "KeyImport", "License", "LicenseKey", "Suspension", "User"]
