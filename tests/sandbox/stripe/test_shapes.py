"""What the sandbox serves, compared with Stripe's published examples and with the classes of its package."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_package
from stripe import StripeClient

from sandbox.running import StripeSandbox

CLASSES = {
    "checkout.session": stripe_package.checkout.Session,
    "payment_intent": stripe_package.PaymentIntent,
    "charge": stripe_package.Charge,
    "refund": stripe_package.Refund,
    "dispute": stripe_package.Dispute,
    "event": stripe_package.Event,
    "balance_transaction": stripe_package.BalanceTransaction,
    "radar.early_fraud_warning": stripe_package.radar.EarlyFraudWarning,
    "account": stripe_package.Account,
    "item": stripe_package.LineItem,
}
# Examples that the published file leaves null or shows as a different kind of object on purpose.
UNCOMPARED = {"event.data.object", "dispute.evidence"}


def differences(served: Any, example: Any, path: str) -> list[str]:
    """Where a key has another JSON type than in the example; null fits everything."""
    if served is None or example is None or path in UNCOMPARED:
        return []
    if type(served) is not type(example):
        return [f"{path}: {type(served).__name__} instead of {type(example).__name__}"]
    if isinstance(served, dict):
        return [
            difference
            for key in served.keys() & example.keys()
            for difference in differences(served[key], example[key], f"{path}.{key}")
        ]
    if isinstance(served, list) and served and example:
        return differences(served[0], example[0], f"{path}[]")
    return []


@pytest.fixture
def served(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> dict[str, list[dict[str, Any]]]:
    """Objects in all the states that the sandbox knows, by kind."""
    open_session = new_session()
    for _ in range(2):
        paid = stripe_sandbox.pay(new_session()["id"])
    stripe_sandbox.pay(new_session()["id"], outcome="declined")
    stripe_sandbox.pay(new_session()["id"], outcome="processing")
    stripe_sandbox.act("expire", open_session["id"])
    refund = stripe_sandbox.act("refund", paid["payment_intent"], amount=100)
    stripe_sandbox.act("fail_refund", refund["id"])
    stripe_sandbox.act("open_dispute", paid["payment_intent"])
    stripe_sandbox.act("warn_of_fraud", paid["payment_intent"])
    lists = (
        client.v1.checkout.sessions.list(params={"limit": 100, "expand": ["data.line_items"]}),
        client.v1.payment_intents.list(),
        client.v1.charges.list(params={"expand": ["data.refunds"]}),
        client.v1.refunds.list(),
        client.v1.disputes.list(),
        client.v1.events.list(params={"limit": 100}),
        client.v1.balance_transactions.list(),
        client.v1.radar.early_fraud_warnings.list(),
    )
    # The bytes that were sent: the package turns some strings into decimals.
    found = {"account": [json.loads(client.v1.accounts.retrieve_current().last_response.body)]}
    for listing in lists:
        for item in json.loads(listing.last_response.body)["data"]:
            found.setdefault(item["object"], []).append(item)
    found["item"] = found["checkout.session"][0]["line_items"]["data"]
    return found


def test_every_kind_is_served(served: dict[str, list[dict[str, Any]]]) -> None:
    assert set(served) == set(CLASSES)


def test_types_are_those_of_the_published_examples(
    served: dict[str, list[dict[str, Any]]], provider_specs: Path
) -> None:
    examples = json.loads((provider_specs / "stripe" / "fixtures3.json").read_text())["resources"]
    found = [
        difference
        for kind, items in served.items()
        for item in items
        for difference in differences(item, examples[kind], kind)
    ]
    assert found == []


def test_no_key_is_made_up(served: dict[str, list[dict[str, Any]]]) -> None:
    invented = {
        f"{kind}.{key}"
        for kind, items in served.items()
        for item in items
        for key in item.keys() - CLASSES[kind].__annotations__.keys()
    }
    assert invented == set()


def test_a_wrong_type_is_found() -> None:
    assert differences({"a": {"b": "1"}}, {"a": {"b": 1}}, "x") == ["x.a.b: str instead of int"]
