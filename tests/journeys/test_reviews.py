"""A guest buys, reviews by the order's link, and changes the review; a visitor reports it, and a manager decides."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop

PHONE, DESK = {"width": 360, "height": 800}, {"width": 1280, "height": 900}
TITLE = "It found the wrong cell"
WORDS = "It traced a formula through nine sheets, and said which cell was wrong."


def looked_at(page: Page) -> None:
    """At both widths and in both themes."""
    before = page.viewport_size
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page) == []
    assert before is not None
    page.set_viewport_size(before)


def write(page: Page, words: str, *, stars: str = "4 of 5") -> None:
    main = page.get_by_role("main")
    main.get_by_role("radio", name=stars).check()
    main.get_by_label("Title").fill(TITLE)
    main.get_by_label("Your words").fill(words)
    main.get_by_label("Name to show").fill("Numbers from Hamburg")
    main.get_by_role("radio", name="Keep it, without my name").check()
    main.get_by_role("button", name=re.compile("^(Send it|Save the change)$")).click()


@pytest.mark.promise("P8")
def test_a_review_from_the_order_to_the_desk(shop: RunningShop, visit: Visit) -> None:
    buyer, page = Buyer(), visit(viewport=PHONE).open()
    buying.buy(page, buyer)
    order = page.url
    page.get_by_role("link", name="Review what you bought").click()
    page.get_by_role("link", name="Write a review of Gridtrace").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose how many stars.")
    looked_at(page)
    write(page, WORDS)
    expect(page.get_by_text("It is on the product’s page.")).to_be_visible()

    visitor = visit(viewport=DESK).open("/p/gridtrace/")
    review = visitor.get_by_role("article", name=TITLE)
    expect(review).to_contain_text("Numbers from Hamburg, bought here")
    expect(visitor.get_by_text(buyer.name)).to_have_count(0)
    looked_at(visitor)
    review.get_by_role("link", name="Report").click()
    visitor.get_by_role("radio", name="It is advertising").check()
    looked_at(visitor)
    visitor.get_by_role("button", name="Report it").click()
    expect(visitor.get_by_text("A person here looks at it.")).to_be_visible()
    visitor.goto("/p/gridtrace/reviews/")
    visitor.get_by_role("link", name="Fewest stars first").click()
    expect(visitor.get_by_role("article", name=TITLE)).to_be_visible()
    looked_at(visitor)

    desk = visit(viewport=DESK).open()
    people.sign_in(desk, "manager@example.com", shop.password, path="/admin/")
    desk.get_by_role("link", name=re.compile(r"reviews?, questions? or comments? waits?$")).click()
    desk.get_by_role("link", name=TITLE).click()
    expect(desk.get_by_role("main")).to_contain_text("It is advertising")
    assert inspection.axe_faults(desk) + inspection.width_faults(desk) == []
    desk.wait_for_load_state()
    desk.keyboard.press("p")
    expect(desk.get_by_text("It is published.")).to_be_visible()

    page.goto(f"{order}reviews/")
    page.get_by_role("link", name="Change your review of Gridtrace").click()
    write(page, f"{WORDS} Half the price at www.cheap.example.", stars="1 of 5")
    expect(page.get_by_text("A person here looks at it first.")).to_be_visible()
    visitor.goto("/p/gridtrace/")
    expect(visitor.get_by_role("article", name=TITLE)).to_have_count(0)

    desk.goto("/admin/shop/post/")
    desk.get_by_role("link", name=TITLE).click()
    expect(desk.get_by_role("main")).to_contain_text("It has the address of a website.")
    desk.get_by_role("button", name="Don’t publish it, and tell the author").click()
    expect(desk.get_by_text("its author is told why")).to_be_visible()
    mail = text(shop.mails.wait_for(buyer.email, "isn’t shown"))
    assert "because it advertises something" in mail
