"""Buyers of every kind see the right tax on the page, in the mail and on the receipt: a German and an Irish consumer, a
French company with VIES there and away, and a buyer in the United States."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

FRENCH = {"country": "FR", "postal_code": "75001", "city": "Paris", "street": "1 rue de la Paix"}
NUMBER = "FR40303265045"
HEAL = """
from privacy import clock
from shop.models import VatCheck
from shop.tasks import ask_vies
from payments.tasks import return_tax, submit_refunds
VatCheck.objects.filter(state="pending").update(next_try_at=clock.now())
print(ask_vies(), return_tax())
submit_refunds()
"""


def order_of(page: Page, shop: RunningShop, buyer: Buyer) -> str:
    """The plain mail about the paid order, whose page is shown."""
    buying.press(page, "pay")
    buying.expect_paid(page)
    return text(shop.mails.wait_for(buyer.email, "Your order"))


def receipt(page: Page) -> Page:
    """The receipt of the order that is shown."""
    page.get_by_role("link", name=re.compile(r"^(Receipt|Invoice)")).first.click()
    return page


def as_a_company(page: Page, buyer: Buyer, number: str) -> None:
    """Fills in the checkout for a company, and waits until the page has spoken of its number."""
    buying.fill(page, buyer)
    page.get_by_label("I buy for a company").check()
    page.get_by_label("Company name").fill("Nordhafen SARL")
    page.get_by_label("VAT number").fill(number)
    page.get_by_label("VAT number").press("Tab")
    expect(page.locator("#pay .notice")).to_be_visible(timeout=20_000)


@pytest.mark.promise("P6d")
def test_a_german_consumer_pays_german_tax(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer()
    expect(page.locator("footer")).to_contain_text("prices include 19% VAT, an estimate")
    buying.choose(page)
    page.goto("/checkout/")
    buying.fill(page, buyer)
    expect(page.locator("#summary")).to_contain_text("VAT, 19%, Germany")
    page.get_by_role("button", name="Pay €149.00").click()
    mail = order_of(page, shop, buyer)
    assert "VAT, 19%, Germany: €23.79" in mail
    expect(receipt(page).locator("main")).to_contain_text("VAT, 19%, Germany")


@pytest.mark.promise("P6d")
def test_a_french_company_with_a_confirmed_number_owes_the_tax_itself(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer = visitor.open(), Buyer(**FRENCH)
    buying.choose(page)
    page.goto("/checkout/")
    as_a_company(page, buyer, "fr 40 303 265 045")
    expect(page.locator("#pay")).to_contain_text("Your VAT number is confirmed.")
    expect(page.locator("#summary")).to_contain_text("Reverse charge: you owe the VAT")
    page.get_by_role("button", name="Pay €124.17").click()
    mail = order_of(page, shop, buyer)
    assert "Reverse charge: you owe the VAT: €0.00" in mail
    expect(receipt(page).locator("main")).to_contain_text("Reverse charge: you owe the VAT")


@pytest.mark.promise("P6d")
def test_while_vies_is_away_the_tax_is_charged_and_comes_back_by_itself(shop: RunningShop, visitor: Visitor) -> None:
    shop.vies.act("fail", word="MS_UNAVAILABLE")
    try:
        page, buyer = visitor.open(), Buyer(**FRENCH)
        buying.choose(page)
        page.goto("/checkout/")
        as_a_company(page, buyer, NUMBER)
        expect(page.locator("#pay")).to_contain_text("doesn’t answer at the moment")
        page.get_by_role("button", name="Pay €149.00").click()
        assert "VAT, 20%, France: €24.83" in order_of(page, shop, buyer)
    finally:
        shop.vies.act("recover")
    address = page.url
    shop.shell(HEAL)
    mail = text(shop.mails.wait_for(buyer.email, "Your refund"))
    assert "€24.83" in mail
    assert "confirmed your VAT number" in " ".join(mail.split())
    page.goto(address)
    expect(page.locator("main")).to_contain_text("VAT number confirmed")
    page.get_by_role("link", name=re.compile(r"^Credit note")).first.click()
    expect(page.locator("main")).to_contain_text("Credit note")


@pytest.mark.promise("P3", "P6d")
def test_an_irish_consumer_whose_connection_says_us_is_asked_once(shop: RunningShop, visit: Visit) -> None:
    visitor = visit(extra_http_headers={"X-Forwarded-For": "8.8.8.8"})
    page = visitor.open()
    expect(page.locator("footer")).to_contain_text("United States")
    buyer = Buyer(country="IE", postal_code="D02 X285", city="Dublin", street="1 Merrion Square")
    buying.choose(page)
    page.goto("/checkout/")
    buying.fill(page, buyer)
    question = page.locator("#residence")
    expect(question).to_contain_text("Your connection is in United States, your billing address in Ireland.")
    with page.expect_response("**/checkout/"):  # the sums follow the answer
        question.get_by_label("Ireland").check()
    expect(page.locator("#summary")).to_contain_text("VAT, 23%, Ireland")
    expect(question.get_by_label("Ireland")).to_be_checked()
    page.locator(f"input[name=payment_method][value={buyer.method}]").check()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(f"{shop.stripe.base_url}/c/pay/**")
    page.get_by_test_id("country").select_option("IE")
    assert "VAT, 23%, Ireland" in order_of(page, shop, buyer)
    expect(receipt(page).locator("main")).to_contain_text("VAT, 23%, Ireland")


AMERICAN = {"country": "US", "city": "Springfield", "postal_code": "62704", "street": "12 Elm Street"}
BRITISH = {"country": "GB", "city": "London", "postal_code": "SW1A 1AA", "street": "12 Elm Street"}


@pytest.mark.promise("P6d")
@pytest.mark.parametrize(
    ("address", "where", "total"), [("8.8.8.8", AMERICAN, "$139.00"), ("212.58.244.1", BRITISH, "£109.00")]
)
def test_a_buyer_outside_the_union_pays_no_tax_in_the_currency_of_the_country(
    shop: RunningShop, visit: Visit, address: str, where: dict[str, str], total: str
) -> None:
    visitor = visit(extra_http_headers={"X-Forwarded-For": address})
    page = visitor.open()
    expect(page.locator("footer")).to_contain_text("prices are without VAT, an estimate")
    buyer = Buyer(method="paypal", **where)
    buying.choose(page)
    page.goto("/checkout/")
    buying.fill(page, buyer)
    expect(page.locator("#summary")).to_contain_text("No VAT outside the EU")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name=f"Pay {total}").click()
    mail = order_of(page, shop, buyer)
    assert "No VAT outside the EU" in mail
    assert f"Paid by PayPal: {total}" in mail
    expect(receipt(page).locator("main")).to_contain_text("No VAT")
    expect(page.locator("main")).to_contain_text(total)


def test_the_switch_of_country_and_currency_works(shop: RunningShop, visitor: Visitor) -> None:
    page = visitor.open("/p/gridtrace/")
    page.get_by_role("link", name=re.compile("Country and currency")).click()
    page.get_by_label("Country").select_option("FR")
    page.get_by_role("button", name="Show prices for this").click()
    page.wait_for_url("**/p/gridtrace/")
    expect(page.locator("footer")).to_contain_text("France: prices include 20% VAT, an estimate.")
    page.get_by_role("link", name=re.compile("Country and currency")).click()
    page.get_by_label("Country").select_option("US")
    page.get_by_label("Currency").select_option("USD")
    page.get_by_role("button", name="Show prices for this").click()
    page.wait_for_url("**/p/gridtrace/")
    expect(page.locator("main")).to_contain_text("$139.00")
    expect(page.locator("footer")).to_contain_text("United States: prices are without VAT, an estimate.")
