"""A guest buys: by card with the key at once, by PayPal with a key that stays sealed, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import letters, text
from tests.journeys.people import confirm_address, register
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor


@pytest.mark.promise("P4", "P6a", "P6e", "P11b")
def test_a_guest_in_germany_pays_by_card_and_finds_the_key_in_the_account(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer(delivery="at_once")
    buying.choose(page)
    drawer = page.get_by_role("dialog", name="Your cart")
    expect(drawer.get_by_text("Gridtrace Professional is in your cart.")).to_be_visible()
    expect(page.locator("#cart-widget")).to_have_text(re.compile(r"1\s*€149\.00"))
    drawer.get_by_role("link", name="Go to checkout").click()

    assert page.locator("[autocomplete^=cc-]").count() == 0  # no card is typed into the shop
    buying.fill(page, buyer)
    expect(page.locator("#summary")).to_contain_text("VAT, 19%, Germany")
    page.get_by_role("button", name="Pay €149.00").click()
    page.wait_for_url(f"{shop.stripe.base_url}/c/pay/**")
    expect(page.get_by_test_id("total")).to_have_text("149.00 EUR")
    expect(page.get_by_test_id("email")).to_have_text(buyer.email)
    buying.press(page, "pay")

    buying.expect_paid(page)
    key = buying.shown_key(page)
    mail = shop.mails.wait_for(buyer.email, "Your order")
    assert buying.KEY.findall(text(mail)) == [key]
    assert key.replace("-", "") in letters(mail)
    assert page.url in text(mail)

    page.get_by_role("link", name="Make an account").click()
    register(page, buyer.email)
    confirm_address(page, shop, buyer.email)
    page.goto("/account/licenses/")
    page.get_by_role("link", name="Show my key of Gridtrace").click()
    assert buying.shown_key(page) == key


@pytest.mark.promise("P10", "P11a")
def test_a_guest_in_the_united_states_pays_by_paypal_and_opens_a_sealed_key(
    shop: RunningShop, visitor: Visitor
) -> None:
    page = visitor.open()
    buyer = Buyer(country="US", method="paypal", city="Springfield", postal_code="62704", street="12 Elm Street")
    buying.choose(page)
    page.goto("/checkout/")
    expect(page.locator("input[name=payment_method]")).to_have_count(2)
    buying.fill(page, buyer)
    offered = page.locator("input[name=payment_method]")
    assert [choice.get_attribute("value") for choice in offered.all()] == ["paypal"]
    expect(page.locator("#summary")).to_contain_text("No VAT outside the EU")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(f"{shop.paypal.base_url}/checkoutnow**")
    expect(page.get_by_test_id("total")).to_have_text("125.21 EUR")
    buying.press(page, "pay")

    buying.expect_paid(page)
    expect(buying.key_cards(page)).to_have_count(0)
    expect(page.get_by_role("img", name="Sealed key")).to_be_visible()
    mail = shop.mails.wait_for(buyer.email, "Your order")
    assert buying.KEY.findall(text(mail)) == []
    key = buying.open_key(page)
    assert key.replace("-", "") not in letters(mail)
    page.reload()
    assert buying.shown_key(page) == key


def test_everything_works_without_javascript(shop: RunningShop, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page, buyer = visitor.open(), Buyer()
    buying.choose(page, product="Sheetdiff")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    page.get_by_role("spinbutton", name="Sheetdiff Professional").fill("3")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("#cart")).to_contain_text("€387.00")
    _empty_and_choose_again(page)
    _use_code(page, "welcome 11")
    expect(page.get_by_role("alert")).to_contain_text("We don’t know this code.")
    _use_code(page, "welc0me 10")
    expect(page.locator("#cart")).to_contain_text(re.compile(r"Discount, code WELCOME-10\s*-€12\.90"))

    page.get_by_role("link", name="Go to checkout").click()
    page.get_by_label("Country").select_option("FR")
    page.get_by_role("button", name="Show tax and payment for this country").click()
    expect(page.locator("#summary")).to_contain_text("VAT, 20%, France")
    page.get_by_label("Country").select_option("DE")
    page.get_by_role("button", name="Show tax and payment for this country").click()
    buying.checkout(page, buyer)
    buying.press(page, "pay")

    buying.expect_paid(page)
    expect(page.get_by_label("Receipt")).to_contain_text("Discount, code WELCOME-10")
    expect(page.get_by_label("Receipt")).to_contain_text(re.compile(r"Paid\s*€116\.10"))
    key = buying.open_key(page)
    expect(page.get_by_text(key, exact=True)).to_be_visible()  # as text too, to be selected
    assert shop.mails.wait_for(buyer.email, "Your order")["subject"].endswith(": 1 key")


def _empty_and_choose_again(page: Page) -> None:
    page.get_by_role("button", name="Empty the cart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart is empty")
    buying.choose(page, product="Sheetdiff")


def _use_code(page: Page, code: str) -> None:
    if not page.get_by_label("Code", exact=True).is_visible():
        page.get_by_text("Do you have a code?").click()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Use the code").click()
