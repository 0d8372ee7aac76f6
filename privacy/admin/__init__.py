"""The desk of the ground floor, one file a model; and what every app's admin is made of."""

from privacy.admin.alerts import AlertAdmin
from privacy.admin.deletions import DeletionRequestAdmin
from privacy.admin.desk import Desk, ReadOnly
from privacy.admin.holds import LegalHoldAdmin
from privacy.admin.looks import LookAdmin
from privacy.admin.mail_wordings import MailWordingAdmin
from privacy.admin.mails import OutgoingMailAdmin
from privacy.admin.policy import PolicyVersionAdmin

__all__ = [
    "AlertAdmin",
    "DeletionRequestAdmin",
    "Desk",
    "LegalHoldAdmin",
    "LookAdmin",
    "MailWordingAdmin",
    "OutgoingMailAdmin",
    "PolicyVersionAdmin",
    "ReadOnly",
]
