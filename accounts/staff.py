"""Staff: their addresses, and the second factor with which they enter the desk."""

from typing import TYPE_CHECKING

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts import credentials
from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def vouch_for_address(user: User) -> None:
    """Makes the user's address the account's confirmed and primary one, as whoever made them staff answers for it.

    Sign-in asks for a confirmed address, and sends no mail of confirmation to somebody who never registered. To answer
    for an address isn't to answer for whoever registered with it: where it wasn't confirmed, the person gets in by a
    mailed code or a new password alone.
    """
    with transaction.atomic():
        credentials.drop_unproven(user)
        EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).update(primary=False)
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def has_second_factor(user: "AbstractBaseUser | AnonymousUser") -> bool:
    """Whether an authenticator app or a passkey is set up."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this very session was opened, or confirmed since, by a second factor.

    Having one isn't enough: a session that somebody opened by a stolen password, before the owner set one up, has none.
    """
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
