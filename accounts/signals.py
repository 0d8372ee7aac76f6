"""What accounts does when something happens elsewhere."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import devices, licenses
from accounts.models import License, User
from shop.models import Order
from shop.orders import link_renewed


@receiver(email_confirmed)
def join_orders_of_confirmed_address(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Whoever confirms an address finds the orders that a guest placed with it (P6e)."""
    licenses.join_account(email_address.user, email_address.email)


@receiver(user_logged_in)
def join_orders_since_last_sign_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Guest orders that were placed with a confirmed address while the account was signed out join it now."""
    for address in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True):
        licenses.join_account(user, address)


@receiver([password_changed, password_reset, password_set])
def sign_out_elsewhere(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A new password ends the sessions that were opened with the old one."""
    devices.sign_out(user, keep=request.session.session_key)


@receiver(link_renewed)
def remember_new_link(order: Order, **_kwargs: Any) -> None:
    """Licenses outlive their order's period and keep the hash of the link that opens their keys: the current one."""
    License.objects.filter(unit__line__order=order).update(link_hash=order.link_hash)
