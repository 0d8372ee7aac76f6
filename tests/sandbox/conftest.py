"""Running sandboxes, one of each for the whole run and emptied before each test, and a place where webhooks arrive."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from sandbox.running import PayPalSandbox, StripeSandbox, ViesSandbox
from sandbox.server import Request, Response, Server

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def provider_specs() -> Path:
    """The providers' own interface descriptions, which live beside the project."""
    folder = Path(os.environ.get("PROVIDER_SPECS", PROJECT.parent / "shared" / "specs"))
    if not folder.is_dir():
        pytest.skip(f"No interface descriptions in {folder}; set PROVIDER_SPECS to compare with them.")
    return folder


@pytest.fixture(scope="session")
def running_stripe() -> Iterator[StripeSandbox]:
    with StripeSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def stripe_sandbox(running_stripe: StripeSandbox) -> StripeSandbox:
    running_stripe.provider.webhooks.url = None
    running_stripe.provider.reset()
    return running_stripe


@pytest.fixture
def client(stripe_sandbox: StripeSandbox) -> stripe.StripeClient:
    """Stripe's own package, pointed at the sandbox."""
    return stripe.StripeClient(
        stripe_sandbox.secret_key,
        base_addresses={"api": stripe_sandbox.base_url},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=5),
    )


@pytest.fixture(scope="session")
def running_paypal() -> Iterator[PayPalSandbox]:
    with PayPalSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def paypal_sandbox(running_paypal: PayPalSandbox) -> PayPalSandbox:
    running_paypal.provider.webhooks.url = None
    running_paypal.provider.reset()
    return running_paypal


@pytest.fixture
def vies_sandbox() -> Iterator[ViesSandbox]:
    with ViesSandbox() as sandbox:
        yield sandbox


@dataclass
class Caller:
    """Calls PayPal's interface with a token, as the shop does."""

    base_url: str
    token: str = ""

    def renew(self, sandbox: PayPalSandbox) -> None:
        """Asks for a new token."""
        answer = requests.post(
            f"{self.base_url}/v1/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(sandbox.client_id, sandbox.client_secret),
            timeout=5,
        )
        self.token = answer.json()["access_token"]

    def __call__(
        self, method: str, path: str, body: Any = None, *, request_id: str | None = None, prefer: str | None = None
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "PayPal-Request-Id": request_id, "Prefer": prefer}
        return requests.request(method, f"{self.base_url}{path}", json=body, headers=headers, timeout=5)


@pytest.fixture
def paypal(paypal_sandbox: PayPalSandbox) -> Caller:
    caller = Caller(paypal_sandbox.base_url)
    caller.renew(paypal_sandbox)
    return caller


@dataclass
class Inbox:
    """Receives webhooks; `statuses` are the next answers, then 200."""

    url: str = ""
    received: list[Request] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        self.received.append(request)
        return Response(self.statuses.pop(0) if self.statuses else 200)

    def wait(self, count: int) -> list[Request]:
        """The webhooks, as soon as there are `count`; at most five seconds."""
        until = time.monotonic() + 5
        while len(self.received) < count and time.monotonic() < until:
            time.sleep(0.01)
        return list(self.received)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    box = Inbox()
    server = Server(0, box.answer)
    server.start()
    box.url = f"{server.base_url}/webhooks/"
    yield box
    server.stop()


def session_params(**changes: Any) -> dict[str, Any]:
    """A Checkout Session as the shop asks for it."""
    price = {"currency": "eur", "unit_amount": 11900, "product_data": {"name": "Ledger for Excel, Team"}}
    params = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "allowed_payment_method_types": ["card"],
        "line_items": [{"price_data": price, "quantity": 2}],
        "customer_email": "ada@example.com",
        "client_reference_id": "AZ-1001",
        "metadata": {"order": "AZ-1001", "attempt": "7"},
        "payment_intent_data": {"metadata": {"attempt": "7"}},
        "success_url": "http://shop.example/return?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.example/cancel",
    }
    return {name: value for name, value in {**params, **changes}.items() if value is not None}


@pytest.fixture
def new_session(client: stripe.StripeClient) -> Callable[..., Any]:
    """Makes a session; keyword arguments change its parameters, None leaves one out."""

    def make(**changes: Any) -> Any:
        return client.v1.checkout.sessions.create(params=session_params(**changes))

    return make


def order_body(**changes: Any) -> dict[str, Any]:
    """A PayPal order as the shop asks for it."""
    euro = {"currency_code": "EUR"}
    amount = {
        **euro,
        "value": "119.00",
        "breakdown": {"item_total": {**euro, "value": "100.00"}, "tax_total": {**euro, "value": "19.00"}},
    }
    item = {
        "name": "Query Lens for SQL Server",
        "quantity": "2",
        "unit_amount": {**euro, "value": "50.00"},
        "tax": {**euro, "value": "9.50"},
        "category": "DIGITAL_GOODS",
    }
    unit = {"reference_id": "default", "custom_id": "AZ-1002", "amount": amount, "items": [item]}
    context = {
        "return_url": "http://shop.example/return?attempt=8",
        "cancel_url": "http://shop.example/cancel",
        "shipping_preference": "NO_SHIPPING",
        "user_action": "PAY_NOW",
    }
    source = {"paypal": {"experience_context": context}}
    return {"intent": "CAPTURE", "purchase_units": [{**unit, **changes}], "payment_source": source}


@pytest.fixture
def new_order(paypal: Caller) -> Callable[..., str]:
    """Makes an order and returns its id; keyword arguments change its purchase unit."""
    numbers = iter(range(1000))
    lock = threading.Lock()

    def make(**changes: Any) -> str:
        with lock:
            request_id = f"new-order-{next(numbers)}"
        answer = paypal("POST", "/v2/checkout/orders", order_body(**changes), request_id=request_id)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return make


@pytest.fixture
def new_capture(paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]) -> Callable[..., str]:
    """Makes an order, approves and captures it; returns the id of the capture."""

    def make(*, outcome: str = "paid", **changes: Any) -> str:
        order = new_order(**changes)
        paypal_sandbox.approve(order, outcome=outcome)
        answer = paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id=f"cap:{order}")
        assert answer.status_code == 201, answer.text
        return str(answer.json()["purchase_units"][0]["payments"]["captures"][0]["id"])

    return make
