"""What a person with an account does: register, confirm the address, sign in."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop

CODE = re.compile(r"^\s+(\S{4,})\s*$", re.MULTILINE)
PASSWORD = "speicher-kran-elbe-17"


def register(page: Page, email: str) -> None:
    """Fills in the registration, which is open: the page that asks for the mailed code is next."""
    main = page.get_by_role("main")
    main.get_by_label("E-mail address").fill(email)
    main.get_by_label("Password", exact=True).fill(PASSWORD)
    main.get_by_role("button", name="Make an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail address")


def confirm_address(page: Page, shop: RunningShop, email: str) -> None:
    """Types the code that was mailed, and ends signed in."""
    code = CODE.search(text(shop.mails.wait_for(email, "code to confirm")))
    assert code is not None
    main = page.get_by_role("main")
    main.get_by_label("Code").fill(code[1])
    main.get_by_role("button", name="Confirm", exact=True).click()
    expect(page).not_to_have_url(re.compile("confirm-email"))


def sign_in(page: Page, email: str, password: str = PASSWORD, *, path: str = "/account/login/") -> None:
    """Signs in by password and ends where that leads."""
    page.goto(path)
    main = page.get_by_role("main")
    main.get_by_label("E-mail address").fill(email)
    main.get_by_label("Password", exact=True).fill(password)
    main.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/login/"))
