"""The shop manager at the desk: an order that waits for keys, the file that brings them, a hold and its release."""

import re
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.running_shop import RunningShop


@pytest.mark.promise("P9a")
def test_a_manager_holds_and_releases_an_order(shop: RunningShop, visit: Visit) -> None:
    customer, desk = visit().open(), visit(viewport={"width": 1280, "height": 900}).open()
    buyer = Buyer()
    buying.buy(customer, buyer)
    number = re.search(r"Order (\S+),", customer.get_by_role("main").inner_text())
    assert number is not None

    people.sign_in(desk, "manager@example.com", shop.password, path="/admin/")
    expect(desk.get_by_role("heading", name=re.compile("^Waiting for you|^Nothing waits for you"))).to_be_visible()
    desk.goto("/admin/shop/order/")
    desk.get_by_role("textbox", name=re.compile("^Order number, whole e-mail")).fill(buyer.email)
    desk.keyboard.press("Enter")
    desk.get_by_label("Why").fill("The buyer asks by phone")
    desk.get_by_role("button", name="Search").click()
    expect(desk).not_to_have_url(re.compile(buyer.email.split("@")[0]))
    desk.get_by_role("link", name=number[1]).click()
    expect(desk.get_by_role("main")).to_contain_text(buyer.street)
    desk.get_by_role("link", name="Put on hold").click()
    desk.get_by_label("Reason").fill("Asked the buyer to call")
    desk.get_by_role("button", name=f"Put order {number[1]} on hold").click()
    expect(desk.get_by_text(f"Put on hold: {number[1]}.")).to_be_visible()
    customer.reload()
    expect(customer.get_by_role("heading", level=1)).to_have_text("We are checking this order")
    expect(customer.get_by_role("button", name="Show my key")).to_have_count(0)

    desk.get_by_role("link", name="Release", exact=True).click()
    desk.get_by_role("button", name=f"Release order {number[1]}").click()
    expect(desk.get_by_text(f"Released: {number[1]}.")).to_be_visible()
    customer.reload()
    buying.expect_paid(customer)
    assert buying.open_key(customer)


def test_a_manager_imports_keys(shop: RunningShop, visit: Visit, tmp_path: Path) -> None:
    desk = visit(viewport={"width": 1280, "height": 900}).open()
    people.sign_in(desk, "manager@example.com", shop.password, path="/admin/")
    before = _free_keys(desk)
    desk.get_by_role("link", name="Import keys").click()
    keys = [f"JOURNEY-{token_hex(6)}-{number}" for number in (1, 2)]
    _choose(desk, tmp_path / "twice.csv", [*keys, keys[0]])
    expect(desk.get_by_role("alert")).to_contain_text("Nothing was imported")
    expect(desk.get_by_role("alert")).to_contain_text("Line 4")
    _choose(desk, tmp_path / "right.csv", keys)
    desk.get_by_role("button", name="Import 2 keys for").click()
    expect(desk.get_by_text("Imported: 2 keys")).to_be_visible()
    assert _free_keys(desk) == before + 2


def _free_keys(desk: Page) -> int:
    desk.goto("/admin/accounts/keypool/?q=sheetdiff-personal")
    return int(desk.locator("td.field-free").inner_text())


def _choose(desk: Page, file: Path, keys: list[str]) -> None:
    file.write_text("\n".join(("key", *keys)))
    desk.get_by_label("File with keys").set_input_files(file)
    desk.get_by_role("button", name="Check the file").click()


@pytest.mark.promise("P9a")
def test_support_sees_no_orders(shop: RunningShop, visit: Visit) -> None:
    page = visit().open()
    people.sign_in(page, "support@example.com", shop.password, path="/admin/")
    expect(page.get_by_role("link", name="Orders")).to_have_count(0)
    answers = [page.goto(path) for path in ("/admin/shop/order/", "/admin/accounts/user/")]
    assert [answer.status if answer else None for answer in answers] == [403, 403]
