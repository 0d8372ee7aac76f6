"""What a company agrees to, by whoever manages its logo, and what happens when that is taken back."""

from typing import TYPE_CHECKING

from accounts.models import Logo, LogoManager, User
from privacy import consents, page_version
from privacy.consents import ConsentText

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

#: GDPR Art. 6(1)(a) and 7(3): for a sole trader name and logo are personal data.
TEXT = consents.register(
    ConsentText(
        "branding",
        "2026-11",
        "I speak for this company. It agrees that the shop shows its name and logo on the pages “Trusted by”, on the "
        "home page and on the pages of the products named here. Whoever manages the logo can take this back at any "
        "time; then the logo is gone within a minute.",
    )
)


def withdraw(user: User) -> bool:
    """Takes a company's consent back: its logo goes at once, and those of its managers agree to nothing any more.

    False where this person manages none.
    """
    return consents.withdraw(user, TEXT.key)


@consents.when_withdrawn(TEXT.key)
def _take_away(user: "AbstractBaseUser") -> None:
    """The consent of one manager is the company's: all end with it, and so does the logo."""
    logo = Logo.objects.select_for_update().filter(managers__user_id=user.pk).first()
    if logo is None:  # this person left before
        return
    managers = User.objects.filter(logo_manager__logo=logo).exclude(pk=user.pk)
    for colleague in managers:
        consents.end(colleague, TEXT.key)
    LogoManager.objects.filter(logo=logo).delete()  # with the last of them the database takes the logo away
    page_version.renew()
