"""An account that somebody registered with another person's address opens to that person alone."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts import credentials
from accounts.models import User
from shop.models import Order
from tests.accounts import purchases
from tests.accounts.conftest import PASSWORD, person
from tests.accounts.test_sign_in import Outbox, code_of, is_signed_in

pytestmark = pytest.mark.django_db
VICTIM = "victim@example.com"
NEW = "another good password"
DROPPED = "The password that was chosen before this address was confirmed no longer works."


@pytest.fixture
def bought() -> Order:
    """What the victim bought as a guest."""
    return purchases.paid((purchases.edition(), 1), email=VICTIM)


@pytest.fixture
def mallory(bought: Order, mailoutbox: Outbox) -> Client:
    """The browser in which a stranger registered with the victim's address, and waits for a code that is not theirs."""
    client = Client()
    client.post("/account/signup/", {"email": VICTIM, "password1": PASSWORD})
    assert not is_signed_in(client)
    return client


def by_password(password: str) -> Client:
    """A new browser that tries this password."""
    client = Client()
    client.post("/account/login/", {"login": VICTIM, "password": password})
    return client


def by_code(client: Client, outbox: list[EmailMultiAlternatives]) -> None:
    client.post("/account/login/code/", {"email": VICTIM})
    client.post("/account/login/code/confirm/", {"code": code_of(outbox[-1])})


def by_reset(client: Client, outbox: list[EmailMultiAlternatives]) -> None:
    client.post("/account/password/reset/", {"email": VICTIM})
    link = re.search(r"/account/password/reset/key/\S+", outbox[-1].body)
    assert link is not None
    page = client.get(link[0], follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})


@pytest.mark.promise("P6e")
def test_a_mailed_code_opens_the_account_and_ends_the_strangers_password(
    mallory: Client, bought: Order, mailoutbox: Outbox
) -> None:
    victim, user = Client(), User.objects.get()
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    by_code(victim, mailoutbox)
    assert bought.number in victim.get("/account/orders/").content.decode()
    assert (is_signed_in(by_password(PASSWORD)), is_signed_in(mallory)) == (False, False)
    user.refresh_from_db()
    assert (user.has_usable_password(), Authenticator.objects.count()) == (False, 0)
    assert EmailAddress.objects.get(user=user).verified is True


def test_the_person_is_told_and_can_choose_a_password(mallory: Client, mailoutbox: Outbox) -> None:
    victim = Client()
    by_code(victim, mailoutbox)
    assert DROPPED in victim.get("/account/").content.decode()
    assert "/account/password/set/" in victim.get("/account/2fa/").content.decode()
    victim.post("/account/password/set/", {"password1": NEW, "password2": NEW})
    assert (is_signed_in(victim), is_signed_in(by_password(NEW))) == (True, True)


@pytest.mark.promise("P6e")
def test_a_new_password_by_the_mailed_link_is_the_only_one(mallory: Client, bought: Order, mailoutbox: Outbox) -> None:
    user = User.objects.get()
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    by_reset(Client(), mailoutbox)
    assert (is_signed_in(by_password(PASSWORD)), is_signed_in(mallory)) == (False, False)
    victim = by_password(NEW)
    assert bought.number in victim.get("/account/orders/").content.decode()
    assert (Authenticator.objects.count(), EmailAddress.objects.get(user=user).verified) == (0, True)


def test_a_mailed_code_after_that_keeps_the_new_password(mallory: Client, mailoutbox: Outbox) -> None:
    victim = Client()
    by_reset(victim, mailoutbox)
    by_code(victim, mailoutbox)
    assert (is_signed_in(victim), is_signed_in(by_password(NEW))) == (True, True)


def test_the_code_of_a_registration_confirms_nothing_in_another_browser(mallory: Client, mailoutbox: Outbox) -> None:
    victim, [mail] = Client(), mailoutbox
    assert "/confirm-email/" not in mail.body
    answer = victim.post("/account/confirm-email/", {"code": code_of(mail)})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    assert EmailAddress.objects.get().verified is False
    assert not is_signed_in(mallory)


def test_the_browser_that_registered_has_no_way_in_once_the_person_is_in(mallory: Client, mailoutbox: Outbox) -> None:
    victim = Client()
    by_code(victim, mailoutbox)
    mallory.post("/account/confirm-email/", {"action": "resend"})
    mallory.get("/account/login/")
    mallory.get("/account/2fa/webauthn/signup/")
    mallory.post("/account/login/", {"login": VICTIM, "password": PASSWORD})
    assert (is_signed_in(mallory), is_signed_in(victim)) == (False, True)


def test_a_person_who_registered_and_confirms_in_a_later_sign_in_keeps_the_password(
    mallory: Client, mailoutbox: Outbox
) -> None:
    cache.clear()  # some minutes later, when another code may be mailed
    later = by_password(PASSWORD)
    later.post("/account/confirm-email/", {"code": code_of(mailoutbox[-1])})
    assert is_signed_in(later)
    assert User.objects.get().check_password(PASSWORD)


def test_a_confirmed_account_keeps_everything_at_a_mailed_code(mailoutbox: Outbox) -> None:
    user, elsewhere = person(VICTIM), by_password(PASSWORD)
    assert is_signed_in(elsewhere)
    Authenticator.objects.create(user=user, type="recovery_codes", data={})
    client = Client()
    by_code(client, mailoutbox)
    assert (is_signed_in(client), is_signed_in(elsewhere), Authenticator.objects.count()) == (True, True, 1)
    assert DROPPED not in client.get("/account/").content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_sessions_of_an_unconfirmed_account_end_but_for_the_one_kept() -> None:
    user = person(VICTIM)
    kept, other = by_password(PASSWORD), by_password(PASSWORD)
    assert (is_signed_in(kept), is_signed_in(other)) == (True, True)
    EmailAddress.objects.update(verified=False)
    assert credentials.drop_unproven(user, keep_password=True, keep_session=kept.session.session_key) is False
    assert list(user.devices.values_list("session_id", flat=True)) == [kept.session.session_key]
    assert (credentials.drop_unproven(user), user.has_usable_password()) == (True, False)
    assert credentials.drop_unproven(user) is False
