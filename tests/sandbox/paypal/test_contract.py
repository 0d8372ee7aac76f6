"""Requests and answers against PayPal's own OpenAPI files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from sandbox.clock import iso
from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller, order_body

FILES = {
    "orders": "checkout_orders_v2.json",
    "payments": "payments_payment_v2.json",
    "webhooks": "notifications_webhooks_v1.json",
    "disputes": "customer_disputes_v1.json",
}
Check = Callable[[str, str, Any], None]


class Schema:
    """One schema of an OpenAPI file: is a document valid, and does it hold names that the file doesn't know?"""

    def __init__(self, specification: dict[str, Any], name: str) -> None:
        self._components = specification["components"]
        self._root = {"$ref": f"#/components/schemas/{name}", "components": self._components}
        # OpenAPI 3.0 is a dialect of draft 4: what stands beside a $ref doesn't count.
        self._validator = jsonschema_rs.Draft4Validator(self._root)

    def errors(self, document: Any) -> list[str]:
        found = [f"{error.instance_path}: {error.message}" for error in self._validator.iter_errors(document)]
        return found + self._unknown(self._root, document, "")

    def _resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._components["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def _properties(self, schema: dict[str, Any]) -> dict[str, Any]:
        schema = self._resolve(schema)
        known = dict(schema.get("properties", {}))
        for part in schema.get("allOf", []):
            known |= self._properties(part)
        return known

    def _unknown(self, schema: dict[str, Any], document: Any, path: str) -> list[str]:
        schema = self._resolve(schema)
        if isinstance(document, list):
            items = schema.get("items", {})
            return [error for item in document for error in self._unknown(items, item, f"{path}[]")]
        # Alternatives are judged by the validator alone.
        if not isinstance(document, dict) or schema.get("additionalProperties") or "anyOf" in schema:
            return []
        known = self._properties(schema)
        return [f"{path}/{name} is unknown" for name in document if name not in known] + [
            error
            for name in document
            if name in known
            for error in self._unknown(known[name], document[name], f"{path}/{name}")
        ]


@pytest.fixture(scope="session")
def check(provider_specs: Path) -> Check:
    """Fails when a document doesn't fit the named schema of one of the files."""
    specifications = {name: json.loads((provider_specs / "paypal" / file).read_text()) for name, file in FILES.items()}
    schemas: dict[tuple[str, str], Schema] = {}

    def compare(specification: str, name: str, document: Any) -> None:
        key = (specification, name)
        schemas.setdefault(key, Schema(specifications[specification], name))
        errors = schemas[key].errors(document)
        assert errors == []

    return compare


def test_schemas_refuse_what_is_wrong(check: Check) -> None:
    for broken in ({}, {"intent": "CAPTURE", "purchase_units": []}, order_body() | {"colour": "red"}):
        with pytest.raises(AssertionError):
            check("orders", "order_request", broken)


def test_request_of_the_tests_is_valid(check: Check) -> None:
    check("orders", "order_request", order_body())


def test_orders_in_every_state(check: Check, paypal: Caller, paypal_sandbox: PayPalSandbox) -> None:
    created = paypal("POST", "/v2/checkout/orders", order_body(), request_id="a", prefer="return=representation").json()
    path = f"/v2/checkout/orders/{created['id']}"
    check("orders", "order", created)
    check("orders", "order", paypal("POST", "/v2/checkout/orders", order_body(), request_id="b").json())
    check("orders", "order", paypal_sandbox.approve(created["id"]))
    check("orders", "order", paypal("POST", f"{path}/capture", {}, request_id="c").json())
    paypal_sandbox.act("refund", created["id"], amount=100)
    check("orders", "order", paypal("GET", path).json())


@pytest.mark.parametrize("outcome", ["paid", "pending"])
def test_captures_and_refunds(
    check: Check, paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str], outcome: str
) -> None:
    capture = new_capture(outcome=outcome)
    check("payments", "capture-2", paypal("GET", f"/v2/payments/captures/{capture}").json())
    if outcome == "pending":
        paypal_sandbox.act("complete", capture)
        check("payments", "capture-2", paypal("GET", f"/v2/payments/captures/{capture}").json())
    body = {"amount": {"currency_code": "EUR", "value": "1.00"}, "note_to_payer": "One license less."}
    check("payments", "refund_request", body)
    made = paypal("POST", f"/v2/payments/captures/{capture}/refund", body, request_id="rf:1").json()
    check("payments", "refund", made)
    check("payments", "refund", paypal("GET", f"/v2/payments/refunds/{made['id']}").json())
    check("payments", "refund", paypal_sandbox.act("fail_refund", made["id"]))


