"""Registering, confirming, signing in, resetting: through the pages, as a person does."""

import re
from ipaddress import ip_network
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from privacy import policy
from tests.accounts import purchases
from tests.accounts.conftest import PASSWORD, person

pytestmark = pytest.mark.django_db
Outbox = list[EmailMultiAlternatives]
NEW = {"email": "Grace@Example.com", "password1": PASSWORD}


def code_of(mail: EmailMultiAlternatives) -> str:
    found = re.search(r"^    (\S+)$", mail.body, re.MULTILINE)
    assert found is not None, mail.body
    return found[1]


def show_again(client: Client) -> None:
    """Answers the question who is there, as before everything that protects the account."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def register(client: Client, outbox: Outbox, **fields: str) -> Any:
    client.post("/account/signup/", NEW | fields)
    return client.post("/account/confirm-email/", {"code": code_of(outbox[-1])})


@pytest.mark.promise("P6e")
def test_registering_with_a_code_signs_in_and_finds_the_guests_order(client: Client, mailoutbox: Outbox) -> None:
    order = purchases.paid((purchases.edition(), 2), email="grace@example.com")
    other = purchases.paid((purchases.edition(), 1), email="else@example.com", delivery_email="grace@example.com")
    assert not User.objects.exists()
    response = register(client, mailoutbox)
    user = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert (user.email, user.licenses.count()) == ("grace@example.com", 2)
    assert [party.order_id for party in user.order_parties.all()] == [order.pk]
    assert purchases.events(order)[-1] == ("joined_account", "")
    assert other.number not in client.get("/account/orders/").content.decode()
    assert order.number in client.get("/account/orders/").content.decode()


def form_of(response: Any) -> str:
    """The page's own form: header and footer have links of their own."""
    return str(response.content.decode().partition('<form class="stack"')[2].partition("</form>")[0])


def test_registering_records_which_policy_was_shown(client: Client, mailoutbox: Outbox) -> None:
    assert reverse("policy") in form_of(client.get("/account/signup/"))
    register(client, mailoutbox)
    shown = str(policy.in_force().number)
    assert (User.objects.get().policy_version, bool(shown)) == (shown, True)


def test_registering_with_a_passkey_records_it_as_well(client: Client, mailoutbox: Outbox) -> None:
    assert reverse("policy") in form_of(client.get("/account/signup/passkey/"))
    client.post("/account/signup/passkey/", {"email": "grace@example.com"})
    assert User.objects.get().policy_version == str(policy.in_force().number)


def test_an_order_of_an_unconfirmed_address_is_not_found(client: Client, mailoutbox: Outbox) -> None:
    purchases.paid((purchases.edition(), 1), email="grace@example.com")
    client.post("/account/signup/", NEW)
    assert not is_signed_in(client)
    client.post("/account/confirm-email/", {"code": "WRONG1"})
    assert (User.objects.get().licenses.count(), is_signed_in(client)) == (0, False)


def test_an_address_that_has_an_account_is_not_told_apart(client: Client, ada: User, mailoutbox: Outbox) -> None:
    known = client.post("/account/signup/", NEW | {"email": "ada@example.com"})
    shown_known = client.get(known["Location"]).content
    fresh = Client()
    unknown = fresh.post("/account/signup/", NEW | {"email": "new@example.com"})
    shown_unknown = fresh.get(unknown["Location"]).content
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert without_tokens(shown_known, b"ada@example.com") == without_tokens(shown_unknown, b"new@example.com")
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["ada@example.com"], "You have an account already"),
        (["new@example.com"], "Your code to confirm the address"),
    ]
    assert User.objects.count() == 2


def without_tokens(page: bytes, address: bytes) -> bytes:
    return re.sub(rb'(csrfmiddlewaretoken" value=)"\w+"', rb"\1", page).replace(address, b"ADDRESS")


def test_a_robot_that_fills_the_trap_makes_no_account(client: Client, mailoutbox: Outbox) -> None:
    client.post("/account/signup/", NEW | {"website": "http://spam.example"})
    assert (User.objects.count(), len(mailoutbox)) == (0, 0)
    page = client.get("/account/signup/").content.decode()
    assert "style=" not in page
    assert '<div class="hide" aria-hidden="true"><input type="text" name="website" tabindex="-1"' in page


