"""The tables of accounts."""

from accounts.models.branding import Logo, LogoInvitation, LogoManager, LogoPicture
from accounts.models.case_messages import CannedAnswer, CaseAttachment, CaseMessage
from accounts.models.cases import Case, CaseEvent, CaseParty, CaseRefund
from accounts.models.key_pools import KeyPool
from accounts.models.licenses import KeyImport, License, LicenseKey, Suspension
from accounts.models.people import Address, Device
from accounts.models.users import User

__all__ = [
    "Address",
    "CannedAnswer",
    "Case",
    "CaseAttachment",
    "CaseEvent",
    "CaseMessage",
    "CaseParty",
    "CaseRefund",
    "Device",
    "KeyImport",
    "KeyPool",
    "License",
    "LicenseKey",
    "Logo",
    "LogoInvitation",
    "LogoManager",
    "LogoPicture",
    "Suspension",
    "User",
]
