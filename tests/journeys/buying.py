"""What a buyer does: choose, fill in the checkout, pay on the provider's page. Each step ends where the next begins."""

import re
from dataclasses import dataclass, field
from secrets import token_hex

from playwright.sync_api import Locator, Page, expect

KEY = re.compile(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){4}\b")
PAID = "Paid. Your keys are ready."


def new_address() -> str:
    """An e-mail address that nobody used before."""
    return f"buyer-{token_hex(4)}@kontor.example"


@dataclass(frozen=True)
class Buyer:
    """Who buys, and what they answer."""

    email: str = field(default_factory=new_address)
    country: str = "DE"
    method: str = "card"
    delivery: str = "sealed"
    name: str = "Maria Nowak"
    street: str = "Speicherstraße 12"
    postal_code: str = "20457"
    city: str = "Hamburg"


def choose(page: Page, *, product: str = "Gridtrace", edition: str = "Professional") -> None:
    """From the home page to the product, and with the edition into the cart."""
    page.goto("/")
    page.locator("#tools").get_by_role("link", name=product).first.click()
    page.get_by_role("radio", name=re.compile(f"^{edition}")).check()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("heading", name="Your cart")).to_be_visible()  # in the drawer, or without scripts as a page


def checkout(page: Page, buyer: Buyer) -> None:
    """Fills in the checkout, which is open, and sends it: the provider's page is next."""
    fill(page, buyer)
    page.wait_for_load_state("networkidle")  # the sum follows what was typed, and brings a new button
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(re.compile(r"/c/pay/|/checkoutnow"))


def fill(page: Page, buyer: Buyer) -> None:
    """Country first, because it decides the ways to pay that are offered."""
    country = page.get_by_label("Country")
    if country.input_value() != buyer.country:
        before = page.locator("#payment").element_handle()
        country.select_option(buyer.country)
        before.wait_for_element_state("hidden")  # the ways to pay of that country took its place
    page.get_by_label("E-mail address", exact=True).fill(buyer.email)
    page.get_by_label("Full name").fill(buyer.name)
    page.get_by_label("Street and number").fill(buyer.street)
    page.get_by_label("Postal code").fill(buyer.postal_code)
    page.get_by_label("Town").fill(buyer.city)
    page.locator(f"input[name=payment_method][value={buyer.method}]").check()
    page.locator(f"input[name=delivery][value={buyer.delivery}]").check()


def press(page: Page, test_id: str) -> None:
    """Presses a button of the provider's page."""
    page.get_by_test_id(test_id).click()


def expect_paid(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(PAID)


def buy(page: Page, buyer: Buyer, **goods: str) -> None:
    """The whole way, from the home page to the paid order."""
    choose(page, **goods)
    page.goto("/checkout/")
    checkout(page, buyer)
    press(page, "pay")
    expect_paid(page)


def open_key(page: Page) -> str:
    """Opens the one sealed key of the order that is shown, and returns it."""
    page.get_by_role("button", name="Show my key").click()
    page.get_by_role("button", name="Show my key").click()  # the question whether to open it
    return shown_key(page)


def shown_key(page: Page) -> str:
    """The one key that the page shows, as a reader hears it."""
    label = key_cards(page).get_attribute("aria-label")
    found = KEY.search(label or "")
    assert found is not None, label
    return found[0]


def key_cards(page: Page) -> Locator:
    """Keys that are drawn in clear."""
    return page.get_by_role("img", name=re.compile("^Key "))
