"""Forms of the account."""

from accounts.forms.people import AddressForm, ProfileForm

__all__ = ["AddressForm", "ProfileForm"]
