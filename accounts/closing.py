"""Closing an account: sign-in, devices, addresses and cart end at once; orders and licenses keep their period."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import branding, devices
from accounts.models import User
from privacy import clock, consents, mail_wordings, mails
from shop.posts import writing


class StaffAccount(Exception):
    """An account of a staff member is closed by an administrator. The text is for the person."""


def close(user_id: int) -> None:
    """Closes an account for good. Quiet where it is closed already; raises StaffAccount for one of the shop's people.

    The address is taken off the account, so that the same person may register with it again: then the orders that were
    placed with it join the new account, as a guest's do. What orders and licenses know of the person stays with them.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if user.closed_at is not None:
            return
        if user.is_staff:
            raise StaffAccount("This is a staff account. An administrator closes it.")
        address, name = user.email, user.name
        devices.sign_out(user)
        Authenticator.objects.filter(user=user).delete()
        EmailAddress.objects.filter(user=user).delete()
        user.addresses.all().delete()
        user.cart_lines.all().delete()
        user.exports.all().delete()
        branding.leave(user)
        consents.end_with_account(user)
        writing.let_go([user.pk])
        user.email, user.name, user.company = f"closed-{user.pk}@account.invalid", "", ""
        user.is_active, user.closed_at, user.warned_at = False, clock.now(), None
        user.set_unusable_password()
        user.save()
        transaction.on_commit(lambda: _tell(address, name), robust=True)


def _tell(address: str, name: str) -> None:
    """The last mail goes at once: nothing remembers the address after this."""
    mail = mails.Mail(address, "Your account is closed", "mails/account_closed", {"name": name})
    mails.build(mail_wordings.applied("account_closed", mail)).send()
