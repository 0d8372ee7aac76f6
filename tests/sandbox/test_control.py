from collections.abc import Callable
from typing import Any

import pytest
import requests
from stripe import StripeClient

from sandbox.client import Refused
from sandbox.running import PayPalSandbox, StripeSandbox
from tests.sandbox.conftest import Inbox


def test_reset_forgets_all_but_the_webhook_address(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox, inbox: Inbox
) -> None:
    stripe_sandbox.webhook_url = inbox.url
    stripe_sandbox.pay(new_session()["id"])
    stripe_sandbox.faults({"match": "* /v1/*", "action": "down"})
    stripe_sandbox.switch(refunds="pending")
    stripe_sandbox.webhooks("late", seconds=9)
    stripe_sandbox.advance(100_000)
    stripe_sandbox.reset()
    assert client.v1.checkout.sessions.list()["data"] == []
    assert stripe_sandbox.ledger() == {"captures": {}, "refunds": {}, "disputes": {}, "entries": []}
    assert stripe_sandbox.switch() == {"refunds": "succeeded", "reporting": True, "redaction": True}
    assert stripe_sandbox._call("webhooks") == {"mode": "normal", "seconds": 2.0, "url": inbox.url, "deliveries": []}
    assert new_session()["expires_at"] < stripe_sandbox.provider.clock.now() + 86_401


@pytest.mark.parametrize(
    ("path", "document", "sentence"),
    [
        ("act", {"do": "dance"}, "do is one of"),
        ("act", {"do": "pay", "id": "cs_test_x"}, "No such checkout.session"),
        ("act", {"do": "pay"}, "identifier"),
        ("act", [], "Send a JSON object"),
        ("switches", {"refunds": "sometimes"}, "refunds is one of"),
        ("switches", {"reporting": "yes"}, "reporting is true or false"),
        ("switches", {"colour": "red"}, "no switch colour"),
        ("clock", {"advance": "soon"}, "invalid literal"),
        ("nothing", {}, "There is no POST"),
        ("webhooks/evt_x", None, "no event evt_x"),
    ],
)
def test_wishes_that_cannot_be_fulfilled(
    stripe_sandbox: StripeSandbox, path: Any, document: Any, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        stripe_sandbox._call(path, document)


def test_body_that_is_no_json(stripe_sandbox: StripeSandbox) -> None:
    answer = requests.post(f"{stripe_sandbox.base_url}/_sandbox/act", data="{", timeout=5)
    assert (answer.status_code, answer.json()) == (400, {"error": "The body isn't JSON."})


def test_health(paypal_sandbox: PayPalSandbox) -> None:
    assert requests.get(f"{paypal_sandbox.base_url}/_sandbox/health", timeout=5).json() == {"ready": True}
