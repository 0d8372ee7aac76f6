"""How a customer has data deleted: a mail to support, and the link in the mail that asks for proof."""

import re
from email.message import EmailMessage
from email.utils import make_msgid

from playwright.sync_api import Page, expect

from local.shop import SUPPORT_EMAIL
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop

LINK = re.compile(r"https?://\S+/privacy/deletion/\S+/")
#: The timetable reads the mailbox every minute, and sends every 20 seconds.
PATIENCE = 150.0


def ask(shop: RunningShop, address: str, words: str = "Please delete all my personal data.") -> str:
    """Sends the mail by SMTP; returns its Message-ID."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address, SUPPORT_EMAIL, "My data"
    mail["Message-ID"] = make_msgid(domain="customer.example")
    mail.set_content(words)
    shop.support.send(mail)
    return str(mail["Message-ID"])


def link(shop: RunningShop, address: str, subject: str = "Please confirm the deletion") -> str:
    """The link of the mail that asks this address for proof."""
    found = LINK.search(text(shop.mails.wait_for(address, subject, seconds=PATIENCE)))
    assert found is not None
    return found[0]


def confirm(page: Page, address: str) -> None:
    """Opens the link and presses the button."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm the deletion of your data")
    page.get_by_role("button", name="Yes, delete my data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You confirmed it")