@pytest.mark.parametrize("password", ["short", "password123", "grace@example.com"])
def test_a_weak_password_is_refused_beside_its_field(client: Client, password: str) -> None:
    response = client.post("/account/signup/", NEW | {"password1": password})
    assert User.objects.count() == 0
    assert 'id="id_password1_error"' in response.content.decode()
    assert 'value="Grace@Example.com"' in response.content.decode().replace("grace@example.com", "Grace@Example.com")


def test_signing_in_by_password_in_any_casing(client: Client, ada: User) -> None:
    client.post("/account/login/", {"login": "ADA@example.com", "password": PASSWORD})
    assert is_signed_in(client)


@pytest.mark.parametrize("login", ["ada@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, ada: User, login: str) -> None:
    response = client.post("/account/login/", {"login": login, "password": "wrong"})
    assert "The email address and/or password you specified are not correct." in response.content.decode()
    assert not is_signed_in(client)


def test_signing_in_by_a_mailed_code(client: Client, ada: User, mailoutbox: Outbox) -> None:
    client.post("/account/login/code/", {"email": "ada@example.com"})
    assert mailoutbox[-1].subject == "Your sign-in code"
    client.post("/account/login/code/confirm/", {"code": code_of(mailoutbox[-1])})
    assert is_signed_in(client)


def test_a_mailed_code_is_refused_after_three_wrong_ones(client: Client, ada: User, mailoutbox: Outbox) -> None:
    client.post("/account/login/code/", {"email": "ada@example.com"})
    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    client.post("/account/login/code/confirm/", {"code": code_of(mailoutbox[-1])})
    assert not is_signed_in(client)


def test_a_code_for_an_unknown_address_looks_the_same(client: Client, ada: User, mailoutbox: Outbox) -> None:
    known = client.post("/account/login/code/", {"email": "ada@example.com"})
    unknown = Client().post("/account/login/code/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert mailoutbox[-1].subject == "No account with this address"


def test_setting_a_new_password_by_the_mailed_link_signs_other_browsers_out(
    client: Client, as_ada: Client, mailoutbox: Outbox
) -> None:
    assert is_signed_in(as_ada)
    client.post("/account/password/reset/", {"email": "ada@example.com"})
    link = re.search(r"Choose a new password: \S+?(/account/password/reset/key/\S+)", mailoutbox[-1].body)
    assert link is not None
    page = client.get(link[1], follow=True)
    client.post(
        page.redirect_chain[-1][0], {"password1": "another good password", "password2": "another good password"}
    )
    assert mailoutbox[-1].subject == "Your password was set anew"
    assert not is_signed_in(as_ada)
    client.post("/account/login/", {"login": "ada@example.com", "password": "another good password"})
    assert is_signed_in(client)


def test_changing_the_password_keeps_this_browser_and_ends_the_others(
    as_ada: Client, ada: User, mailoutbox: Outbox
) -> None:
    elsewhere = Client()
    elsewhere.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    elsewhere.get("/account/")
    show_again(as_ada)
    new = {"password1": "quite another password", "password2": "quite another password"}
    as_ada.post("/account/password/change/", {"oldpassword": PASSWORD} | new)
    assert (is_signed_in(as_ada), is_signed_in(elsewhere)) == (True, False)
    assert ada.devices.count() == 1
    assert mailoutbox[-1].subject == "Your password was changed"


def test_changing_the_address_needs_its_code_and_tells_the_old_one(
    as_ada: Client, ada: User, mailoutbox: Outbox
) -> None:
    show_again(as_ada)
    as_ada.post("/account/email/", {"email": "countess@example.com", "action_add": ""})
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"
    as_ada.post("/account/confirm-email/", {"code": code_of(mailoutbox[-1])})
    ada.refresh_from_db()
    assert ada.email == "countess@example.com"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("countess@example.com", True)]
    assert "The e-mail address was changed" in [mail.subject for mail in mailoutbox]


def test_too_many_wrong_passwords_are_refused_in_words(client: Client, ada: User) -> None:
    for _ in range(10):
        response = client.post("/account/login/", {"login": "ada@example.com", "password": "wrong"})
    assert "Too many failed login attempts. Try again later." in response.content.decode()
    client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    assert not is_signed_in(client)


def test_too_many_registrations_from_one_address_get_a_page_in_words(client: Client) -> None:
    for number in range(30):
        response = client.post("/account/signup/", NEW | {"email": f"p{number}@example.com"})
        if response.status_code == 429:
            break
    assert (response.status_code, "Too many tries" in response.content.decode()) == (429, True)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "limited"),
    [([], "192.0.2.{}", True), (["127.0.0.1"], "192.0.2.{}", False), (["127.0.0.1"], "192.0.2.9", True)],
)
def test_a_forwarded_address_is_counted_only_behind_a_trusted_proxy(
    settings: Settings, trusted: list[str], forwarded: str, limited: bool
) -> None:
    settings.TRUSTED_PROXIES = [ip_network(address) for address in trusted]
    answers = [
        Client()
        .post(
            "/account/signup/", NEW | {"email": f"p{n}@example.com"}, headers={"X-Forwarded-For": forwarded.format(n)}
        )
        .status_code
        for n in range(22)
    ]
    assert (429 in answers) == limited


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_is_asked_for_and_its_secret_is_not_readable_in_the_database(
    as_ada: Client, ada: User, client: Client, mailoutbox: Outbox
) -> None:
    show_again(as_ada)
    page = as_ada.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r"<b class=\"mono\">(\w+)</b>", page)
    assert secret is not None
    assert "data:image/svg+xml" in page
    code = totp.format_hotp_value(totp.hotp_value(secret[1], next(iter(totp.yield_hotp_counters_from_time()))))
    as_ada.post("/account/2fa/totp/activate/", {"code": code})
    assert "The authenticator app was switched on" in [mail.subject for mail in mailoutbox]
    stored = Authenticator.objects.get(user=ada, type="totp").data
    assert secret[1] not in str(stored)
    client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    assert not is_signed_in(client)
    [recovery, *_] = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()
    client.post("/account/2fa/authenticate/", {"code": recovery})
    assert is_signed_in(client)


