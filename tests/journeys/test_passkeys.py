"""Passkeys, with an authenticator that Chromium plays: no password is typed, and no script of the page is inline."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, people
from tests.journeys.conftest import Visit
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

PLAYED = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visitor(shop: RunningShop, visit: Visit) -> Visitor:
    """A visitor with a passkey device. Browsers know passkeys for names only, not for numbers: so at localhost."""
    return visit(base_url=shop.url.replace("127.0.0.1", "localhost"))


def open_with_device(visitor: Visitor, path: str) -> Page:
    page = visitor.open(path)
    device: Any = visitor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PLAYED})
    return page


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def expect_signed_in(page: Page, email: str) -> None:
    expect(page.get_by_text(f"Signed in with {email}.")).to_be_visible()


def test_a_passkey_is_added_signs_in_alone_and_is_a_second_step(shop: RunningShop, visitor: Visitor) -> None:
    page, email = open_with_device(visitor, "/account/signup/"), buying.new_address()
    people.register(page, email)
    people.confirm_address(page, shop, email)
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Sign in with it alone, without a password").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")

    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect_signed_in(page, email)

    sign_out(page)
    page.goto("/account/login/")
    main = page.get_by_role("main")
    main.get_by_label("E-mail address").fill(email)
    main.get_by_label("Password", exact=True).fill(people.PASSWORD)
    main.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect_signed_in(page, email)
    assert visitor.complaints == []


def test_an_account_starts_with_a_passkey_and_has_no_password(shop: RunningShop, visitor: Visitor) -> None:
    page, email = open_with_device(visitor, "/account/signup/passkey/"), buying.new_address()
    page.get_by_role("main").get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Mail me a code").click()
    people.confirm_address(page, shop, email)
    page.get_by_role("button", name="Make my passkey").click()
    expect_signed_in(page, email)
    page.goto("/account/2fa/")
    expect(page.get_by_text("You sign in without a password.")).to_be_visible()
    assert visitor.complaints == []
