"""axe finds nothing (WCAG 2.2 AA and its best practices), in both themes, on any page, in any state of it."""

from playwright.sync_api import Page, expect

from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

#: A page of each kind: products, shelves and texts differ in their words alone.
PUBLIC = (
    *("/", "/c/excel/", "/p/gridtrace/", "/p/costline/", "/search/?q=pivot", "/search/?q=zzzz", "/cart/"),
    *("/find-order/", "/pages/terms/", "/privacy/", "/cookies/", "/dev/mail/", "/styleguide/"),
    *("/account/login/", "/account/signup/", "/account/password/reset/", "/account/login/code/"),
)
OF_THE_ACCOUNT = (
    *("/account/", "/account/licenses/", "/account/orders/", "/account/profile/", "/account/addresses/"),
    *("/account/addresses/new/", "/account/devices/", "/account/close/", "/account/email/", "/account/2fa/"),
    *("/account/password/change/", "/account/logout/"),
)
OF_THE_DESK = ("/admin/", "/admin/shop/order/", "/admin/accounts/keypool/", "/admin/shop/product/")


def _faults(page: Page, paths: tuple[str, ...]) -> list[str]:
    found = []
    for path in paths:
        inspection.open_whole(page, path)
        found += inspection.axe_faults(page)
    return found


def test_public_pages(visitor: Visitor) -> None:
    assert _faults(visitor.open(), PUBLIC) == []


def test_buying_from_drawer_to_key(visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer()
    buying.choose(page)
    found = inspection.axe_faults(page)  # the drawer is open
    found += _faults(page, ("/cart/", "/checkout/"))
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
    found += _faults(page, OF_THE_ACCOUNT)
    for path in OF_THE_ACCOUNT:
        page.goto(path)
        found += inspection.width_faults(page) + inspection.doubled_ids(page)
    assert found == []


def test_pages_of_the_desk(shop: RunningShop, visitor: Visitor) -> None:
    page = visitor.open()
    buying.buy(page, Buyer())
    people.sign_in(page, "manager@example.com", shop.password, path="/admin/")
    page.goto("/admin/shop/order/")
    page.locator("th.field-number a").first.click()
    order = page.url
    page.get_by_role("link", name="Put on hold").click()
    paths = (*OF_THE_DESK, order, page.url)
    found = []
    for theme in inspection.THEMES:
        page.emulate_media(color_scheme=theme)  # the desk looks at it once, when a page is opened
        for path in paths:
            inspection.open_whole(page, path)
            expect(page.locator("html")).to_have_class("dark" if theme == "dark" else "")
            found += inspection.axe_faults_in(page, theme)
    assert found == []
