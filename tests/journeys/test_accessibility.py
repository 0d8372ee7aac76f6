"""axe finds nothing (WCAG 2.2 AA and its best practices) in either theme while one buys and in the account."""

from playwright.sync_api import expect

from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

OF_THE_ACCOUNT = (
    *("/account/", "/account/licenses/", "/account/licenses/add/", "/account/orders/", "/account/profile/"),
    *(
        "/account/addresses/",
        "/account/addresses/new/",
        "/account/devices/",
        "/account/close/",
        "/account/email/",
        "/account/2fa/",
    ),
    *("/account/password/change/", "/account/logout/", "/account/data/", "/account/consents/"),
)


def test_buying_from_drawer_to_key(visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer()
    buying.choose(page)
    found = inspection.axe_faults(page)  # the drawer is open
    for path in ("/cart/", "/checkout/"):
        inspection.open_whole(page, path)
        found += inspection.axe_faults(page)
    page.get_by_label("I buy for a company").check()
    page.get_by_role("button", name="Pay €").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page)
    page.get_by_label("I buy for a company").uncheck()
    buying.checkout(page, buyer)
    buying.press(page, "cancel")
    expect(page.get_by_role("heading", level=1)).to_have_text("This order waits for its payment")
    found += inspection.axe_faults(page) + inspection.width_faults(page)
    page.get_by_role("radio", name="PayPal").check()
    page.get_by_role("button", name="Pay €149.00").click()
    buying.press(page, "pay")
    buying.expect_paid(page)
    found += inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page)
    page.get_by_role("button", name="Show my key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Show this key?")
    found += inspection.axe_faults(page)
    page.get_by_role("button", name="Show my key").click()
    expect(buying.key_cards(page)).to_be_visible()
    found += inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page)
    assert found == []


def test_pages_of_an_account(shop: RunningShop, visitor: Visitor) -> None:
    page, email = visitor.open("/account/signup/"), buying.new_address()
    people.register(page, email)
    found = inspection.axe_faults(page)
    people.confirm_address(page, shop, email)
    buying.buy(page, Buyer(email=email))
    for path in OF_THE_ACCOUNT:
        inspection.open_whole(page, path)
        found += inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page)
    assert found == []
