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


def test_dispute_takes_the_money_and_forbids_refunds(
    client: StripeClient, intent: str, stripe_sandbox: StripeSandbox
) -> None:
    dispute = stripe_sandbox.act("open_dispute", intent, reason="product_not_received")
    found = client.v1.disputes.retrieve(dispute["id"], params={"expand": ["charge"]})
    assert (found["status"], found["reason"], found["amount"]) == ("needs_response", "product_not_received", 23800)
    assert found["charge"]["disputed"] is True
    assert stripe_sandbox.ledger()["disputes"] == {"EUR": 23800}
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        client.v1.refunds.create(params={"payment_intent": intent})
    assert refused.value.code == "charge_disputed"


def test_won_dispute_gives_the_money_back(client: StripeClient, intent: str, stripe_sandbox: StripeSandbox) -> None:
    dispute = stripe_sandbox.act("open_dispute", intent)
    stripe_sandbox.act("win_dispute", dispute["id"])
    assert client.v1.disputes.retrieve(dispute["id"])["status"] == "won"
    assert stripe_sandbox.ledger()["disputes"] == {"EUR": 0}
    assert client.v1.refunds.create(params={"payment_intent": intent})["status"] == "succeeded"


def test_lost_dispute_can_be_won_late_but_not_lost_again(
    client: StripeClient, intent: str, stripe_sandbox: StripeSandbox
) -> None:
    dispute = stripe_sandbox.act("open_dispute", intent)
    stripe_sandbox.act("lose_dispute", dispute["id"])
    assert client.v1.disputes.list(params={"payment_intent": intent})["data"][0]["status"] == "lost"
    with pytest.raises(Refused, match="lost already"):
        stripe_sandbox.act("lose_dispute", dispute["id"])
    stripe_sandbox.act("win_dispute", dispute["id"])
    with pytest.raises(Refused, match="won already"):
        stripe_sandbox.act("lose_dispute", dispute["id"])
    assert [delivery["type"] for delivery in stripe_sandbox.deliveries()][-5:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]


def test_charge_is_disputed_once(intent: str, stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.act("open_dispute", intent)
    with pytest.raises(Refused, match="disputed already"):
        stripe_sandbox.act("open_dispute", intent)


def test_early_fraud_warning(client: StripeClient, intent: str, stripe_sandbox: StripeSandbox) -> None:
    warning = stripe_sandbox.act("warn_of_fraud", intent)
    found = client.v1.radar.early_fraud_warnings.retrieve(warning["id"], params={"expand": ["charge"]})
    assert (found["actionable"], found["charge"]["payment_intent"]) == (True, intent)
    assert stripe_sandbox.deliveries()[-1]["type"] == "radar.early_fraud_warning.created"
