"""A company's logo: handed in with its consent, looked at, shown to everybody, shared with a colleague, taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.accounts import pictures
from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.running_shop import RunningShop

PHONE, DESKTOP = {"width": 360, "height": 800}, {"width": 1280, "height": 900}
COMPANY = "Kontor Hansen GmbH"


def faults(page: Page) -> list[str]:
    found = inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page)
    page.set_viewport_size(DESKTOP)
    return found


def hand_in(page: Page, file: Path) -> None:
    page.get_by_label("Company name").fill(COMPANY)
    page.get_by_label("Gridtrace").check()
    page.get_by_label("Logo", exact=True).set_input_files(file)
    page.get_by_label(re.compile("^I speak for this company")).check()
    page.get_by_role("button", name="Hand in the logo").click()


def publish_at_the_desk(page: Page, shop: RunningShop) -> None:
    people.sign_in(page, "manager@example.com", shop.password, path="/admin/")
    page.get_by_role("link", name=re.compile("logo waits? for a look|logos wait for a look")).click()
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_text(COMPANY)).to_be_visible()
    expect(page.get_by_role("img", name="The logo as it was handed in")).to_be_visible()
    for theme in inspection.THEMES:
        page.emulate_media(color_scheme=theme)
        page.reload()
        assert inspection.axe_faults_in(page, theme) == []
    assert inspection.width_faults(page) == []
    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Published; a mail says so.")).to_be_visible()


def registered(shop: RunningShop, page: Page, address: str) -> None:
    people.register(page, address)
    people.confirm_address(page, shop, address)


def joined_by(link: str, shop: RunningShop, visit: Visit) -> Page:
    """A colleague makes an account, opens the link and agrees; the page of the logo is next."""
    page = visit(viewport=PHONE).open("/account/signup/")
    registered(shop, page, buying.new_address())
    page.goto(link)
    assert faults(page) == []
    page.get_by_label(re.compile("^I speak for this company")).check()
    page.get_by_role("button", name="Manage it too").click()
    expect(page.get_by_text(f"You manage the logo of {COMPANY}.")).to_be_visible()
    assert faults(page) == []
    return page


@pytest.mark.promise("P6f")
def test_a_logo_is_handed_in_published_shared_and_taken_back(shop: RunningShop, visit: Visit, tmp_path: Path) -> None:
    (photo := tmp_path / "logo.gif").write_bytes(pictures.photograph())  # whatever its name ends in
    (svg := tmp_path / "logo.png").write_bytes(pictures.SVG)
    buyer = Buyer()
    page = visit(viewport=DESKTOP).open("/account/signup/")
    registered(shop, page, buyer.email)
    page.goto("/account/logo/")
    expect(page.get_by_text("For products of which you have a license")).to_be_visible()
    buying.buy(page, buyer)

    page.goto("/account/")
    page.get_by_role("navigation", name="Account").get_by_role("link", name="Company logo").click()
    hand_in(page, svg)
    expect(page.get_by_role("alert")).to_contain_text("We don’t take SVG, because such a file can carry a program.")
    assert faults(page) == []
    hand_in(page, photo)
    expect(page.get_by_text("Handed in. We look at it")).to_be_visible()
    expect(page.get_by_role("img", name=f"Logo of {COMPANY}")).to_be_visible()

    stranger = visit(viewport=PHONE).open("/")
    strip = stranger.get_by_role("region", name="Trusted by")
    expect(strip.get_by_role("img", name=COMPANY)).to_have_count(0)
    publish_at_the_desk(visit(viewport=DESKTOP).open(), shop)

    stranger.reload()
    logo = strip.get_by_role("img", name=COMPANY)
    expect(logo).to_be_visible()
    logo.scroll_into_view_if_needed()
    stranger.wait_for_function("image => image.naturalWidth > 0", arg=logo.element_handle())
    address = logo.get_attribute("src")
    assert address is not None
    for path in ("/trusted-by/", "/trusted-by/gridtrace/"):
        stranger.goto(path)
        expect(stranger.get_by_role("heading", name=COMPANY)).to_be_visible()
        assert faults(stranger) == []
    stranger.set_viewport_size(PHONE)
    stranger.goto("/p/gridtrace/")
    expect(stranger.get_by_role("region", name="Trusted by").get_by_role("img", name=COMPANY)).to_be_visible()

    page.reload()
    page.get_by_role("button", name="Make a link for a colleague").click()
    link = page.get_by_label("Link for a colleague").input_value()
    colleague = joined_by(link, shop, visit)

    page.reload()
    page.get_by_role("button", name="Leave it to my colleagues").click()
    stranger.goto("/trusted-by/")
    expect(stranger.get_by_role("heading", name=COMPANY)).to_be_visible()

    colleague.get_by_role("button", name="Take it back and delete the logo").click()
    expect(colleague.get_by_text("Taken back. The logo is deleted")).to_be_visible()
    assert stranger.request.get(address).status == 404
    for path in ("/trusted-by/", "/trusted-by/gridtrace/", "/", "/p/gridtrace/"):
        stranger.goto(path)
        assert COMPANY not in stranger.content()
        assert address not in stranger.content()
