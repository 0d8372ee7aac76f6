"""Closing an account."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts import addresses, closing
from accounts.models import Address, Device, User
from shop.models import CartLine
from tests.accounts import purchases
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_addresses import HOME

pytestmark = pytest.mark.django_db(transaction=True)


def close(client: Client) -> object:
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client.post("/account/close/", {"answer": "close"}, follow=True)


def test_sign_in_devices_addresses_and_cart_end_and_orders_and_licenses_stay(
    as_ada: Client, ada: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    sold = purchases.edition()
    order = purchases.paid((sold, 2), user=ada)
    addresses.save(Address(**HOME), user=ada)
    CartLine.objects.create(user=ada, edition=sold, quantity=1, price_seen=1)
    Authenticator.objects.create(user=ada, type="totp", data={"secret": "x"})
    elsewhere = Client()
    elsewhere.force_login(ada)
    close(as_ada)
    ada.refresh_from_db()
    assert (ada.is_active, ada.closed_at is not None, ada.has_usable_password()) == (False, True, False)
    assert (ada.email, ada.name) == (f"closed-{ada.pk}@account.invalid", "")
    left = [
        model.objects.filter(user=ada).count() for model in (Address, Device, CartLine, Authenticator, EmailAddress)
    ]
    assert left == [0, 0, 0, 0, 0]
    assert Session.objects.filter(device__isnull=False).count() == 0
    assert elsewhere.get("/account/").status_code == 302
    assert (order.party.email, ada.licenses.count(), purchases.states(order)) == (
        "ada@example.com",
        2,
        ["assigned"] * 2,
    )
    [mail] = [mail for mail in mailoutbox if mail.subject == "Your account is closed"]
    assert mail.to == ["ada@example.com"]
    assert "Orders and licenses keep their period" in mail.body


def test_a_closed_account_cannot_sign_in(as_ada: Client, client: Client) -> None:
    close(as_ada)
    client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    assert client.get("/account/").status_code == 302


def test_it_asks_for_the_password_and_once_more(as_ada: Client, ada: User) -> None:
    assert as_ada.post("/account/close/", {"answer": "close"}).status_code == 302
    as_ada.post("/account/reauthenticate/", {"password": PASSWORD})
    assert as_ada.post("/account/close/").status_code == 200
    ada.refresh_from_db()
    assert ada.is_active


@pytest.mark.promise("P6e")
def test_whoever_comes_back_with_the_address_finds_the_orders_again(
    as_ada: Client, ada: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    purchases.paid((purchases.edition(), 2), user=ada)
    close(as_ada)
    again = User.objects.create_user("ada@example.com", PASSWORD)
    EmailAddress.objects.create(user=again, email="ada@example.com", verified=True, primary=True)
    Client().post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    assert (again.licenses.count(), again.order_parties.count()) == (2, 1)


def test_a_staff_account_is_not_closed_from_the_portal(as_ada: Client, ada: User) -> None:
    User.objects.update(is_staff=True)
    close(as_ada)
    ada.refresh_from_db()
    assert (ada.is_active, ada.closed_at) == (True, None)


def test_closing_twice_is_quiet(ada: User, mailoutbox: list[EmailMultiAlternatives]) -> None:
    closing.close(ada.pk)
    closing.close(ada.pk)
    assert [mail.subject for mail in mailoutbox] == ["Your account is closed"]
