"""Every public page: the two things that P14 promises, no sideways scrolling, a light load, ids that are unique."""

import pytest
from playwright.sync_api import expect

from tests.journeys import inspection
from tests.journeys.inspection import Scales
from tests.journeys.visitor import Visitor

KB = 1000
PRODUCTS = (
    "gridtrace sheetdiff pivotsmith closebook planwright schemastep indexwell jobwatch costline tagkeeper runbook-desk "
    "vault-register"
).split()
CATEGORIES = ("excel", "sql-server", "azure", "suites", "trials")
#: Every kind of page that anybody may open, with what it may hold.
PUBLIC = (
    *("/", "/search/?q=pivot", "/search/?q=pivto", "/search/?q=zzzz", "/search/", "/cart/", "/find-order/"),
    *("/pages/terms/", "/pages/imprint/", "/pages/contact/", "/privacy/", "/cookies/"),
    *("/account/login/", "/account/signup/", "/account/password/reset/", "/account/login/code/"),
    *(f"/c/{slug}/" for slug in CATEGORIES),
    *(f"/p/{slug}/" for slug in PRODUCTS),
)


@pytest.mark.promise("P14")
def test_every_page_fits_every_width_and_keeps_cart_and_way_up(visitor: Visitor) -> None:
    page = visitor.open()
    faults: list[str] = []
    for path in PUBLIC:
        page.set_viewport_size({"width": 1280, "height": 800})
        inspection.open_whole(page, path)
        faults += inspection.doubled_ids(page)
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("header").get_by_role("link", name="Cart")).to_be_visible()
        faults += inspection.width_faults(page)
        up = page.get_by_role("link", name="Back to the top")
        up.click()
        assert page.evaluate("scrollY") == 0, path
    assert faults == []


def test_every_page_loads_less_than_100_kb(visitor: Visitor) -> None:
    visitor.context.route("**/*", lambda route: route.continue_())  # with a route, nothing comes from the cache
    page = visitor.open("about:blank")
    scales = Scales(page)
    weights = {}
    for path in PUBLIC:
        inspection.open_whole(page, path)
        weights[path] = scales.bytes_of_last_page()
    assert {path: weight for path, weight in weights.items() if weight >= 100 * KB} == {}
    assert min(weights.values()) > 15 * KB  # the scales work: htmx alone weighs as much


def test_a_fault_in_a_page_is_noticed(careless_visitor: Visitor) -> None:
    """The watch over all journeys is no better than what it notices."""
    page = careless_visitor.open()
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'self.x = 1'}))")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\" id=\"main\">x</p>')")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.evaluate("fetch('/no-such-fragment/')")
    page.evaluate("document.cookie = 'tracker=1'")
    page.evaluate("document.body.style.minWidth = '2000px'")
    expect(page.locator("#cart-widget b")).to_be_visible()
    said = "\n".join(careless_visitor.complaints)
    assert [word for word in ("script-src", "style-src", "broken", "404 GET") if word not in said] == []
    assert careless_visitor.undeclared_cookies() == {"tracker"}
    assert inspection.doubled_ids(page) == [f"{page.url}: #main"]
    assert {fault.split(" at ")[1].split(":")[0] for fault in inspection.width_faults(page)} == {
        "320",
        "360",
        "768",
        "1280",
    }
