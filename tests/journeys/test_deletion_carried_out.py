"""From a confirmed request to the notice: support approves, the worker erases, and a dump shows what is left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import buying, deleting, people
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop

#: The first of the person's orders becomes four years old.
AGE = """
from datetime import timedelta
from privacy import clock
from shop.models import Order
first = Order.objects.filter(party__email={email!r}).order_by("pk")[0]
long_ago = clock.now() - timedelta(days=4 * 366)
Order.objects.filter(pk=first.pk).update(placed_at=long_ago, paid_at=long_ago, captured_at=long_ago)
"""
REQUEST = """
from privacy.models import RequestAddress
print(RequestAddress.objects.get(address={email!r}).subject.request_id)
"""
#: What the timetable does every few minutes and every night, now.
LATER = """
from privacy import notices, retention
notices.watch()
print(sum(step.count for step in retention.run()))
"""
#: The tables whose rows hold the address, a line a row, as `pg_dump | grep` finds them.
GREP = """
import subprocess
from django.db import connection
from privacy import backups
known = connection.get_connection_params()
place = ["--host=" + known["host"], "--username=" + known["user"], known["dbname"]]
dump = subprocess.run([backups.tool("pg_dump"), *place], capture_output=True, text=True, check=True).stdout
table = ""
for line in dump.splitlines():
    if line.startswith("COPY "):
        table = line.split()[1]
    elif {mark!r} in line.lower():
        print(table)
"""


def _approve(shop: RunningShop, desk: Page, number: str) -> None:
    """From the queue to the approval."""
    people.sign_in(desk, "support@example.com", shop.password, path="/admin/")
    desk.get_by_role("link", name="Deletions").click()
    desk.get_by_role("link", name=re.compile(number)).click()
    main = desk.get_by_role("main")
    expect(main).to_contain_text("Please delete all my personal data.")
    desk.get_by_role("link", name=re.compile("^Make the plan")).click()
    desk.get_by_role("button", name="Make the plan").click()
    expect(main).to_contain_text("All that was found")
    desk.get_by_role("link", name=re.compile("^Approve: erase")).click()
    desk.wait_for_url(lambda url: not url.endswith("/change/"))
    if desk.get_by_role("heading", name="Show that it is you").count():
        desk.get_by_label("Password", exact=True).fill(shop.password)
        desk.get_by_role("button", name="Go on").click()
    desk.get_by_role("button", name=re.compile(r"^Erase \d+")).click()
    expect(main).to_contain_text("Approved.")


@pytest.mark.promise("P12a", "P12c", "P12d")
def test_support_approves_the_worker_erases_and_the_person_is_told(shop: RunningShop, visit: Visit) -> None:
    page, buyer = visit().open(), Buyer()
    buying.buy(page, buyer)
    buying.buy(page, buyer, product="Sheetdiff")
    shop.shell(AGE.format(email=buyer.email))
    deleting.ask(shop, buyer.email)
    deleting.confirm(page, deleting.link(shop, buyer.email))

    number = f"D-{int(shop.shell(REQUEST.format(email=buyer.email))):06d}"
    _approve(shop, visit(viewport={"width": 1280, "height": 900}).open(), number)
    notice = shop.mails.wait_for(buyer.email, f"Your data is deleted ({number})", seconds=240)
    assert "This we have to keep" in text(notice)

    shop.shell(LATER)
    assert shop.shell(GREP.format(mark=buyer.email)).split() == ["public.shop_orderparty"]
