"""Every page of an order goes on when its person is gone, and says so; no mail goes out any more."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import User
from payments import refunds
from privacy import clock, mails
from privacy.models import OutgoingMail
from shop import orders, timeline
from shop.models import Order
from tests import desk
from tests.privacy.retention.old_orders import PARTY, sold, sweep, years_ago

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7b")]


@pytest.fixture
def link() -> str:
    """What the buyer of an order kept, whose person has left since."""
    order = sold(years_ago(3.1), user=User.objects.create_user("ada@example.com"))
    path = orders.path(order)
    assert sweep() == {PARTY: 1}
    return path


@pytest.fixture
def order(link: str) -> Order:
    return Order.objects.get()


def test_whoever_kept_the_link_sees_the_facts_and_when_the_name_went(link: str, order: Order) -> None:
    page = Client().get(link).content.decode()
    assert f"Name and address removed on {date_format(clock.now(), 'j F Y')}." in page
    assert [word for word in (order.number, "119.00", "Team") if word not in page] == []
    assert [word for word in ("Ada", "Lovelace", "example.com") if word in page] == []


def test_the_story_says_that_the_name_left_and_no_longer_that_it_will(order: Order) -> None:
    last = timeline.of(order, by_link=True)[-1]
    assert (last.text, last.at, last.done) == ("Your name left this order", order.party_removed_at, True)


def test_the_story_of_a_young_order_says_when_the_name_leaves() -> None:
    young = Order.objects.select_related("party").get(pk=sold(years_ago(1)).pk)
    last = timeline.of(young, by_link=True)[-1]
    assert (last.text, last.at) == ("Your name leaves this order", young.party.expires_at)


def test_the_account_lists_it_no_longer(order: Order) -> None:
    client = Client()
    client.force_login(User.objects.get(email="ada@example.com"))
    assert order.number not in client.get(reverse("account")).content.decode()
    assert orders.find_by_number(User.objects.get(email="ada@example.com"), order.number) is None


def test_the_desk_shows_it_and_a_verb_on_it_writes_to_nobody(order: Order) -> None:
    client = desk.at_desk("Shop Manager")
    page = client.get(reverse("admin:shop_order_change", args=[order.pk])).content.decode()
    assert f"Name and address removed on {date_format(clock.now(), 'j F Y')}." in page
    assert "Katrin called." not in page
    OutgoingMail.objects.all().delete()
    attempt = order.attempts.get()
    refunds.request_amount(attempt, refunds.left_of(attempt), by=None, reason="Goodwill.")
    for kind in ("order_confirmation", "license_keys", "order_cancelled", "order_cancelled_paid"):
        mails.queue(kind, order.pk)
    assert (mails.send_due(), mail.outbox) == (0, [])
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"dropped"}
