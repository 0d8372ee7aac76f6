from collections.abc import Callable
from typing import Any

import pytest
import stripe as stripe_package
from stripe import StripeClient

from sandbox.client import Refused
from sandbox.running import StripeSandbox

EXPANDED = {"expand": ["payment_intent.latest_charge.balance_transaction"]}


def test_paid_session_shows_payer_and_card(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    session = new_session()
    stripe_sandbox.pay(session["id"], country="AT", name="Ada Lovelace", card={"country": "US", "last4": "0005"})
    found = client.v1.checkout.sessions.retrieve(session["id"], params=EXPANDED)
    intent = found["payment_intent"]
    charge = intent["latest_charge"]
    card = charge["payment_method_details"]["card"]
    assert (found["status"], found["payment_status"], found["customer_details"]["name"]) == (
        "complete",
        "paid",
        "Ada Lovelace",
    )
    assert (intent["status"], intent["amount_received"], intent["metadata"].to_dict()) == (
        "succeeded",
        23800,
        {"attempt": "7"},
    )
    assert (charge["paid"], charge["billing_details"]["address"]["country"]) == (True, "AT")
    assert (card["country"], card["brand"], card["last4"]) == ("US", "visa", "0005")
    assert charge["balance_transaction"]["net"] == 23800 - 357 - 25


def test_same_card_has_the_same_fingerprint(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    def fingerprint(**card: str) -> str:
        session = stripe_sandbox.pay(new_session()["id"], card=card)
        intent = client.v1.payment_intents.retrieve(session["payment_intent"], params={"expand": ["latest_charge"]})
        return str(intent["latest_charge"]["payment_method_details"]["card"]["fingerprint"])

    assert fingerprint(last4="4242") == fingerprint(last4="4242")
    assert fingerprint(last4="4242") != fingerprint(last4="0002")


def test_session_is_paid_once(new_session: Callable[..., Any], stripe_sandbox: StripeSandbox) -> None:
    session = new_session()
    stripe_sandbox.pay(session["id"])
    with pytest.raises(Refused, match="complete, not open"):
        stripe_sandbox.pay(session["id"])
    assert stripe_sandbox.ledger()["captures"] == {"EUR": 23800}


def test_declined_session_stays_open_and_can_be_paid(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    session = new_session()
    stripe_sandbox.pay(session["id"], outcome="declined")
    declined = client.v1.checkout.sessions.retrieve(session["id"], params={"expand": ["payment_intent"]})
    intent = declined["payment_intent"]
    assert (declined["status"], intent["status"]) == ("open", "requires_payment_method")
    assert intent["last_payment_error"]["decline_code"] == "generic_decline"
    assert stripe_sandbox.ledger()["captures"] == {}

    paid = stripe_sandbox.pay(session["id"])
    charges = client.v1.charges.list(params={"payment_intent": intent["id"]})
    assert (paid["payment_intent"], paid["payment_status"]) == (intent["id"], "paid")
    assert [charge["status"] for charge in charges["data"]] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("act", "payment_status", "intent_status", "captured", "event"),
    [
        ("complete", "paid", "succeeded", {"EUR": 23800}, "checkout.session.async_payment_succeeded"),
        ("deny", "unpaid", "requires_payment_method", {}, "checkout.session.async_payment_failed"),
    ],
)
def test_slow_payment(
    client: StripeClient,
    new_session: Callable[..., Any],
    stripe_sandbox: StripeSandbox,
    act: str,
    payment_status: str,
    intent_status: str,
    captured: dict[str, int],
    event: str,
) -> None:
    session = new_session()
    processing = stripe_sandbox.pay(session["id"], outcome="processing")
    assert (processing["status"], processing["payment_status"]) == ("complete", "unpaid")
    assert stripe_sandbox.ledger()["captures"] == {}

    finished = stripe_sandbox.act(act, session["id"])
    intent = client.v1.payment_intents.retrieve(finished["payment_intent"])
    assert (finished["payment_status"], intent["status"]) == (payment_status, intent_status)
    assert stripe_sandbox.ledger()["captures"] == captured
    assert stripe_sandbox.deliveries()[-1]["type"] == event
    with pytest.raises(Refused):
        stripe_sandbox.act(act, session["id"])


def test_events_of_a_payment_come_in_stripes_order(
    new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    stripe_sandbox.pay(new_session()["id"])
    assert [delivery["type"] for delivery in stripe_sandbox.deliveries()] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]


def test_intents_are_listed(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    made = [stripe_sandbox.pay(new_session()["id"])["payment_intent"] for _ in range(2)]
    assert [intent["id"] for intent in client.v1.payment_intents.list()["data"]] == made[::-1]


def test_unknown_outcome_is_refused(new_session: Callable[..., Any], stripe_sandbox: StripeSandbox) -> None:
    with pytest.raises(Refused, match="outcome is paid, declined or processing"):
        stripe_sandbox.pay(new_session()["id"], outcome="lost")


def test_account_is_the_sandboxs(client: StripeClient) -> None:
    account = client.v1.accounts.retrieve_current()
    assert (account["id"], account["country"]) == ("acct_1SandboxOfAzureOps", "DE")


@pytest.mark.parametrize(
    ("kind", "identifier"),
    [("payment_intents", "pi_x"), ("charges", "ch_x"), ("refunds", "re_x"), ("disputes", "du_x")],
)
def test_unknown_objects_are_404(client: StripeClient, kind: Any, identifier: str) -> None:
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        getattr(client.v1, kind).retrieve(identifier)
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
