"""The way back from the provider's page: whose payment it is, and what the buyer sees when the provider is silent."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments import reconciliation
from payments.models import Attempt
from privacy import clock
from shop import orders
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db


def test_somebody_else_s_payment_pays_nothing_here(till: Till, client: Client) -> None:
    own, _ = paying.begun(till)
    other, paid = paying.begun(till)
    till.agree(paid)
    answer = paying.come_back(client, till, own, paid)
    assert (answer.status_code, answer["Location"]) == (302, orders.path(own.order))
    assert [paying.states(attempt)[1] for attempt in (own, other)] == ["pending_payment", "pending_payment"]


@pytest.mark.parametrize("value", ["", "cs_test_unknown", "x" * 4000, "\x00", "é", "' OR 1=1 --"])
def test_a_payment_that_nobody_knows_leads_to_the_order_unpaid(till: Till, client: Client, value: str) -> None:
    attempt, _ = paying.begun(till)
    answer = paying.come_back(client, till, attempt, value)
    assert (answer.status_code, answer["Location"]) == (302, orders.path(attempt.order))
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])


@pytest.mark.parametrize("name", ["payment_return", "payment_cancel"])
def test_a_link_that_is_no_order_s_is_not_found(till: Till, client: Client, name: str) -> None:
    _, identifier = paying.begun(till)
    till.agree(identifier)
    assert client.get(reverse(name, args=[till.name, "A" * 32]), till.query(identifier)).status_code == 404
    assert Attempt.objects.get().state == "requires_action"


def test_an_unknown_provider_is_not_found(client: Client) -> None:
    assert client.get("/payments/return/free/AAAAAAAAAAAAAAAA/").status_code == 404


def test_coming_back_without_having_paid(till: Till, client: Client) -> None:
    attempt, identifier = paying.begun(till)
    answer = paying.come_back(client, till, attempt, identifier)
    assert answer["Location"] == orders.path(attempt.order)
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])


def test_a_provider_that_is_silent_is_asked_again_by_the_reconciler(till: Till, client: Client) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    till.sandbox.faults({"match": "* /v?/checkout/*", "times": 2, "action": "down"})
    answer = paying.come_back(client, till, attempt, identifier)
    assert answer["Location"] == f"{orders.path(attempt.order)}?payment=checking"
    attempt.refresh_from_db()
    assert attempt.next_look_at is not None
    assert attempt.next_look_at <= clock.now()
    assert reconciliation.look_at_due() == 1
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_coming_back_twice_settles_once(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    identifier = attempt.reference(till.kind)
    assert paying.come_back(client, till, attempt, identifier).status_code == 302
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])
    assert till.captured() == {"EUR": 11900}


def test_turning_back_takes_nothing(till: Till, client: Client) -> None:
    attempt, _ = paying.begun(till)
    answer = client.get(reverse("payment_cancel", args=[till.name, orders.token(attempt.order)]))
    assert answer["Location"] == orders.path(attempt.order)
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])


def test_the_address_of_the_way_back_is_ours_whatever_the_host(till: Till, settings: Any) -> None:
    from payments import links

    settings.SITE_URL = "https://shop.example"
    order = paying.order()
    assert links.back(till.name, order) == f"https://shop.example/payments/return/{till.name}/{orders.token(order)}/"
    assert (
        links.cancelled(till.name, order) == f"https://shop.example/payments/cancel/{till.name}/{orders.token(order)}/"
    )
