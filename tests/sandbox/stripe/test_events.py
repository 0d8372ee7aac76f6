import json
from collections.abc import Callable
from typing import Any

import pytest
import stripe as stripe_package
from stripe import StripeClient

from sandbox.running import StripeSandbox
from sandbox.stripe.events import signature
from tests.sandbox.conftest import Inbox


def test_webhook_is_signed_as_stripes_package_expects(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox, inbox: Inbox
) -> None:
    stripe_sandbox.webhook_url = inbox.url
    session = stripe_sandbox.pay(new_session()["id"])
    requests = inbox.wait(4)
    events = [
        stripe_package.Webhook.construct_event(
            request.body, request.headers["Stripe-Signature"], stripe_sandbox.webhook_secret
        )
        for request in requests
    ]
    completed = next(event for event in events if event["type"] == "checkout.session.completed")
    assert completed["data"]["object"]["id"] == session["id"]
    assert (completed["livemode"], completed["api_version"]) == (False, stripe_package.api_version)
    assert client.v1.events.retrieve(completed["id"])["type"] == "checkout.session.completed"


def test_wrong_secret_and_changed_body_do_not_verify(
    new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    stripe_sandbox.pay(new_session()["id"])
    headers, body = stripe_sandbox.signed(stripe_sandbox.deliveries()[0]["event"])
    for secret, payload in (("whsec_other", body), (stripe_sandbox.webhook_secret, body + b" ")):
        with pytest.raises(stripe_package.SignatureVerificationError):
            stripe_package.Webhook.construct_event(payload, headers["Stripe-Signature"], secret)


def test_old_signature_does_not_verify() -> None:
    body = b'{"object": "event"}'
    with pytest.raises(stripe_package.SignatureVerificationError):
        stripe_package.Webhook.construct_event(
            body, signature("whsec_sandbox", body, at=1_000_000_000), "whsec_sandbox"
        )


def test_event_names_the_request_that_caused_it(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    intent = stripe_sandbox.pay(new_session()["id"])["payment_intent"]
    refund = client.v1.refunds.create(params={"payment_intent": intent}, options={"idempotency_key": "rf:1"})
    event = client.v1.events.list(params={"type": "refund.created"})["data"][0]
    assert event["request"].to_dict() == {"id": refund.last_response.request_id, "idempotency_key": "rf:1"}


def test_event_keeps_the_object_as_it_was(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    intent = stripe_sandbox.pay(new_session()["id"])["payment_intent"]
    client.v1.refunds.create(params={"payment_intent": intent})
    events = client.v1.events.list(params={"types": ["charge.succeeded", "charge.refunded"]})["data"]
    assert [event["data"]["object"]["amount_refunded"] for event in events] == [23800, 0]


def test_nothing_internal_is_sent(new_session: Callable[..., Any], stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.pay(new_session()["id"])
    for delivery in stripe_sandbox.deliveries():
        body = json.loads(stripe_sandbox.signed(delivery["event"])[1])
        assert not [name for name in body["data"]["object"] if name.startswith("_")]
