"""A manager writes a mail's words, buyers get them; one comes back, is shown with its reason, and is sent once more."""

import re
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import letters, text
from tests.journeys.running_shop import RunningShop

TAKE_MAIL = "from privacy import mailbox; mailbox.fetch()"
SEND = "from privacy import mails; mails.send_due()"
#: RFC 3464, as a mail server writes it to whoever sent the mail.
REPORT = """\
From: MAILER-DAEMON@mx.kontor.example
To: {sender}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kontor.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Thank you

--b--
"""


@pytest.mark.promise("P6a")
def test_words_of_a_manager_reach_the_buyer_and_a_mail_that_came_back_goes_once_more(
    shop: RunningShop, visit: Visit
) -> None:
    desk = visit(viewport={"width": 1280, "height": 900}).open()
    people.sign_in(desk, "manager@example.com", shop.password, path="/admin/")
    _write(desk)
    try:
        buyer = Buyer()
        buying.buy(visit(viewport={"width": 360, "height": 800}).open(), buyer)
        mail = shop.mails.wait_for(buyer.email, f"Thank you, {buyer.name}")
        assert f"Dear {buyer.name}, keys & <receipt> are here." in text(mail)
        assert f"Dear{buyer.name.replace(' ', '')},keys&<receipt>arehere." in letters(mail)
        _comes_back(shop, mail, buyer.email)
        _sends_once_more(desk, shop, buyer.email)
    finally:
        _give_back(desk)


def _write(desk: Page) -> None:
    """An unknown value and code are refused beside their fields, and nothing that was typed is lost; then it is right,
    looked at, and saved."""
    desk.get_by_role("link", name=re.compile(r"(^|\s)Mails$")).click()
    desk.get_by_role("link", name="Order confirmation", exact=True).click()
    subject, intro = desk.get_by_label("Subject"), desk.get_by_label("Introduction")
    subject.fill("Thank you, {{ nmae }}")
    intro.fill("Dear {{ name }}, {% debug %}")
    desk.get_by_role("button", name="Look first").click()
    expect(desk.get_by_text("This mail has no {{ nmae }}. It has")).to_be_visible()
    expect(desk.get_by_text("“{%” isn’t understood here")).to_be_visible()
    expect(subject).to_have_value("Thank you, {{ nmae }}")
    expect(intro).to_have_value("Dear {{ name }}, {% debug %}")

    subject.fill("Thank you, {{ name }}: {{ order_number }}")
    intro.fill("Dear {{ name }}, keys & <receipt> are here.")
    desk.get_by_role("button", name="Look first").click()
    frame = desk.frame_locator("iframe")
    expect(frame.get_by_text("Dear Ada Lovelace, keys & <receipt> are here.")).to_be_visible()
    expect(desk.get_by_text("Thank you, Ada Lovelace: AO-1024")).to_be_visible()
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Saved. Mails that are sent from now on have these words.")).to_be_visible()


def _comes_back(shop: RunningShop, mail: EmailMessage, address: str) -> None:
    """The buyer's mail server reports to us that there is no such mailbox."""
    written = REPORT.format(sender=mail["From"], address=address, message_id=mail["Message-ID"])
    report = message_from_string(written, policy=policy.default)
    assert isinstance(report, EmailMessage)
    assert shop.support is not None
    shop.support.send(report)
    shop.shell(TAKE_MAIL)


def _sends_once_more(desk: Page, shop: RunningShop, address: str) -> None:
    """From the line on the start page to the mail, and by the list's deed to a second one."""
    desk.goto("/admin/")
    desk.get_by_role("link", name=re.compile("mails? came back$")).click()
    row = desk.get_by_role("row").filter(has_text="came back: no such mailbox (5.1.1)").first
    expect(row).to_contain_text("Order confirmation")
    row.get_by_role("link").click()
    expect(desk.get_by_text(address)).to_be_visible()
    desk.go_back()
    row.get_by_role("checkbox").check()
    desk.get_by_role("combobox", name="Action").select_option(label="Send the selected mails once more")
    desk.get_by_role("button", name="Run").click()
    expect(desk.get_by_text("To be sent once more within a minute: 1.")).to_be_visible()
    expect(desk.get_by_role("row").filter(has_text="came back: no such mailbox")).to_have_count(0)
    shop.shell(SEND)
    subjects = [mail["Subject"] for mail in shop.mails.of(address) if mail["Subject"].startswith("Thank you")]
    assert len(subjects) == 2
    assert len(set(subjects)) == 1


def _give_back(desk: Page) -> None:
    """Later journeys look for the built-in words."""
    desk.goto("/admin/privacy/mailwording/words/order_confirmation/en/")
    desk.get_by_label("Subject").fill("")
    desk.get_by_label("Introduction").fill("")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Saved.")).to_be_visible()
