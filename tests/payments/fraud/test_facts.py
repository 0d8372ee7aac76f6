"""What is counted for an order: others within a day that share a keyed hash, disputes, browsers; in one statement."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from accounts.models import Device
from payments.fraud import facts, sightings
from payments.fraud.facts import Facts
from payments.models import Attempt, Dispute, FraudRules, FraudSighting
from payments.providers.answers import Snapshot
from privacy import clock
from shop.models import Order, OrderParty
from tests import desk
from tests.payments import paying

pytestmark = pytest.mark.django_db
HOME, NEAR, FAR = "93.184.216.34", "93.184.216.200", "93.184.217.34"


def order(**party: Any) -> Order:
    placed = paying.order()
    OrderParty.objects.filter(order=placed).update(**party)
    return Order.objects.select_related("party").get(pk=placed.pk)


def captured(card: str) -> Snapshot:
    return Snapshot(state="captured", card=card)


def ask(order: Order, snapshot: Snapshot | None = None, *, address: str = "") -> tuple[Facts, FraudRules]:
    """With all that an order may have in common with others, at once."""
    seen = facts.hashes(order, address=address) | sightings.hashed(card=snapshot.card if snapshot else "")
    return facts.ask(order, seen, snapshot)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (HOME, "93.184.216.0/24"),
        ("::ffff:93.184.216.34", "93.184.216.0/24"),
        ("2a02:2e0:3fe:1001:302::1", "2a02:2e0:3fe::/48"),
        ("64:ff9b::5db8:d822", "93.184.216.0/24"),
        ("2002:5db8:d822::1", "93.184.216.0/24"),
        ("2a02:2e0:3fe:ffff:ffff::1%eth0", "2a02:2e0:3fe::/48"),
        ("2a02:2e0:3ff::1", "2a02:2e0:3ff::/48"),
        ("::ffff:10.1.2.3", ""),
        ("127.0.0.1", ""),
        ("10.1.2.3", ""),
        ("fe80::1", ""),
        ("", ""),
        ("no address", ""),
    ],
)
def test_a_network_is_a_24_or_a_48_of_a_public_address(address: str, network: str) -> None:
    assert sightings.network_of(address) == network


def test_only_keyed_hashes_are_stored(settings: Any) -> None:
    ask(order(), captured("fp_1"), address=HOME)
    stored = set(FraudSighting.objects.values_list("kind", "hash"))
    assert {kind for kind, _ in stored} == {"address", "card", "network"}
    text = str(stored)
    assert not any(raw in text for raw in ("ada@example.com", "fp_1", "93.184"))
    settings.SECRET_KEY = "another one"
    assert not {digest for _, digest in stored} & set(sightings.hashed(address="ada@example.com", card="fp_1").values())


def test_one_text_has_another_hash_of_each_kind() -> None:
    assert len(set(sightings.hashed(address="x", card="x", network="x").values())) == 3


def test_orders_that_share_something_are_counted_once_each() -> None:
    first = order()
    for _ in range(2):  # one order that is tried twice is one
        ask(first, captured("fp_1"), address=HOME)
    ask(order(email="bob@example.com"), captured("fp_1"), address=NEAR)
    ask(order(email="eve@example.com"), captured("fp_2"), address=FAR)
    found, _ = ask(order(email="ADA@example.com"), captured("fp_1"), address=NEAR)
    assert found.orders == {"address": 1, "card": 2, "network": 2}


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ("ada@example.com", "ADA@EXAMPLE.com", True),
        ("ada@example.com", "ada+shop@example.com", True),
        ("ada+1@example.com", "ada+2@example.com", True),
        ("a.da@example.com", "ada@example.com", False),
        ("a.d.a+x@googlemail.com", "ada@gmail.com", True),
        ("+1@example.com", "+2@example.com", False),
        ("ada@müller.example", "ada@xn--mller-kva.example", True),
        ("ada@ｅxample。com", "ada@example.com", True),
        ("ada@example.com", "eve@example.com", False),
    ],
)
def test_the_spellings_of_one_mailbox_are_counted_as_one(first: str, second: str, are_one: bool) -> None:
    ask(order(email=first))
    assert ask(order(email=second))[0].orders.get("address", 0) == are_one


def test_what_an_order_left_before_its_payment_counts_after_it() -> None:
    """The connection is known when the payment begins; the card when its money has arrived."""
    ask(order(email="bob@example.com"), address=HOME)
    mine = order()
    ask(mine, address=HOME)
    found, _ = facts.ask(mine, sightings.hashed(card="fp_1"), captured("fp_1"))
    assert found.orders == {"network": 1}


def test_a_day_later_nothing_is_counted_any_more() -> None:
    ask(order(), captured("fp_1"), address=HOME)
    with clock.at(clock.now() + timedelta(hours=24, seconds=1)):
        found, _ = ask(order(), captured("fp_1"), address=HOME)
    assert found.orders == {}


def test_hashes_end_after_a_day() -> None:
    ask(order(), address=HOME)
    assert {row.expires_at - row.seen_at for row in FraudSighting.objects.all()} == {timedelta(days=1)}


def disputed(state: str = "lost", **party: Any) -> None:
    attempt = Attempt.objects.create(
        order=order(**party), number=1, provider="stripe", state="captured", amount=1, currency="EUR",
        captured_at=clock.now(),
    )  # fmt: skip
    decided = None if state == "open" else clock.now()
    Dispute.objects.create(attempt=attempt, amount=1, state=state, decided_at=decided)


def test_disputes_of_the_same_buyer_count_unless_they_were_won() -> None:
    buyer = desk.person()
    disputed()
    disputed("open", email="other@example.com", user=buyer)
    disputed("won")
    disputed(email="eve@example.com")
    found, _ = ask(order(user=buyer))
    assert found.disputes == 2


def test_a_restricted_person_s_disputes_are_for_the_law_alone() -> None:
    disputed(restricted_at=clock.now())
    assert ask(order())[0].disputes == 0


def test_a_browser_that_the_account_used_before_today_is_no_sign() -> None:
    buyer = desk.person()
    mine = order(user=buyer, browser_family="Firefox")
    assert not ask(mine)[0].is_other_browser  # nothing is known of a new account
    earlier = order(user=buyer, browser_family="Chrome")
    Order.objects.filter(pk=earlier.pk).update(placed_at=clock.now() - timedelta(days=2))
    assert ask(mine)[0].is_other_browser
    signed_in(buyer, "Firefox", hours=1)  # whoever stole the password signed in just now
    assert ask(mine)[0].is_other_browser
    signed_in(buyer, "Firefox", hours=25)
    assert not ask(mine)[0].is_other_browser


def signed_in(user: Any, family: str, *, hours: int) -> None:
    session = Session.objects.create(
        session_key=f"{family}-{hours}", session_data="", expire_date=clock.now() + timedelta(days=1)
    )
    at = clock.now() - timedelta(hours=hours)
    Device.objects.create(user=user, session=session, browser_family=family, signed_in_at=at)


def test_a_guest_and_an_unknown_browser_are_no_sign() -> None:
    buyer = desk.person()
    earlier = order(user=buyer, browser_family="Chrome")
    Order.objects.filter(pk=earlier.pk).update(placed_at=clock.now() - timedelta(days=2))
    assert not ask(order(browser_family="Firefox"))[0].is_other_browser
    assert not ask(order(user=buyer))[0].is_other_browser


def test_all_is_asked_in_one_statement(django_assert_num_queries: Any) -> None:
    mine = order(user=desk.person())
    seen = facts.hashes(mine, address=HOME)
    with django_assert_num_queries(1):
        facts.ask(mine, seen, captured("fp_1"))


def test_an_order_whose_person_has_gone_is_asked_about_without_one() -> None:
    mine = order()
    OrderParty.objects.all().delete()
    found, _ = ask(Order.objects.get(pk=mine.pk), captured("fp_1"))
    assert (found.disputes, found.orders, FraudSighting.objects.get().kind) == (0, {}, "card")


def test_the_database_takes_no_raw_value() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="fraudsighting_is_a_hash"):
        cursor.execute(
            "INSERT INTO payments_fraudsighting (order_id, kind, hash, seen_at) VALUES (%s, 'network', %s, now())",
            [order().pk, "93.184.216.0/24"],
        )
