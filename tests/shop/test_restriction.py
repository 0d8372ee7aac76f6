"""A restricted person leaves the desk's lists, searches and mailings, and no account claims the order."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import licenses
from accounts.models import License, User
from privacy import clock, mails
from privacy.masking import mask_email
from privacy.models import OutgoingMail
from shop import order_lookup, order_mails, orders
from shop.admin import order_page, order_verbs
from shop.models import Order, OrderParty
from tests import desk
from tests.accounts import purchases

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P12a")]
ADDRESS = "ada@example.com"


def restricted(**of_party: Any) -> Order:
    """A paid order whose person asked for deletion."""
    made = purchases.paid((purchases.edition(), 1), email=ADDRESS)
    OrderParty.objects.filter(order=made).update(restricted_at=clock.now(), user=None, **of_party)
    return Order.objects.select_related("party").get(pk=made.pk)


def account() -> User:
    user = User.objects.create_user(ADDRESS)
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    return user


def rows(answer: Any) -> str:
    return answer.content.decode()


def test_the_list_shows_the_order_without_its_person_and_finds_it_by_number_alone() -> None:
    gone, other = restricted(company="Lovelace Ltd"), purchases.paid((purchases.edition(), 1), email="bob@example.com")
    manager, address = desk.at_desk("Shop Manager"), reverse("admin:shop_order_changelist")
    page = rows(manager.get(address))
    assert gone.number in page
    assert other.number in page
    assert "restricted" in page
    assert mask_email(ADDRESS) not in page
    assert mask_email("bob@example.com") in page
    for words in (ADDRESS, ADDRESS.upper(), "Lovelace"):
        assert gone.number not in rows(manager.get(desk.search(manager, address, words))), words
    assert gone.number in rows(manager.get(desk.search(manager, address, gone.number)))
    assert other.number in rows(manager.get(desk.search(manager, address, "bob@example.com")))


def test_the_page_of_the_order_says_so_and_a_dispute_shows_the_person() -> None:
    order = restricted()
    (line,) = order_page.party(order)
    assert str(line[1]).startswith("Name and address are restricted since ")
    assert ADDRESS not in str(line)
    assert ("E-mail address", ADDRESS) in order_page.party(order, is_needed=True)


def test_no_account_joins_it_neither_by_confirming_nor_with_late_keys() -> None:
    order = restricted()
    user = account()
    assert licenses.join_account(user, ADDRESS) == 0
    assert licenses.guests.owner_of(order.party) is None
    assert License.objects.filter(user=user).count() == 0
    assert OrderParty.objects.get(order=order).user_id is None


def test_the_database_refuses_an_account_for_it() -> None:
    order, user = restricted(), account()
    with pytest.raises(IntegrityError, match="orderparty_restricted_is_nobodys_account"), transaction.atomic():
        OrderParty.objects.filter(order=order).update(user=user)


def test_links_are_not_mailed_even_where_they_were_asked_for_before() -> None:
    order = purchases.paid((purchases.edition(), 1), email=ADDRESS)
    order_lookup.mail_links(ADDRESS)
    party = OrderParty.objects.get(order=order)
    assert order_mails.order_links(party.pk) is not None
    OrderParty.objects.filter(pk=party.pk).update(restricted_at=clock.now())
    assert order_mails.order_links(party.pk) is None
    OutgoingMail.objects.all().delete()
    order_lookup.mail_links(ADDRESS)
    assert not OutgoingMail.objects.exists()
    newer = purchases.paid((purchases.edition(), 1), email=ADDRESS)
    mail = order_mails.order_links(OrderParty.objects.get(order=newer).pk)
    assert mail is not None
    assert [row["number"] for row in mail.context["orders"]] == [newer.number]  # type: ignore[attr-defined]


def test_its_address_is_not_corrected_and_its_mails_are_not_sent_again() -> None:
    order = restricted()
    assert not orders.is_correctable(order)
    with pytest.raises(orders.NotCorrectable):
        orders.correct_email(order.pk, "eve@example.com")
    OutgoingMail.objects.all().delete()
    with pytest.raises(order_verbs.Restricted, match="asked for deletion"):
        order_verbs.resend(order.pk, by=None, occasion="x")
    assert not OutgoingMail.objects.exists()


def test_the_receipt_stays_for_whoever_has_the_link_and_offers_no_account(client: Client) -> None:
    page = rows(client.get(orders.path(restricted(name="Ada Lovelace"))))
    assert "Ada Lovelace" in page
    assert "Make an account" not in page


def test_what_a_refund_or_dispute_writes_still_goes_out() -> None:
    order = restricted()
    assert mails.kinds()["order_cancelled_paid"](order.pk) is not None
