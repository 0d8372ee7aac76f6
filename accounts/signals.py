"""What accounts does when something happens elsewhere."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import (
    authentication_step_completed,
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
)
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import credentials, devices, licenses
from accounts.models import License, LogoManager, User
from privacy import page_version
from shop import orders
from shop.models import Order
from shop.orders import link_renewed, party_unlinked

OLD_WAY_ENDED = (
    "The password that was chosen before this address was confirmed no longer works. "
    "You can set a new one under “Sign-in and security”."
)


@receiver(email_confirmed)
def join_orders_of_confirmed_address(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Whoever confirms an address finds the orders that a guest placed with it (P6e)."""
    licenses.join_account(email_address.user, email_address.email)


@receiver(user_logged_in)
def join_orders_since_last_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Guest orders that were placed with a confirmed address while the account was signed out join it now."""
    for address in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True):
        licenses.join_account(user, address)


@receiver(authentication_step_completed)
def distrust_what_a_mailed_code_did_not_open(request: HttpRequest, user: User, method: str, **_kwargs: Any) -> None:
    """A mailed code confirms the address of an account that somebody else may have registered: their password goes.

    allauth sends this before it confirms the address.
    """
    if method == "code" and credentials.drop_unproven(user, keep_session=request.session.session_key):
        messages.info(request, OLD_WAY_ENDED)


@receiver(password_reset)
def confirm_address_of_reset(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """The link of a new password was mailed: it shows whose the address is, and the new password is that person's."""
    credentials.drop_unproven(user, keep_password=True, keep_session=request.session.session_key)
    address = EmailAddress.objects.filter(user=user, email=user.email, verified=False).first()
    if address is not None:
        get_adapter(request).confirm_email(request, address)


@receiver([password_changed, password_reset, password_set])
def sign_out_elsewhere(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A new password ends the sessions that were opened with the old one."""
    devices.sign_out(user, keep=request.session.session_key)


@receiver(link_renewed)
def remember_new_link(order: Order, **_kwargs: Any) -> None:
    """Licenses outlive their order's period and keep the hash of the link that opens their keys: the current one."""
    License.objects.filter(unit__line__order=order).update(link_hash=orders.keys_hash_of(order))


@receiver(party_unlinked)
def take_licenses_out_of_account(order: Order, **_kwargs: Any) -> None:
    """An order that had joined a stranger's account by a mistyped address leaves it with its licenses."""
    License.objects.filter(unit__line__order=order).update(user=None)


@receiver(post_delete, sender=LogoManager)
def show_no_logo_that_went_with_its_manager(**_kwargs: Any) -> None:
    """Whatever took the person away, an account's end included, may have taken a logo along: kept pages end."""
    page_version.renew()
