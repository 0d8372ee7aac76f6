"""The one question of the shop: nothing is remembered before a yes, a no is as easy, and both can be changed."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visitor import Visitor


def _cookies(visitor: Visitor) -> set[str]:
    return {cookie["name"] for cookie in visitor.context.cookies(visitor.site)}


def _view(page: Page, *slugs: str) -> None:
    for slug in slugs:
        query = f"?viewed={slug}"
        with page.expect_response(lambda answer, query=query: answer.url.endswith(query)):  # type: ignore[misc]
            page.goto(f"/p/{slug}/")


@pytest.mark.promise("P2", "P4")
def test_products_are_remembered_after_a_yes_and_until_cleared(visitor: Visitor) -> None:
    page = visitor.open()
    line = page.get_by_role("form", name="Recently viewed products")
    expect(line).to_be_visible()
    _view(page, "gridtrace", "sheetdiff")
    assert _cookies(visitor) == set()
    expect(page.get_by_role("heading", name="Recently viewed")).to_have_count(0)

    line.get_by_role("button", name="Yes, remember").click()
    expect(line).to_have_count(0)
    assert _cookies(visitor) == {"consent"}
    _view(page, "costline", "planwright", "gridtrace")
    assert _cookies(visitor) == {"consent", "viewed"}
    remembered = page.locator("#recently-viewed .tile")
    expect(remembered).to_have_count(2)
    assert [tile.get_attribute("href") for tile in remembered.all()] == ["/p/planwright/", "/p/costline/"]
    expect(line).to_have_count(0)

    page.goto("/cart/")
    expect(remembered).to_have_count(3)
    page.get_by_role("button", name="Clear this list").click()
    expect(remembered).to_have_count(0)
    assert _cookies(visitor) == {"consent"}
    page.reload()
    expect(page.locator("#cart-widget b")).to_be_visible()
    expect(remembered).to_have_count(0)


@pytest.mark.promise("P2")
def test_a_no_is_as_easy_and_is_kept(visitor: Visitor) -> None:
    page = visitor.open()
    buttons = page.get_by_role("form", name="Recently viewed products").get_by_role("button")
    expect(buttons).to_have_count(2)
    yes, no = (
        button.evaluate(
            "b => [getComputedStyle(b).backgroundColor, getComputedStyle(b).color, "
            "getComputedStyle(b).fontSize, b.offsetHeight]"
        )
        for button in buttons.all()
    )
    assert yes == no
    buttons.get_by_text("No, don’t").click()
    expect(buttons).to_have_count(0)
    _view(page, "gridtrace", "sheetdiff")
    assert _cookies(visitor) == {"consent"}
    expect(buttons).to_have_count(0)

    page.get_by_role("link", name="Cookies", exact=True).click()
    page.get_by_role("button", name="Yes, remember").click()
    expect(page.get_by_text("You said yes")).to_be_visible()
    _view(page, "gridtrace")
    assert _cookies(visitor) == {"consent", "viewed"}
    page.goto("/cookies/")
    page.get_by_role("button", name="No, don’t").click()
    expect(page.get_by_text("You said no")).to_be_visible()
    assert _cookies(visitor) == {"consent"}


@pytest.mark.promise("P2")
def test_a_browser_that_says_no_to_everybody_is_not_asked(visitor: Visitor) -> None:
    visitor.context.set_extra_http_headers({"Sec-GPC": "1"})
    page = visitor.open()
    _view(page, "gridtrace", "sheetdiff")
    expect(page.locator("#cart-widget b")).to_be_visible()
    expect(page.get_by_role("form", name="Recently viewed products")).to_have_count(0)
    assert _cookies(visitor) == set()
