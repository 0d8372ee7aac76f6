"""A person with an account: the cart that follows, an address for the checkout, and the end of the account."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import buying, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor


@pytest.mark.promise("P6e")
def test_an_account_from_registration_to_its_end(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open("/account/signup/"), Buyer()
    people.register(page, buyer.email)
    people.confirm_address(page, shop, buyer.email)

    page.goto("/account/addresses/new/")
    main = page.get_by_role("main")
    main.get_by_label("Country").select_option("AT")
    main.get_by_label("Full name").fill("Maria Nowak")
    main.get_by_label("Street and number").fill("Lindengasse 4")
    main.get_by_label("Postal code").fill("1070")
    main.get_by_label("Town").fill("Wien")
    main.get_by_role("button", name="Save the address").click()
    main.get_by_role("link", name="Change the address of Maria Nowak").click()
    main.get_by_label("Street and number").fill("Lindengasse 6")
    main.get_by_role("button", name="Save the address").click()
    expect(main.get_by_text("Lindengasse 6")).to_be_visible()

    buying.choose(page)
    page.goto("/checkout/")
    expect(page.get_by_label("E-mail address", exact=True)).to_have_value(buyer.email)
    expect(page.get_by_label("Street and number")).to_have_value("Lindengasse 6")
    expect(page.locator("#summary")).to_contain_text("VAT, 20%, Austria")
    page.locator("input[name=payment_method][value=card]").check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(f"{shop.stripe.base_url}/c/pay/**")
    buying.press(page, "pay")
    buying.expect_paid(page)
    page.goto("/account/orders/")
    number = page.get_by_role("main").get_by_role("link", name=re.compile(r"AO-\d+")).first.inner_text()
    link = _order_link(text(shop.mails.wait_for(buyer.email, "Your order")))

    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/account/data/")
    menu = page.get_by_role("navigation", name="Account")
    expect(menu.get_by_role("link", name="Your data")).to_be_in_viewport(ratio=1)
    page.goto("/account/close/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
    main.get_by_label("Password", exact=True).fill(people.PASSWORD)
    main.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Close the account for good").click()
    expect(page.get_by_text("Your account is closed.")).to_be_visible()
    shop.mails.wait_for(buyer.email, "Your account is closed")
    page.goto("/account/login/")
    main.get_by_label("E-mail address").fill(buyer.email)
    main.get_by_label("Password", exact=True).fill(people.PASSWORD)
    main.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_url(re.compile("/account/login/"))
    page.goto(link)  # what was bought stays, for its period
    buying.expect_paid(page)
    expect(page.get_by_text(number).first).to_be_visible()


def _order_link(words: str) -> str:
    return next(line.removeprefix("Your order: ") for line in words.splitlines() if line.startswith("Your order: "))


@pytest.mark.promise("P4")
def test_the_cart_of_a_guest_joins_that_of_the_account(shop: RunningShop, visit: Visit) -> None:
    at_home, at_work = visit(), visit()
    page = at_home.open("/account/signup/")
    email = buying.new_address()
    people.register(page, email)
    people.confirm_address(page, shop, email)
    buying.choose(page, product="Sheetdiff")

    page = at_work.open()
    buying.choose(page, product="Sheetdiff")
    buying.choose(page, product="Costline", edition="Company")
    people.sign_in(page, email)
    page.goto("/cart/")
    lines = page.locator("#cart .cart-line")
    expect(lines).to_have_count(2)
    quantities = {
        line.locator("input[type=number]").get_attribute("aria-label"): line.locator("input[type=number]").input_value()
        for line in lines.all()
    }
    assert quantities == {"Sheetdiff Professional": "1", "Costline Company": "1"}
