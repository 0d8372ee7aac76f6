"""A person asks what is kept of them: the page, the copy with its keys, consents, and the letter to support."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop
from tests.journeys.visitor import Visitor

LINK = re.compile(r"http\S+/account/data/exports/\S+/")


def show_who_asks(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
    main = page.get_by_role("main")
    main.get_by_label("Password", exact=True).fill(people.PASSWORD)
    main.get_by_role("button", name="Go on").click()


def registered(shop: RunningShop, visitor: Visitor, email: str) -> Page:
    page = visitor.open("/account/signup/")
    people.register(page, email)
    people.confirm_address(page, shop, email)
    return page


def test_a_copy_is_asked_for_made_mailed_fetched_and_read(
    shop: RunningShop, visitor: Visitor, careless_visitor: Visitor, tmp_path: Path
) -> None:
    buyer = Buyer()
    page = registered(shop, visitor, buyer.email)
    buying.buy(page, buyer)
    opened = buying.open_key(page)
    buying.buy(page, buyer, product="Sheetdiff")

    page.goto("/account/")
    page.get_by_role("navigation", name="Account").get_by_role("link", name="Your data").click()
    expect(page.get_by_role("rowheader", name="2 orders")).to_be_visible()
    page.get_by_role("button", name="Make me a copy").click()
    show_who_asks(page)
    expect(page.get_by_text(f"We are making the copy. A mail to {buyer.email} says when it is ready.")).to_be_visible()
    found = LINK.search(text(shop.mails.wait_for(buyer.email, "The copy of your data is ready", seconds=90)))
    assert found is not None

    stranger = registered(shop, careless_visitor, buying.new_address())
    stranger.goto(found[0])
    show_who_asks(stranger)
    expect(stranger).to_have_url(found[0])
    assert stranger.request.get(found[0]).status == 404

    page.goto(found[0])
    assert inspection.axe_faults(page) + inspection.width_faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Fetch the file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    with zipfile.ZipFile(file) as zipped:
        zipped.extractall(tmp_path)
    data = json.loads((tmp_path / "data.json").read_text())["data"]
    keys = [row["also"]["key"] for row in data["accounts.LicenseKey"]["rows"]]
    assert sorted(keys) == sorted([opened, "sealed: nobody has seen it, and it isn't shown here either"])

    on_disk = visitor.context.new_page()
    on_disk.goto((tmp_path / "index.html").as_uri())
    expect(on_disk.get_by_text(opened)).to_be_visible()
    expect(on_disk.get_by_role("heading", name=re.compile(r"^Order AO-"))).to_have_count(2)
    for summary in on_disk.locator("summary").all():
        summary.click()
    assert inspection.axe_faults(on_disk) + inspection.width_faults(on_disk) + inspection.doubled_ids(on_disk) == []


@pytest.mark.promise("P12b")
def test_without_scripts_a_consent_is_taken_back_and_the_shop_sends_the_letter(shop: RunningShop, visit: Visit) -> None:
    email = buying.new_address()
    page = registered(shop, visit(java_script_enabled=False), email)
    page.goto("/cookies/")
    page.get_by_role("button", name="Yes, remember").click()
    page.goto("/account/consents/")
    expect(page.get_by_text("Stands", exact=True)).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back. It no longer counts, from now on.")).to_be_visible()
    expect(page.get_by_text("Ended", exact=True)).to_be_visible()

    page.goto("/account/data/")
    page.get_by_role("button", name="Send the mail for me").click()
    expect(page.get_by_text("We answer to").first).to_be_visible()
    letter = shop.mails.wait_for("support@azureops.org", "Please delete my data")
    assert (letter["reply-to"], f"My e-mail address: {email}" in text(letter)) == (email, True)
