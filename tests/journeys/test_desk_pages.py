"""The desk's own pages: nothing that axe finds in either theme, no sideways scrolling, everything by keyboard."""

import re

from playwright.sync_api import Page, expect

from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.running_shop import RunningShop

LISTS = ("/admin/", "/admin/shop/order/", "/admin/accounts/keypool/", "/admin/shop/product/", "/admin/accounts/user/")


def _addresses(page: Page) -> tuple[str, ...]:
    """The lists, and a page of each kind behind them."""
    page.goto("/admin/accounts/keypool/")
    pool = page.get_by_role("link", name="Import keys").first.get_attribute("href")
    assert pool is not None
    page.goto("/admin/shop/order/")
    page.locator("th.field-number a").first.click()
    order = page.url
    page.get_by_role("link", name="Put on hold").click()
    return (*LISTS, pool, pool.replace("import", "change"), order, page.url)


def test_the_desks_pages_suit_everybody(shop: RunningShop, visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 900}).open()
    buying.buy(page, Buyer())
    people.sign_in(page, "manager@example.com", shop.password, path="/admin/")
    assert _faults(page, _addresses(page)) == ""


def _faults(page: Page, addresses: tuple[str, ...]) -> str:
    """What axe finds in either theme, and whatever stands out of the page at any width, a line a fault."""
    faults: list[str] = []
    for path in addresses:
        for theme in inspection.THEMES:
            page.emulate_media(color_scheme=theme)  # the desk looks at it once, when a page is opened
            answer = page.goto(path)
            assert answer is not None
            assert (path, answer.status) == (path, 200)
            expect(page.locator("html")).to_have_class("dark" if theme == "dark" else "")
            faults += inspection.axe_faults_in(page, theme)
        faults += inspection.width_faults(page)
        page.set_viewport_size({"width": 1280, "height": 900})
    return "\n".join(faults)


OF_MONEY_AND_DATA = (
    *("/admin/payments/dispute/", "/admin/payments/refund/", "/admin/payments/attempt/", "/admin/payments/statement/"),
    *("/admin/payments/webhookevent/", "/admin/privacy/legalhold/", "/admin/privacy/legalhold/add/"),
    *("/admin/privacy/export/", "/admin/privacy/export/add/", "/admin/privacy/policyversion/"),
    *("/admin/payments/fraudassessment/", "/admin/payments/fraudrules/", "/admin/payments/fraudrules/add/"),
    *("/admin/privacy/policyversion/record/", "/admin/privacy/alert/", "/admin/privacy/outgoingmail/"),
)


def test_the_desks_pages_of_money_and_data_suit_everybody(shop: RunningShop, visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 900}).open()
    buying.buy(page, Buyer())
    people.sign_in(page, "admin@example.com", shop.password, path="/admin/")
    page.goto("/admin/shop/order/")
    page.locator("th.field-number a").first.click()
    order = re.search(r"/order/(\d+)/", page.url)
    assert order is not None
    page.goto("/admin/payments/attempt/")
    page.locator("#result_list tbody th a").first.click()
    addresses = (*OF_MONEY_AND_DATA, f"/admin/payments/refund/request/{order[1]}/", page.url)
    assert _faults(page, addresses) == ""


def test_the_menu_opens_by_keyboard_on_a_small_screen(shop: RunningShop, visit: Visit) -> None:
    page = visit(viewport={"width": 360, "height": 800}).open()
    people.sign_in(page, "manager@example.com", shop.password, path="/admin/")
    orders = page.get_by_role("link", name=re.compile("Orders$"))
    expect(orders).to_be_hidden()
    page.get_by_role("button", name="Show or hide the menu").focus()
    page.keyboard.press("Enter")
    expect(orders).to_be_visible()
    orders.press("Enter")
    expect(page).to_have_url(re.compile("/admin/shop/order/"))
