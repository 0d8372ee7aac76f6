"""The desk's own pages: nothing that axe finds in either theme, no sideways scrolling, everything by keyboard."""

import re

from playwright.sync_api import Page, expect

from tests.journeys import inspection, people
from tests.journeys.conftest import Visit
from tests.journeys.running_shop import RunningShop

LISTS = ("/admin/", "/admin/shop/order/", "/admin/accounts/keypool/", "/admin/shop/product/", "/admin/accounts/user/")


def first_pool(page: Page) -> str:
    page.goto("/admin/accounts/keypool/")
    address = page.get_by_role("link", name="Import keys").first.get_attribute("href")
    assert address is not None
    return address


def test_the_desks_pages_suit_everybody(shop: RunningShop, visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 900}).open()
    people.sign_in(page, "manager@example.com", shop.password, path="/admin/")
    faults: list[str] = []
    pool = first_pool(page)
    for path in (*LISTS, pool, pool.replace("import", "change")):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path, wait_until="load")
        faults += inspection.axe_faults(page)
        faults += inspection.width_faults(page)
    assert "\n".join(faults) == ""


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