def test_disputes(check: Check, paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]) -> None:
    dispute = paypal_sandbox.act("open_dispute", new_capture())["dispute_id"]
    check("disputes", "dispute", paypal("GET", f"/v1/customer/disputes/{dispute}").json())
    paypal_sandbox.act("lose_dispute", dispute)
    check("disputes", "dispute", paypal("GET", f"/v1/customer/disputes/{dispute}").json())
    check("disputes", "dispute_search", paypal("GET", "/v1/customer/disputes").json())


def test_webhook_events(
    check: Check, paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    paypal_sandbox.act("refund", capture, amount=100)
    paypal_sandbox.act("open_dispute", capture)
    resources = {
        "CHECKOUT.ORDER.APPROVED": ("orders", "order"),
        "PAYMENT.CAPTURE.COMPLETED": ("payments", "capture-2"),
        "PAYMENT.CAPTURE.REFUNDED": ("payments", "refund"),
        "CUSTOMER.DISPUTE.CREATED": ("disputes", "dispute"),
    }
    events = [json.loads(paypal_sandbox.signed(delivery["event"])[1]) for delivery in paypal_sandbox.deliveries()]
    assert [event["event_type"] for event in events] == list(resources)
    for event in events:
        check("webhooks", "event", event)
        check(*resources[event["event_type"]], event["resource"])
        assert paypal("GET", f"/v1/notifications/webhooks-events/{event['id']}").json() == event


def test_errors(check: Check, paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]) -> None:
    order = new_order()
    capture = paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id="cap:1")
    check("orders", "error_422", capture.json())
    check("orders", "orders.capture-422", {"details": capture.json()["details"]})
    create = paypal("POST", "/v2/checkout/orders", {}, request_id="x")
    check("orders", "error_400", create.json())
    check("orders", "400", {"details": create.json()["details"]})
    missing = paypal("GET", "/v2/checkout/orders/X")
    check("orders", "error_404", missing.json())
    check("orders", "404", {"details": missing.json()["details"]})
    paypal_sandbox.faults({"match": "GET *", "action": "error"})
    check("orders", "error_500", paypal("GET", f"/v2/checkout/orders/{order}").json())
    paypal_sandbox.switch(reporting=False)
    now = iso(paypal_sandbox.provider.clock.now())
    check("orders", "error_403", paypal("GET", f"/v1/reporting/transactions?start_date={now}&end_date={now}").json())
    paypal_sandbox.act("expire_tokens")
    check("orders", "error_401", paypal("GET", f"/v2/checkout/orders/{order}").json())


def test_refund_errors(check: Check, paypal: Caller, new_capture: Callable[..., str]) -> None:
    path = f"/v2/payments/captures/{new_capture()}/refund"
    for value in ("500.00", "0.00", "0.001"):
        answer = paypal("POST", path, {"amount": {"currency_code": "EUR", "value": value}}, request_id=f"rf:{value}")
        check("payments", "error_422", answer.json())
        check("payments", "captures.refund-422", {"details": answer.json()["details"]})
    paypal("POST", path, {}, request_id="rf:all")
    answer = paypal("POST", path, {}, request_id="rf:none")
    check("payments", "captures.refund-422", {"details": answer.json()["details"]})
