"""Forms of the account."""

from accounts.forms.branding import LogoForm
from accounts.forms.licenses import LicenseKeyForm
from accounts.forms.people import AddressForm, ProfileForm

__all__ = ["AddressForm", "LicenseKeyForm", "LogoForm", "ProfileForm"]
