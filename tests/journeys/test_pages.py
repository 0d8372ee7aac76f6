"""Every public page, opened once: the two things that P14 promises, no sideways scrolling, ids that are unique, a light
load, and nothing that axe finds."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import inspection
from tests.journeys.inspection import Scales
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

KB = 1000
PAGES = (
    *("/", "/c/excel/", "/c/suites/", "/c/trials/", "/p/gridtrace/", "/p/costline/", "/cart/", "/find-order/"),
    *("/search/", "/search/?q=pivot", "/search/?q=pivto", "/search/?q=zzzz"),
    *("/pages/terms/", "/pages/contact/", "/privacy/", "/privacy/versions/", "/cookies/", "/styleguide/", "/dev/mail/"),
    *("/account/login/", "/account/signup/", "/account/password/reset/", "/account/login/code/"),
)
#: These differ from the ones above in words and drawings alone, so axe isn't asked again.
ALIKE = (
    *("/c/sql-server/", "/c/azure/", "/pages/imprint/"),
    *("/p/sheetdiff/", "/p/pivotsmith/", "/p/closebook/", "/p/planwright/", "/p/schemastep/", "/p/indexwell/"),
    *("/p/jobwatch/", "/p/tagkeeper/", "/p/runbook-desk/", "/p/vault-register/"),
)


@dataclass(frozen=True)
class Seen:
    """What a page is like."""

    faults: dict[str, list[str]]
    weight: int
    headings: int
    has_cart: bool
    goes_up: bool


@pytest.fixture(scope="module")
def seen(shop: RunningShop, browser: Browser) -> Iterator[dict[str, Seen]]:
    context = browser.new_context(base_url=shop.url, locale="en-US", reduced_motion="reduce")
    visitor = Visitor(context, shop.url)
    page = visitor.open()
    scales = Scales(page)
    yield {path: _look(page, path, scales) for path in (*PAGES, *ALIKE)}
    undeclared = visitor.undeclared_cookies() | visitor.undeclared_storage()
    context.close()
    assert (visitor.complaints, undeclared) == ([], set())


def _look(page: Page, path: str, scales: Scales) -> Seen:
    page.set_viewport_size({"width": 1280, "height": 800})
    inspection.open_whole(page, path)
    faults = {
        "ids": inspection.doubled_ids(page),
        "axe": inspection.axe_faults(page) if path in PAGES else [],
        "widths": inspection.width_faults(page),
    }
    page.get_by_role("link", name="Back to the top").click()
    return Seen(
        faults=faults,
        weight=scales.weigh(),
        headings=page.get_by_role("main").get_by_role("heading", level=1).count(),
        has_cart=page.locator("header").get_by_role("link", name="Cart").is_visible(),
        goes_up=page.evaluate("scrollY") == 0,
    )


@pytest.mark.promise("P14")
def test_every_page_has_the_cart_and_a_way_up(seen: dict[str, Seen]) -> None:
    assert [path for path, page in seen.items() if not (page.has_cart and page.goes_up)] == []


@pytest.mark.parametrize("kind", ["ids", "axe", "widths"])
def test_no_page_has_a_fault(seen: dict[str, Seen], kind: str) -> None:
    assert [fault for page in seen.values() for fault in page.faults[kind]] == []


def test_every_page_has_one_title(seen: dict[str, Seen]) -> None:
    several = {path: page.headings for path, page in seen.items() if page.headings != 1}
    assert several == {"/styleguide/": 2}  # its own, and the one that it shows


def test_every_page_loads_less_than_100_kb(seen: dict[str, Seen]) -> None:
    assert {path: page.weight for path, page in seen.items() if page.weight >= 100 * KB} == {}
    assert min(page.weight for page in seen.values()) > 15 * KB  # the scales work: htmx alone weighs as much


def test_a_fault_in_a_page_is_noticed(careless_visitor: Visitor) -> None:
    """The watch over all journeys is no better than what it notices."""
    page = careless_visitor.open()
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'self.x = 1'}))")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\" id=\"main\">x</p>')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"/static/img/icon.svg\">')")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.evaluate("fetch('/no-such-fragment/')")
    page.evaluate("document.cookie = 'tracker=1'")
    page.evaluate("localStorage.setItem('fingerprint', '1')")
    page.evaluate("document.body.style.minWidth = '2000px'")
    expect(page.locator("#cart-widget b")).to_be_visible()
    said = "\n".join(careless_visitor.complaints)
    assert [word for word in ("script-src", "style-src", "broken", "404 GET") if word not in said] == []
    assert careless_visitor.undeclared_cookies() == {"tracker"}
    assert careless_visitor.undeclared_storage() == {"fingerprint"}
    assert inspection.doubled_ids(page) == [f"{page.url}: #main"]
    widths = {fault.split(" at ")[1].partition(":")[0] for fault in inspection.width_faults(page)}
    assert widths == {"320", "360", "768", "1280"}
    assert [fault for fault in inspection.axe_faults(page) if "light image-alt" in fault] != []
