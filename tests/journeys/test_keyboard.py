"""Buying by keyboard alone: the skip link, the drawer that holds the focus and gives it back."""

from playwright.sync_api import Page, expect

from tests.journeys.visitor import Visitor

FOCUS = "document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"
IN_DRAWER = "document.getElementById('drawer').contains(document.activeElement)"


def _tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Presses Tab until the element with this text has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUS) == name:
            return
    raise AssertionError(f"{name!r} can't be reached by Tab")


def test_the_skip_link_leads_to_the_content(visitor: Visitor) -> None:
    page = visitor.open()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_cart_is_filled_and_left_by_keyboard(visitor: Visitor) -> None:
    page = visitor.open("/p/gridtrace/")
    expect(page.locator("#cart-widget b")).to_be_visible()
    page.get_by_role("radio", name="Personal").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Professional")).to_be_checked()
    _tab_to(page, "Add to cart")
    page.keyboard.press("Enter")

    drawer = page.get_by_role("dialog", name="Your cart")
    expect(drawer).to_be_visible()
    reached = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        # After its last control the focus may pass the browser's own bar, which the page sees as its body.
        assert page.evaluate(f"{IN_DRAWER} || document.activeElement === document.body")
        reached.add(page.evaluate(FOCUS))
    assert {"Go to checkout", "See the cart", "Remove Gridtrace Professional"} <= reached
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="Add to cart")).to_be_focused()

    page.locator("#cart-widget").focus()
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("link", name="Go to checkout")).to_be_visible()
    _tab_to(page, "Go to checkout")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Checkout")


def test_errors_of_a_form_take_the_focus_and_lead_to_their_fields(visitor: Visitor) -> None:
    page = visitor.open("/p/gridtrace/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("/checkout/")
    page.get_by_label("Full name").fill("Maria Nowak")
    page.get_by_role("button", name="Pay €").focus()
    page.keyboard.press("Enter")

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Full name")).to_have_value("Maria Nowak")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    email = page.get_by_label("E-mail address", exact=True)
    expect(email).to_be_focused()
    assert page.locator(f"#{email.get_attribute('aria-describedby').split()[0]}").is_visible()
    assert email.get_attribute("aria-invalid") == "true"
