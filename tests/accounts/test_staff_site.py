"""Who may enter the desk, and where everybody else is sent."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from accounts import roles, staff, start_page
from accounts.models import User
from accounts.staff_site import SET_UP
from tests import desk

pytestmark = pytest.mark.django_db
ADMIN = "/admin/"


def follow(client: Client) -> tuple[int, str]:
    """Where the desk sends this browser: the status and the address after its own login page."""
    first = client.get(ADMIN)
    if first.status_code != 302:
        return first.status_code, ADMIN
    assert first["Location"].startswith("/admin/login/")
    second = client.get(first["Location"])
    return second.status_code, second.headers.get("Location", "")


def without_factor(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", desk.ROLES)
def test_staff_enter_with_a_second_factor(role: str) -> None:
    assert follow(desk.at_desk(role)) == (200, ADMIN)


def test_a_stranger_is_sent_to_sign_in_and_comes_back() -> None:
    assert follow(Client()) == (302, f"{reverse('account_login')}?next=%2Fadmin%2F")


@pytest.mark.promise("P9a", "P9b")
def test_a_customer_is_refused() -> None:
    assert follow(desk.enter(desk.person())) == (403, "")


def test_staff_without_a_second_factor_are_sent_to_set_one_up_with_a_sentence() -> None:
    client = without_factor(desk.person("Administrator"))
    response = client.get("/admin/login/?next=/admin/")
    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))
    assert [str(message) for message in get_messages(response.wsgi_request)] == [SET_UP]


def test_recovery_codes_alone_are_no_second_factor() -> None:
    user = desk.person("Administrator")
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert follow(without_factor(user)) == (302, reverse("mfa_activate_totp"))


def test_a_session_older_than_the_second_factor_must_use_it_first() -> None:
    user = desk.person("Administrator")
    client = without_factor(user)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert follow(client) == (302, f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F")


def test_a_second_factor_that_was_taken_away_since_is_none() -> None:
    user = desk.person("Administrator")
    client = desk.enter(user)
    Authenticator.objects.filter(user=user).delete()
    assert follow(client) == (302, reverse("mfa_activate_totp"))


def test_the_second_factor_of_another_account_doesnt_count() -> None:
    user = desk.person("Administrator")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = without_factor(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = "0"
    session.save()
    assert follow(client) == (302, f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F")


def test_debug_asks_for_no_second_factor(settings: Settings) -> None:
    settings.DEBUG = True
    assert follow(without_factor(desk.person("Support"))) == (200, ADMIN)
    assert follow(desk.enter(desk.person())) == (403, "")


@pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}])
def test_whoever_lost_their_access_is_out_at_once(change: dict[str, bool]) -> None:
    user = desk.person("Administrator")
    client = desk.enter(user)
    User.objects.filter(pk=user.pk).update(**change)
    status, address = follow(client)
    assert (status, address) == (
        (403, "") if "is_staff" in change else (302, f"{reverse('account_login')}?next=%2Fadmin%2F")
    )


def test_the_login_page_leads_to_no_other_site() -> None:
    response = Client().get("/admin/login/?next=https://elsewhere.example/")
    assert response["Location"] == f"{reverse('account_login')}?next=%2Fadmin%2F"


def test_passwords_are_changed_where_customers_change_theirs() -> None:
    response = desk.at_desk("Administrator").get(reverse("admin:password_change"))
    assert (response.status_code, response["Location"]) == (302, reverse("account_change_password"))


def test_signing_in_through_the_form_enters_the_desk_only_with_the_code(settings: Settings) -> None:
    """The whole way: password first, then a code of the authenticator app."""
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    user = desk.person("Shop Manager")
    user.set_password("a long enough password")
    user.save()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    answer = client.post(
        "/account/login/?next=/admin/", {"login": user.email, "password": "a long enough password", "next": ADMIN}
    )
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert follow(client)[0] == 302
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(answer["Location"], {"code": code})["Location"] == ADMIN
    assert follow(client) == (200, ADMIN)


def test_vouching_makes_one_confirmed_primary_address() -> None:
    user = User.objects.create_user("new@nordhafen.example")
    EmailAddress.objects.create(user=user, email="old@nordhafen.example", primary=True, verified=True)
    EmailAddress.objects.create(user=user, email=user.email, primary=False, verified=False)
    staff.vouch_for_address(user)
    staff.vouch_for_address(user)
    rows = EmailAddress.objects.filter(user=user).order_by("email").values_list("email", "verified", "primary")
    assert list(rows) == [("new@nordhafen.example", True, True), ("old@nordhafen.example", True, False)]


def test_an_account_made_at_the_console_has_a_confirmed_address() -> None:
    user = User.objects.create_superuser("root@nordhafen.example", "a long enough password")
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (user.pk, "root@nordhafen.example", True, True)
    ]


def test_nobody_in_particular_needs_nothing() -> None:
    request = RequestFactory().get(ADMIN)
    request.user = AnonymousUser()
    assert (start_page.needs_of(request.user), start_page.panels_of(request.user)) == ([], [])


def test_an_empty_list_says_what_it_has_none_of_and_how_to_see_more() -> None:
    manager = desk.at_desk(roles.SHOP_MANAGER)
    assert b"No fraud rules here." in manager.get("/admin/payments/fraudrules/").content
    filtered = manager.get("/admin/shop/order/?state__exact=paid").content
    assert b"No orders fit what you look for." in filtered
    assert b'href="?">Show all' in filtered
