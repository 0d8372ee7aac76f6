"""The desk of accounts: people, roles, licenses and key pools.

What packages registered for their own tables goes: those lists show addresses in full, and secrets of second factors.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from accounts.admin import order_units, start_page
from accounts.admin.cases import CannedAnswerAdmin, CaseAdmin
from accounts.admin.exports import ExportAdmin
from accounts.admin.key_pools import KeyPoolAdmin
from accounts.admin.licenses import LicenseAdmin, LicenseKeyAdmin
from accounts.admin.logos import LogoAdmin
from accounts.admin.roles import RoleAdmin
from accounts.admin.users import UserAdmin

__all__ = [
    "CannedAnswerAdmin",
    "CaseAdmin",
    "ExportAdmin",
    "KeyPoolAdmin",
    "LicenseAdmin",
    "LicenseKeyAdmin",
    "LogoAdmin",
    "RoleAdmin",
    "UserAdmin",
    "order_units",
    "start_page",
]

admin.site.unregister([EmailAddress, Authenticator])
