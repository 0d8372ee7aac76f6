"""A buyer withdraws from one of two products in two steps and gets its price back; another complains without login, is
answered by support at the desk, and answers by mail."""

import re
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, inspection, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop
from tests.support_server import SupportServer

#: What goes back of the two products that are bought.
OTHER = "Sheetdiff"
QUEUE = "/admin/accounts/case/"
LINK = re.compile(r"https?://\S+(/requests/[\w=-]+/)")
REFUND = "from payments.tasks import submit_refunds; submit_refunds()"
TAKE_MAIL = "from privacy import mailbox; mailbox.fetch()"


def faults(page: Page, *, width: int) -> list[str]:
    """What a page must not have, in both themes and at every width; it is as wide as before afterwards."""
    found = inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page)
    page.set_viewport_size({"width": width, "height": 900})
    return found


def link(mail: EmailMessage) -> str:
    """The way to the request that a mail has."""
    found = LINK.search(text(mail))
    assert found is not None
    return found[1]


@pytest.mark.promise("P6b")
def test_a_consumer_withdraws_on_a_phone_and_the_money_goes_back(shop: RunningShop, visit: Visit) -> None:
    page, buyer = visit(viewport={"width": 360, "height": 800}, color_scheme="dark").open(), Buyer()
    buying.choose(page, product=OTHER)
    buying.buy(page, buyer)
    page.get_by_role("main").get_by_role("link", name="Withdraw from contract here").click()
    found = faults(page, width=360)
    expect(page.get_by_label("Your name")).to_have_value(buyer.name)
    of_other = page.get_by_label(re.compile(f"^{OTHER}"))
    expect(of_other).to_be_hidden()
    page.get_by_role("radio", name="Only a part of it").check()
    of_other.fill("1")
    found += faults(page, width=360)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("main")).to_contain_text(buyer.email)
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_text(re.compile(f"^{OTHER} .*: 1 license$"))
    found += faults(page, width=360)
    page.get_by_role("button", name="Confirm withdrawal").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Withdrawal C-")
    expect(page.get_by_role("main")).to_contain_text("go back the way you paid")
    found += faults(page, width=360)
    moment = re.search(r"Received on (.+ UTC)", page.get_by_role("main").inner_text())
    assert moment is not None
    told = text(shop.mails.wait_for(buyer.email, "we have your withdrawal"))
    assert f"we received your withdrawal on {moment[1]}" in told
    assert re.search(rf"I withdraw from this part of the contract of order AO-\d+:\s+{OTHER} .*: 1 license", told)
    shop.shell(REFUND)
    shop.mails.wait_for(buyer.email, "Your refund for order")
    shop.mails.wait_for(buyer.email, "is closed")
    page.goto(link(shop.mails.wait_for(buyer.email, "we have your withdrawal")))
    expect(page.get_by_role("main")).to_contain_text("refunded")
    assert "\n".join(found) == ""


@pytest.mark.promise("P6b", "P9a")
def test_a_complaint_without_login_is_answered_at_the_desk_and_the_answer_comes_back_by_mail(
    shop: RunningShop, visit: Visit
) -> None:
    email = buying.new_address()
    page = visit(viewport={"width": 1280, "height": 900}).open("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Refunds and complaints").click()
    found = faults(page, width=1280)
    page.get_by_role("radio", name="Something is wrong").check()
    page.get_by_label("Your name").fill("Maria Nowak")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("What is it about?").fill("Gridtrace stops at the second sheet.")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("look into your mail")
    page.goto(link(shop.mails.wait_for(email, "Please confirm")))
    found += faults(page, width=1280)
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Complaint C-")
    number = re.search(r"C-\d{6}", page.get_by_role("heading", level=1).inner_text())
    assert number is not None
    received = shop.mails.wait_for(email, "we have your complaint")
    found += _answered_at_the_desk(shop, visit, number[0])
    _answer_by_mail(shop, email, number[0])
    page.goto(link(received))
    expect(page.get_by_role("main")).to_contain_text("Which version is it?")
    expect(page.get_by_role("main")).to_contain_text("It is version 2.")
    expect(page.get_by_role("main")).to_contain_text("We are on it")
    assert "\n".join(found) == ""


def _answered_at_the_desk(shop: RunningShop, visit: Visit, number: str) -> list[str]:
    """Support goes through the queue by keyboard, and answers."""
    desk = visit(viewport={"width": 1280, "height": 900}).open()
    people.sign_in(desk, "support@example.com", shop.password, path="/admin/")
    desk.goto(QUEUE)
    found = faults(desk, width=1280)
    desk.get_by_role("link", name=number).click()
    expect(desk.get_by_role("heading", name="What was written")).to_be_visible()
    expect(desk.get_by_role("main")).to_contain_text("Gridtrace stops at the second sheet.")
    found += faults(desk, width=1280)
    desk.wait_for_load_state("load")
    desk.keyboard.press("a")
    expect(desk.get_by_label("Answer")).to_be_visible()
    found += faults(desk, width=1280)
    desk.get_by_label("Answer").fill("Which version is it?")
    desk.get_by_role("button", name="Send the answer").click()
    expect(desk.get_by_role("main")).to_contain_text("waits for the customer")
    return found


def _answer_by_mail(shop: RunningShop, email: str, number: str) -> None:
    """The customer answers the mail, as a mail program does."""
    asked = shop.mails.wait_for(email, f"{number}: our answer")
    assert "Which version is it?" in text(asked)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = email, asked["From"], f"Re: {asked['Subject']}"
    mail["In-Reply-To"] = asked["Message-ID"]
    mail.set_content("It is version 2.\n")
    support: SupportServer | None = shop.support
    assert support is not None
    support.send(mail)
    shop.shell(TAKE_MAIL)
