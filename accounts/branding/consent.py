"""What happens when whoever manages a logo takes the company's consent back."""

from typing import TYPE_CHECKING

from accounts.branding import backups
from accounts.branding.words import TEXT
from accounts.models import Logo, LogoManager, User
from privacy import consents, page_version

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


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
    backups.remember(logo)
    managers = User.objects.filter(logo_manager__logo=logo).exclude(pk=user.pk)
    for colleague in managers:
        consents.end(colleague, TEXT.key)
    LogoManager.objects.filter(logo=logo).delete()  # with the last of them the database takes the logo away
    page_version.renew()
