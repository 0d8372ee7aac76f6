"""Keys, idempotency and what every answer carries."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import stripe as stripe_package
from stripe import StripeClient

from sandbox.running import StripeSandbox
from tests.sandbox.conftest import session_params


def create(client: StripeClient, key: str, **changes: Any) -> Any:
    return client.v1.checkout.sessions.create(params=session_params(**changes), options={"idempotency_key": key})


def test_same_key_and_parameters_replay_the_answer(client: StripeClient, stripe_sandbox: StripeSandbox) -> None:
    first = create(client, "cs:1:1")
    second = create(client, "cs:1:1")
    assert second.to_dict() == first.to_dict()
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.checkout.sessions.list()["data"]) == 1


def test_same_key_with_other_parameters_is_refused(client: StripeClient) -> None:
    create(client, "cs:1:1")
    with pytest.raises(stripe_package.IdempotencyError) as refused:
        create(client, "cs:1:1", customer_email="eve@example.com")
    assert refused.value.http_status == 400


def test_key_is_forgotten_after_a_day(client: StripeClient, stripe_sandbox: StripeSandbox) -> None:
    first = create(client, "cs:1:1")
    stripe_sandbox.advance(24 * 3600 + 1)
    assert create(client, "cs:1:1")["id"] != first["id"]


def test_saved_500_is_replayed(client: StripeClient, stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.faults({"match": "POST /v1/checkout/sessions", "action": "error", "saved": True})
    for _ in range(2):
        with pytest.raises(stripe_package.APIError) as broken:
            create(client, "cs:1:1")
        assert broken.value.http_status == 500
    assert broken.value.headers["Idempotent-Replayed"] == "true"
    assert create(client, "cs:1:2")["status"] == "open"


def test_refused_parameters_do_not_use_the_key_up(client: StripeClient) -> None:
    with pytest.raises(stripe_package.InvalidRequestError):
        create(client, "cs:1:1", customer_email="wrong")
    assert create(client, "cs:1:1")["status"] == "open"


def test_error_of_an_action_is_replayed(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    intent = stripe_sandbox.pay(new_session()["id"])["payment_intent"]
    params = {"payment_intent": intent, "amount": 99_999}
    for replayed in (None, "true"):
        with pytest.raises(stripe_package.InvalidRequestError) as refused:
            client.v1.refunds.create(params=params, options={"idempotency_key": "rf:1"})
        assert refused.value.headers.get("Idempotent-Replayed") == replayed


def test_second_request_while_the_first_runs_is_409(client: StripeClient, stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.faults({"match": "POST /v1/checkout/sessions", "action": "slow", "seconds": 0.5})
    answers = []
    first = threading.Thread(target=lambda: answers.append(create(client, "cs:1:1")))
    first.start()
    while stripe_sandbox.faults_left():
        time.sleep(0.01)
    time.sleep(0.1)  # the fault is taken a moment before the key is
    with pytest.raises(stripe_package.StripeError) as refused:
        create(client, "cs:1:1")
    first.join()
    assert refused.value.http_status == 409
    assert refused.value.json_body["error"]["code"] == "idempotency_key_in_use"
    assert create(client, "cs:1:1")["id"] == answers[0]["id"]


@pytest.mark.parametrize("key", ["", "sk_test_other", "sk_live_other"])
def test_other_keys_are_401(stripe_sandbox: StripeSandbox, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = requests.get(f"{stripe_sandbox.base_url}/v1/charges", headers=headers, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert not key or key not in answer.text


def test_unknown_address_is_404(stripe_sandbox: StripeSandbox) -> None:
    answer = requests.get(f"{stripe_sandbox.base_url}/v1/customers", auth=(stripe_sandbox.secret_key, ""), timeout=5)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")


@pytest.mark.parametrize("path", ["/v1/charges", "/c/pay/cs_test_x", "/_sandbox/ledger", "/nothing"])
def test_every_answer_says_that_it_is_a_sandboxs(stripe_sandbox: StripeSandbox, path: Any) -> None:
    answer = requests.get(f"{stripe_sandbox.base_url}{path}", timeout=5)
    assert answer.headers["X-AzureOps-Sandbox"] == "stripe"


def test_version_is_the_one_that_the_package_pins(client: StripeClient, new_session: Callable[..., Any]) -> None:
    assert new_session().last_response.headers["Stripe-Version"] == stripe_package.api_version
