from collections.abc import Callable
from typing import Any

import pytest
import stripe as stripe_package
from stripe import StripeClient

from sandbox.client import Refused
from sandbox.running import StripeSandbox


@pytest.fixture
def intent(new_session: Callable[..., Any], stripe_sandbox: StripeSandbox) -> str:
    return str(stripe_sandbox.pay(new_session()["id"])["payment_intent"])


def charge_of(client: stripe_package.StripeClient, intent: str) -> stripe_package.Charge:
    found = client.v1.payment_intents.retrieve(intent, params={"expand": ["latest_charge"]})
    return found["latest_charge"]


def test_partial_refunds_add_up_to_a_full_one(client: StripeClient, intent: str, stripe_sandbox: StripeSandbox) -> None:
    first = client.v1.refunds.create(params={"payment_intent": intent, "amount": 3800, "metadata": {"refund": "1"}})
    partly = charge_of(client, intent)
    second = client.v1.refunds.create(params={"charge": partly["id"], "reason": "requested_by_customer"})
    fully = charge_of(client, intent)
    assert (first["status"], first["amount"], first["metadata"].to_dict()) == ("succeeded", 3800, {"refund": "1"})
    assert (partly["amount_refunded"], partly["refunded"]) == (3800, False)
    assert (second["amount"], fully["amount_refunded"], fully["refunded"]) == (20000, 23800, True)
    listed = client.v1.refunds.list(params={"payment_intent": intent})
    assert [refund["id"] for refund in listed["data"]] == [second["id"], first["id"]]
    assert stripe_sandbox.ledger()["refunds"] == {"EUR": 23800}


def test_more_than_is_left_is_refused(client: StripeClient, intent: str, stripe_sandbox: StripeSandbox) -> None:
    client.v1.refunds.create(params={"payment_intent": intent, "amount": 20000})
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 3801})
    assert (refused.value.http_status, refused.value.param) == (400, "amount")
    client.v1.refunds.create(params={"payment_intent": intent})
    with pytest.raises(stripe_package.InvalidRequestError) as nothing_left:
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 1})
    assert nothing_left.value.code == "charge_already_refunded"
    assert stripe_sandbox.ledger()["refunds"] == {"EUR": 23800}


def test_unpaid_intent_has_nothing_to_give_back(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    session = new_session()
    stripe_sandbox.pay(session["id"], outcome="declined")
    found = client.v1.checkout.sessions.retrieve(session["id"])
    with pytest.raises(stripe_package.InvalidRequestError):
        client.v1.refunds.create(params={"payment_intent": found["payment_intent"]})
    assert stripe_sandbox.ledger()["refunds"] == {}


def test_refund_needs_exactly_one_payment(client: StripeClient, intent: str) -> None:
    for params in ({}, {"payment_intent": intent, "charge": "ch_x"}):
        with pytest.raises(stripe_package.InvalidRequestError) as refused:
            client.v1.refunds.create(params=params)
        assert refused.value.code == "parameter_missing"


def test_refund_at_the_provider(client: StripeClient, intent: str, stripe_sandbox: StripeSandbox) -> None:
    made = stripe_sandbox.act("refund", intent, amount=500)
    assert client.v1.refunds.retrieve(made["id"])["amount"] == 500
    assert [delivery["type"] for delivery in stripe_sandbox.deliveries()][-2:] == ["refund.created", "charge.refunded"]


def test_pending_refund_is_completed(client: StripeClient, intent: str, stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.switch(refunds="pending")
    made = client.v1.refunds.create(params={"payment_intent": intent})
    assert made["status"] == "pending"
    stripe_sandbox.act("complete_refund", made["id"])
    assert client.v1.refunds.retrieve(made["id"])["status"] == "succeeded"
    assert stripe_sandbox.deliveries()[-1]["type"] == "refund.updated"


def test_refund_that_fails_late_comes_back(client: StripeClient, intent: str, stripe_sandbox: StripeSandbox) -> None:
    made = client.v1.refunds.create(params={"payment_intent": intent})
    stripe_sandbox.act("fail_refund", made["id"])
    failed = client.v1.refunds.retrieve(made["id"], params={"expand": ["failure_balance_transaction"]})
    charge = charge_of(client, intent)
    assert (failed["status"], failed["failure_balance_transaction"]["amount"]) == ("failed", 23800)
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert stripe_sandbox.ledger()["refunds"] == {"EUR": 0}
    assert [delivery["type"] for delivery in stripe_sandbox.deliveries()][-2:] == ["refund.updated", "refund.failed"]
    with pytest.raises(Refused):
        stripe_sandbox.act("fail_refund", made["id"])
