"""An order is paid once the provider says so, whoever hears of it: the webhook, the return page or the reconciler."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying
from tests.journeys.buying import Buyer
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

LOOK_NOW = """
from payments.models import Attempt
from payments.tasks import reconcile_attempts
from privacy import clock
assert Attempt.objects.filter(order__party__email={email!r}).update(next_look_at=clock.now()) == 1
reconcile_attempts.delay()
"""


@pytest.fixture
def no_webhook(shop: RunningShop) -> Iterator[None]:
    """Neither provider tells the shop anything."""
    for sandbox in (shop.stripe, shop.paypal):
        sandbox.webhooks("never")
    yield
    for sandbox in (shop.stripe, shop.paypal):
        sandbox.webhooks("normal")
        sandbox.flush()


def _order_link(shop: RunningShop, buyer: Buyer) -> str:
    mail = text(shop.mails.wait_for(buyer.email, "Your order"))
    return next(line.removeprefix("Your order: ") for line in mail.splitlines() if line.startswith("Your order: "))


def _pay_and_close(page: Page, buyer: Buyer) -> None:
    buying.choose(page)
    page.goto("/checkout/")
    buying.checkout(page, buyer)
    buying.press(page, "pay-and-close")
    expect(page.get_by_test_id("closed")).to_be_visible()


@pytest.mark.parametrize("method", ["card", "paypal"])
def test_the_webhook_alone_settles(shop: RunningShop, visitor: Visitor, method: str) -> None:
    page, buyer = visitor.open(), Buyer(method=method)
    _pay_and_close(page, buyer)
    page.goto(_order_link(shop, buyer))
    buying.expect_paid(page)
    assert buying.open_key(page)


@pytest.mark.usefixtures("no_webhook")
@pytest.mark.parametrize("method", ["card", "paypal"])
def test_the_return_page_alone_settles(shop: RunningShop, visitor: Visitor, method: str) -> None:
    page, buyer = visitor.open(), Buyer(method=method, delivery="at_once")
    buying.buy(page, buyer)
    assert buying.KEY.findall(text(shop.mails.wait_for(buyer.email, "Your order"))) == [buying.shown_key(page)]


@pytest.mark.usefixtures("no_webhook")
def test_the_reconciler_settles_what_nobody_told(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer(method="paypal")
    _pay_and_close(page, buyer)
    shop.shell(LOOK_NOW.format(email=buyer.email))  # its first look is due after two minutes
    page.goto(_order_link(shop, buyer))
    buying.expect_paid(page)
    assert buying.open_key(page)


def test_a_declined_card_then_paypal(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer()
    buying.choose(page)
    page.goto("/checkout/")
    buying.checkout(page, buyer)
    buying.press(page, "decline")
    expect(page.get_by_test_id("error")).to_be_visible()
    buying.press(page, "cancel")

    expect(page.get_by_text("You turned back, and nothing was taken.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("This order waits for its payment")
    page.get_by_role("radio", name="PayPal").check()
    page.get_by_role("button", name="Pay €149.00").click()
    page.wait_for_url(f"{shop.paypal.base_url}/checkoutnow**")
    buying.press(page, "pay")
    buying.expect_paid(page)


def test_a_declined_paypal_account_then_a_card(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer(method="paypal")
    buying.choose(page)
    page.goto("/checkout/")
    buying.checkout(page, buyer)
    buying.press(page, "decline")

    expect(page.get_by_text("The payment did not go through. Nothing was taken.")).to_be_visible()
    page.get_by_role("radio", name="Card").check()
    page.get_by_role("button", name="Pay €149.00").click()
    page.wait_for_url(f"{shop.stripe.base_url}/c/pay/**")
    buying.press(page, "pay")
    buying.expect_paid(page)


def test_who_turns_back_may_change_the_order(visitor: Visitor) -> None:
    page = visitor.open()
    buying.choose(page)
    page.goto("/checkout/")
    buying.checkout(page, Buyer())
    buying.press(page, "cancel")
    expect(page.locator("#cart-widget b")).to_have_text("0")
    page.get_by_role("button", name="Put it back in the cart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    expect(page.get_by_role("spinbutton", name="Gridtrace Professional")).to_have_value("1")


def test_back_after_paying_pays_nothing_twice(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer()
    before = len(shop.stripe.ledger()["entries"])
    buying.buy(page, buyer)
    paid = page.url
    page.go_back()
    page.goto("/checkout/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart is empty")
    page.goto(paid)
    buying.expect_paid(page)
    assert len(shop.stripe.ledger()["entries"]) == before + 1
