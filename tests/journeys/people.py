"""What a person with an account does: register, confirm the address, sign in and out."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop

LINK = re.compile(r"https?://\S+")


def register(page: Page, email: str, password: str) -> None:
    """Fills in the registration, which is open, and sends it: the address waits to be confirmed."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/account/confirm-email/")


def confirm_address(page: Page, shop: RunningShop, email: str) -> None:
    """Follows the mailed link, as a person would."""
    mail = text(shop.mails.wait_for(email, "onfirm"))
    page.goto(next(link for link in LINK.findall(mail) if "confirm" in link))
    page.locator("main").get_by_role("button", name=re.compile("^Confirm")).click()


def sign_in(page: Page, email: str, password: str, *, path: str = "/account/login/") -> None:
    """Signs in by password and ends where that leads."""
    page.goto(path)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/login/"))
