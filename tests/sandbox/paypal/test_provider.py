"""Tokens and what every answer carries."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller, order_body

ORDERS = "/v2/checkout/orders"


def ask_token(
    sandbox: PayPalSandbox, secret: str | None = None, grant: str = "client_credentials"
) -> requests.Response:
    return requests.post(
        f"{sandbox.base_url}/v1/oauth2/token",
        data={"grant_type": grant},
        auth=(sandbox.client_id, secret or sandbox.client_secret),
        timeout=5,
    )


def test_token_says_how_long_it_lasts(paypal_sandbox: PayPalSandbox) -> None:
    token = ask_token(paypal_sandbox).json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 9 * 3600)


def test_wrong_secret_and_grant_are_refused(paypal_sandbox: PayPalSandbox) -> None:
    wrong, other = ask_token(paypal_sandbox, "wrong"), ask_token(paypal_sandbox, grant="password")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert (other.status_code, other.json()["error"]) == (400, "unsupported_grant_type")


def test_token_expires_by_time_and_on_demand(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]
) -> None:
    path = f"{ORDERS}/{new_order()}"
    paypal_sandbox.advance(9 * 3600)
    assert paypal("GET", path).status_code == 401
    paypal.renew(paypal_sandbox)
    assert paypal("GET", path).status_code == 200
    paypal_sandbox.act("expire_tokens")
    refused = paypal("GET", path)
    assert (refused.status_code, refused.json()["name"]) == (401, "AUTHENTICATION_FAILURE")


@pytest.mark.parametrize(("method", "path"), [("GET", f"{ORDERS}/X"), ("POST", ORDERS), ("GET", "/v1/nothing")])
def test_nothing_is_answered_without_a_token(paypal_sandbox: PayPalSandbox, method: str, path: Any) -> None:
    answer = requests.request(method, f"{paypal_sandbox.base_url}{path}", json={}, timeout=5)
    assert answer.status_code == 401


def test_body_that_is_no_json_is_refused(paypal: Caller) -> None:
    answer = requests.post(
        f"{paypal.base_url}{ORDERS}", data="{", headers={"Authorization": f"Bearer {paypal.token}"}, timeout=5
    )
    assert (answer.status_code, answer.json()["details"][0]["issue"]) == (400, "MALFORMED_REQUEST_JSON")


def test_second_request_while_the_first_runs_makes_nothing_twice(paypal: Caller, paypal_sandbox: PayPalSandbox) -> None:
    paypal_sandbox.faults({"match": f"POST {ORDERS}", "action": "slow", "seconds": 0.3, "times": 2})
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(paypal("POST", ORDERS, order_body(), request_id="ppo:1:1")))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = {answer.json()["id"] for answer in answers if answer.status_code < 300}
    assert len(ids) == 1
    assert {answer.status_code for answer in answers} <= {200, 201, 409}


@pytest.mark.parametrize("path", [f"{ORDERS}/X", "/checkoutnow?token=X", "/_sandbox/ledger", "/nothing"])
def test_every_answer_says_that_it_is_a_sandboxs(paypal_sandbox: PayPalSandbox, path: Any) -> None:
    answer = requests.get(f"{paypal_sandbox.base_url}{path}", timeout=5)
    assert answer.headers["X-AzureOps-Sandbox"] == "paypal"


def test_errors_bear_a_debug_id(paypal: Caller) -> None:
    answer = paypal("GET", f"{ORDERS}/X")
    assert answer.json()["debug_id"] == answer.headers["Paypal-Debug-Id"]
