"""A risky payment: the buyer reads that a person looks, a manager decides with one button, the buyer is told."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop


def _pay_riskily(page: Page, buyer: Buyer) -> str:
    """Pays with what Stripe calls a very high risk, by a card from elsewhere; returns the address of the order."""
    buying.choose(page)
    page.goto("/checkout/")
    buying.checkout(page, buyer)
    page.get_by_test_id("card-country").select_option("US")
    page.get_by_test_id("risk").select_option("highest")
    buying.press(page, "pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("We are checking this order")
    return page.url


def _first_of_the_queue(page: Page) -> None:
    """From the start page to the order that waits."""
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("held by fraud review")).click()
    page.locator("#result_list a").filter(has_text="waits for a person").first.click()
    expect(page.get_by_role("heading", name="Decide")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "button", "ends", "subject"),
    [
        (1280, "Release the order, send the keys", buying.PAID, "Your order"),
        (360, "Cancel the order", "This order was cancelled", "is cancelled"),
    ],
    ids=["released at 1280 px", "cancelled at 360 px"],
)
def test_a_risky_order_waits_until_a_person_decides(
    shop: RunningShop, visit: Visit, width: int, button: str, ends: str, subject: str
) -> None:
    page, buyer = visit(viewport={"width": width, "height": 900}).open(), Buyer()
    order = _pay_riskily(page, buyer)
    expect(page.get_by_role("heading", name="Your payment has arrived")).to_be_visible()
    expect(page.get_by_role("button", name="Show my key")).to_have_count(0)
    assert inspection.axe_faults(page) + inspection.width_faults(page) == []
    assert "a person looks at the order" in text(shop.mails.wait_for(buyer.email, "is being checked"))

    desk = visit(viewport={"width": width, "height": 900}).open()
    people.sign_in(desk, "manager@example.com", shop.password, path="/admin/")
    _first_of_the_queue(desk)
    expect(
        desk.get_by_text("The countries of card (United States) and billing address (Germany) differ.")
    ).to_be_visible()
    for theme in inspection.THEMES:
        desk.emulate_media(color_scheme=theme)
        desk.reload()
        assert inspection.axe_faults_in(desk, theme) == []
    assert inspection.width_faults(desk) == []
    desk.set_viewport_size({"width": width, "height": 900})
    desk.get_by_role("button", name=re.compile(button)).click()
    expect(desk.get_by_text(re.compile("Released: the keys|Cancelled: the money"))).to_be_visible()

    shop.mails.wait_for(buyer.email, subject)
    page.goto(order)
    expect(page.get_by_role("heading", level=1)).to_have_text(ends)
