"""From a mail to support to the proof that it was the person who asked."""

import pytest
from playwright.sync_api import expect

from tests.journeys import buying, deleting, inspection
from tests.journeys.buying import Buyer
from tests.journeys.conftest import Visit
from tests.journeys.mailbox import text
from tests.journeys.running_shop import RunningShop


@pytest.mark.promise("P12b")
def test_a_mail_by_smtp_is_read_by_imap_and_confirmed_in_the_browser(shop: RunningShop, visit: Visit) -> None:
    page, buyer = visit().open(), Buyer()
    buying.buy(page, buyer)
    message_id = deleting.ask(shop, buyer.email)
    link = deleting.link(shop, buyer.email)

    asked = shop.mails.wait_for(buyer.email, "Please confirm")
    told = shop.mails.wait_for(buyer.email, "We have your mail", seconds=deleting.PATIENCE)
    assert (told["In-Reply-To"], told["Auto-Submitted"]) == (message_id, "auto-replied")
    assert deleting.LINK.search(text(told)) is None
    assert f"support+{link.rstrip('/').rpartition('/')[2]}@" in asked["From"]

    inspection.open_whole(page, link)  # as a mail program that looks at links does: nothing is used up by it
    found = inspection.axe_faults(page) + inspection.width_faults(page) + inspection.doubled_ids(page)
    deleting.confirm(page, link)
    found += inspection.axe_faults(page) + inspection.width_faults(page)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link doesn’t work")
    found += inspection.axe_faults(page) + inspection.width_faults(page)
    assert found == []
    state = shop.shell(
        "from privacy.models import RequestAddress\n"
        f"found = RequestAddress.objects.get(address={buyer.email.lower()!r})\n"
        "print(found.proved_at is not None, found.subject.request.state in {'verified', 'planned'})"
    )
    assert state.split() == ["True", "True"]
    if shop.support.imap is not None:
        assert set(map(frozenset, shop.support.imap.flags().values())) == {frozenset()}
