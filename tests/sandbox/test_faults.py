import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import stripe as stripe_package
from stripe import StripeClient

from sandbox.client import Refused
from sandbox.running import PayPalSandbox, StripeSandbox
from tests.sandbox.conftest import Caller, session_params

SESSIONS = "POST /v1/checkout/sessions"


def create(client: StripeClient) -> Any:
    return client.v1.checkout.sessions.create(params=session_params(), options={"idempotency_key": "cs:1:1"})


def count(client: StripeClient) -> int:
    return len(client.v1.checkout.sessions.list()["data"])


def test_slow_waits_then_acts(client: StripeClient, stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.faults({"match": SESSIONS, "action": "slow", "seconds": 0.2})
    start = time.monotonic()
    create(client)
    assert time.monotonic() - start >= 0.2


@pytest.mark.parametrize(("action", "made"), [("down", 0), ("drop", 1)])
def test_cut_connection(client: StripeClient, stripe_sandbox: StripeSandbox, action: str, made: int) -> None:
    stripe_sandbox.faults({"match": SESSIONS, "action": action})
    with pytest.raises(stripe_package.APIConnectionError):
        create(client)
    assert count(client) == made
    again = create(client)
    assert count(client) == 1
    # What was made before the cut is answered under the same key.
    assert again.last_response.headers.get("Idempotent-Replayed") == ("true" if made else None)


@pytest.mark.parametrize(("action", "status"), [("error", 500), ("html", 502), ("limit", 429)])
def test_refusals_act_on_nothing(client: StripeClient, stripe_sandbox: StripeSandbox, action: str, status: Any) -> None:
    stripe_sandbox.faults({"match": SESSIONS, "action": action})
    with pytest.raises(stripe_package.StripeError) as broken:
        create(client)
    assert (broken.value.http_status, count(client)) == (status, 0)
    assert create(client)["status"] == "open"


def test_paypal_refuses_in_its_own_shape(paypal: Caller, paypal_sandbox: PayPalSandbox) -> None:
    paypal_sandbox.faults({"match": "GET /v2/*", "action": "limit"}, {"match": "GET /v2/*", "action": "html"})
    limited, html = (paypal("GET", "/v2/checkout/orders/X") for _ in range(2))
    assert (limited.status_code, limited.json()["name"]) == (429, "RATE_LIMIT_REACHED")
    assert (html.status_code, html.text.startswith("<!doctype html>")) == (502, True)


def test_paypal_keeps_no_error(paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]) -> None:
    order = new_order()
    paypal_sandbox.approve(order)
    paypal_sandbox.faults({"match": "POST *", "action": "error", "saved": True})
    answers = [paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id="cap:1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 201]


def test_dropped_capture_took_the_money_once(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]
) -> None:
    order = new_order()
    paypal_sandbox.approve(order)
    paypal_sandbox.faults({"match": "POST /v2/checkout/orders/*/capture", "action": "drop"})
    with pytest.raises(requests.ConnectionError):
        paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id="cap:1")
    assert paypal_sandbox.ledger()["captures"] == {"EUR": 11900}
    assert paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id="cap:1").status_code == 200
    assert paypal_sandbox.ledger()["captures"] == {"EUR": 11900}


def test_rules_count_down_and_leave_other_requests_alone(client: StripeClient, stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.faults({"match": SESSIONS, "action": "error", "times": 2})
    assert count(client) == 0
    assert stripe_sandbox.faults_left()[0]["times"] == 2
    for _ in range(2):
        with pytest.raises(stripe_package.APIError):
            create(client)
    assert stripe_sandbox.faults_left() == []


def test_new_rules_replace_the_old(stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.faults({"match": "* *", "action": "down"})
    assert stripe_sandbox.faults() == []


@pytest.mark.parametrize(
    "rule",
    [
        {"match": SESSIONS, "action": "explode"},
        {"match": SESSIONS, "action": "down", "times": 0},
        {"match": SESSIONS, "action": "slow", "seconds": -1},
        {"match": "everything", "action": "down"},
        {"match": SESSIONS},
    ],
)
def test_senseless_rules_are_refused(stripe_sandbox: StripeSandbox, rule: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        stripe_sandbox.faults(rule)
    assert stripe_sandbox.faults_left() == []