def test_what_protects_the_account_needs_the_password_again(as_ada: Client, ada: User) -> None:
    for path in ("/account/2fa/totp/activate/", "/account/close/", "/account/2fa/webauthn/add/"):
        assert as_ada.get(path)["Location"] == f"/account/reauthenticate/?next={path.replace('/', '%2F')}"
    as_ada.post("/account/reauthenticate/?next=/account/close/", {"password": PASSWORD})
    assert as_ada.get("/account/close/").status_code == 200


ANONYMOUS = [
    "login/",
    "signup/",
    "signup/passkey/",
    "login/code/",
    "password/reset/",
    "password/reset/done/",
    "inactive/",
]
SIGNED_IN = [
    "logout/",
    "email/",
    "password/change/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]


@pytest.mark.parametrize("path", ANONYMOUS)
def test_pages_on_the_way_in_wear_the_shops_look_without_anything_inline(client: Client, path: str) -> None:
    judge(client.get(f"/account/{path}"))


@pytest.mark.parametrize("path", SIGNED_IN)
def test_pages_of_the_account_wear_the_shops_look_without_anything_inline(as_ada: Client, path: str) -> None:
    show_again(as_ada)
    judge(as_ada.get(f"/account/{path}"))


def judge(response: Any) -> None:
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1>") == 1
    assert '<main id="main"' in page
    assert "style=" not in page
    assert "onclick=" not in page
    inline = [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag]
    assert all('type="application/json"' in tag for tag in inline)
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_mails_of_signing_in_are_in_the_shops_form(client: Client, mailoutbox: Outbox, settings: Settings) -> None:
    person("ada@example.com")
    client.post("/account/login/code/", {"email": "ada@example.com"})
    [mail] = mailoutbox
    code = code_of(mail)
    assert (
        mail.body
        == f"""\
Your sign-in code.

Type this code on the page that asks for it:

    {code}

It works for a few minutes.

--
You get this mail because somebody used this address at AzureOps. If it was not you, you need not do anything.
Questions: answer this mail. Deletion of your data: write so in an answer, that is enough.
AzureOps, {settings.SITE_URL}
Imprint: {settings.SITE_URL}/pages/imprint/
Privacy policy: {settings.SITE_URL}/privacy/
"""
    )
    assert code in str(mail.alternatives[0][0])
