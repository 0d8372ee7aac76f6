"""What doesn't go the straight way: keys for somebody else, a mistyped address, and an order that waits for keys."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

MAKE = """
from accounts import license_keys
from accounts.models import LicenseKey
from shop.models import Category, Edition, Price, Product

product = Product.objects.create(
    slug="{slug}", name="Pool of {slug}", tagline="Sold from a pool.", category=Category.objects.first(),
    mark="x" * 25, description="It has one key.", is_published=True,
)
edition = Edition.objects.create(product=product, sku="{slug}", name="Personal", key_source="pool")
Price.objects.create(edition=edition, currency="EUR", amount="59.00")
LicenseKey.objects.create(edition=edition, **license_keys.sealed("ONLY-{slug}"))
"""
#: The reservation ends under the buyer's hands, and the only key is withdrawn.
TAKE_AWAY = """
from accounts.models import LicenseKey

keys = LicenseKey.objects.filter(edition__sku="{slug}")
print(keys.filter(state="reserved").update(state="available", unit=None, reserved_until=None))
keys.filter(state="available").update(state="void")
"""
HIDE = """
from shop.models import Product

tool = Product.objects.get(slug="{slug}")
tool.is_published = False
tool.save()
"""


@dataclass(frozen=True)
class Pool:
    """An edition with one key in its pool."""

    shop: RunningShop
    slug: str

    def run(self, code: str) -> str:
        return self.shop.shell(code.replace("{slug}", self.slug))


@pytest.fixture
def pool(shop: RunningShop) -> Iterator[Pool]:
    made = Pool(shop, f"pool-{token_hex(4)}")
    made.run(MAKE)
    yield made
    made.run(HIDE)


def number_of(page: Page) -> str:
    found = re.search(r"Order (\S+),", page.get_by_role("main").inner_text())
    assert found is not None
    return found[1]


@pytest.mark.promise("P5", "P6a")
def test_keys_go_to_the_other_address_and_only_there(shop: RunningShop, visitor: Visitor) -> None:
    page, buyer, colleague = visitor.open(), Buyer(delivery="at_once"), buying.new_address()
    buying.choose(page)
    page.goto("/checkout/")
    page.get_by_label("Send the keys to another address").fill(colleague)
    buying.checkout(page, buyer)
    buying.press(page, "pay")
    buying.expect_paid(page)
    expect(page.get_by_text(f"Keys go to {colleague}.")).to_be_visible()
    key = buying.shown_key(page)
    assert buying.KEY.findall(text(shop.mails.wait_for(colleague, "1 key of order"))) == [key]
    assert buying.KEY.findall(text(shop.mails.wait_for(buyer.email, "Your order"))) == []
    expect(page.get_by_text("The e-mail address is wrong?")).to_have_count(0)


@pytest.mark.promise("P6a")
def test_a_mistyped_address_is_corrected_once_and_the_old_link_stops(shop: RunningShop, visitor: Visitor) -> None:
    page, mistyped, right = visitor.open(), buying.new_address(), buying.new_address()
    buying.buy(page, Buyer(email=mistyped, delivery="at_once"))
    key, old_link = buying.shown_key(page), page.url
    page.get_by_text("The e-mail address is wrong?").click()
    page.get_by_label("Your e-mail address").fill("nobody@nowhere")
    page.get_by_role("button", name="Correct the address").click()
    expect(page.get_by_text("Write the address with an @")).to_be_visible()
    page.get_by_label("Your e-mail address").fill(right)
    page.get_by_role("button", name="Correct the address").click()
    expect(page.get_by_text("The address is corrected, and the mail is on its way again.")).to_be_visible()
    expect(page.get_by_text(f"A copy went to {right}.")).to_be_visible()
    expect(page.get_by_text("The e-mail address is wrong?")).to_have_count(0)
    mail = text(shop.mails.wait_for(right, "Your order"))
    assert (buying.KEY.findall(mail), page.url in mail, page.url == old_link) == ([key], True, False)
    answer = page.goto(old_link)
    assert answer is not None
    assert answer.status == 404


def test_an_order_that_waits_for_keys_gets_them_with_the_next_import(
    shop: RunningShop, pool: Pool, visit: Visit, tmp_path: Path
) -> None:
    page, buyer = visit().open(f"/p/{pool.slug}/"), Buyer(delivery="at_once")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("heading", name="Your cart")).to_be_visible()
    page.goto("/checkout/")
    buying.checkout(page, buyer)
    assert pool.run(TAKE_AWAY).strip() == "1"
    buying.press(page, "pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid. Some keys will follow.")
    expect(page.get_by_text("1 key is on back order.")).to_be_visible()
    assert buying.KEY.findall(text(shop.mails.wait_for(buyer.email, "Your order"))) == []

    desk = visit(viewport={"width": 1280, "height": 900}).open()
    people.sign_in(desk, "manager@example.com", shop.password, path="/admin/")
    desk.get_by_role("link", name=re.compile(r"units? waits? for a key$")).click()
    expect(desk.get_by_role("link", name=number_of(page))).to_be_visible()
    desk.goto(f"/admin/accounts/keypool/?q={pool.slug}")
    desk.get_by_role("link", name="Import keys").click()
    file = tmp_path / "keys.csv"
    file.write_text("key\nLATE-1\n")
    desk.get_by_label("File with keys").set_input_files(file)
    desk.get_by_role("button", name="Check the file").click()
    desk.get_by_role("button", name="Import 1 key for").click()
    expect(desk.get_by_text("Imported: 1 key")).to_be_visible()

    assert "LATE-1" in text(shop.mails.wait_for(buyer.email, "1 key of order"))
    page.reload()
    buying.expect_paid(page)
    expect(page.get_by_text("LATE-1")).to_be_visible()
