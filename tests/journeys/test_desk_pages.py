"""The desk's own pages: nothing that axe finds in either theme, no sideways scrolling, everything by keyboard."""

import re
from collections.abc import Iterable

from playwright.sync_api import Page, expect

from tests.journeys import buying, desk_pages, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.running_shop import RunningShop

#: The same on each page: looked at on the first.
MENU = "#nav-sidebar"
#: As the desk does it when it is opened by somebody whose system is dark; the first page is really opened so.
DARKEN = "document.documentElement.classList.add('dark')"


def test_every_page_of_the_desk_is_opened_or_has_its_reason() -> None:
    """Made from the list of addresses: a page that is new fails until it is looked at."""
    looked_at = desk_pages.paths(desk_pages.ANY_ROWS).keys()
    assert desk_pages.names() - looked_at - desk_pages.left_out() == set()
    assert (looked_at | desk_pages.left_out()) - desk_pages.names() == set()
    assert looked_at & desk_pages.left_out() == set()


def test_the_desks_pages_suit_everybody(shop: RunningShop, visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 900}, color_scheme="dark").open()
    buying.buy(page, Buyer())
    rows = desk_pages.fill(shop)
    people.sign_in(page, "admin@example.com", shop.password, path="/admin/")
    expect(page.locator("html")).to_have_class("dark")
    faults = [f"menu: {fault}" for fault in inspection.axe_faults_in(page, "dark")]
    assert "\n".join(faults + _faults(page, desk_pages.paths(rows).values())) == ""


def _faults(page: Page, addresses: Iterable[str]) -> list[str]:
    """What axe finds in either theme, and whatever stands out of the page at any width, a line a fault."""
    faults: list[str] = []
    for number, path in enumerate(addresses):
        page.emulate_media(color_scheme="light")
        answer = page.goto(path)
        assert answer is not None
        assert (path, answer.status, page.url.endswith(path)) == (
            path,
            200,
            True,
        )  # itself, and no other that it leads to
        faults += inspection.axe_faults_in(page, "light", without=MENU if number else "")
        page.emulate_media(color_scheme="dark")
        page.evaluate(DARKEN)
        faults += inspection.axe_faults_in(page, "dark", without=MENU)
        faults += inspection.width_faults(page)
        page.set_viewport_size({"width": 1280, "height": 900})
    return faults


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
