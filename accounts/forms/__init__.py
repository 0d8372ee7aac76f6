"""Forms of the account, and of requests."""

from accounts.forms.branding import LogoForm
from accounts.forms.licenses import LicenseKeyForm
from accounts.forms.people import AddressForm, ProfileForm
from accounts.forms.requests import MessageForm, OrderRequestForm, OrderWithdrawalForm, RequestForm, WithdrawalForm

__all__ = [
    "AddressForm",
    "LicenseKeyForm",
    "LogoForm",
    "MessageForm",
    "OrderRequestForm",
    "OrderWithdrawalForm",
    "ProfileForm",
    "RequestForm",
    "WithdrawalForm",
]
