import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.client import Refused
from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller, order_body

ORDERS = "/v2/checkout/orders"


def issue(answer: requests.Response) -> str:
    return answer.json()["details"][0]["issue"]


def links(document: Any) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in document["links"]}


def test_new_order_awaits_its_payer(paypal: Caller, paypal_sandbox: PayPalSandbox) -> None:
    answer = paypal("POST", ORDERS, order_body(), request_id="ppo:1:1")
    order = answer.json()
    assert (answer.status_code, order["status"]) == (201, "PAYER_ACTION_REQUIRED")
    assert re.fullmatch("[0-9A-Z]{17}", order["id"])
    assert set(order) == {"id", "status", "payment_source", "links"}
    assert links(order) == {
        "self": f"{paypal_sandbox.base_url}{ORDERS}/{order['id']}",
        "payer-action": f"{paypal_sandbox.base_url}/checkoutnow?token={order['id']}",
    }


def test_representation_shows_all(paypal: Caller) -> None:
    answer = paypal("POST", ORDERS, order_body(), request_id="ppo:1:1", prefer="return=representation")
    unit = answer.json()["purchase_units"][0]
    assert (unit["custom_id"], unit["amount"]["value"], unit["items"][0]["quantity"]) == ("AZ-1002", "119.00", "2")
    assert unit["payee"]["merchant_id"] == "AZURESANDBX22"
    assert answer.json() == paypal("GET", f"{ORDERS}/{answer.json()['id']}").json()


def test_older_form_without_a_payment_source(paypal: Caller) -> None:
    body = order_body()
    body["application_context"] = body.pop("payment_source")["paypal"]["experience_context"]
    order = paypal("POST", ORDERS, body).json()
    assert (order["status"], set(links(order))) == ("CREATED", {"self", "approve", "update", "capture"})


def test_payment_source_needs_a_request_id(paypal: Caller) -> None:
    answer = paypal("POST", ORDERS, order_body())
    assert (answer.status_code, issue(answer)) == (400, "PAYPAL_REQUEST_ID_REQUIRED")


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"amount": {"currency_code": "EUR", "value": "119.01"}, "items": []}, 201, None),
        ({"amount": {"currency_code": "EUR", "value": "0.00"}, "items": []}, 422, "CANNOT_BE_ZERO_OR_NEGATIVE"),
        ({"amount": {"currency_code": "EUR", "value": "-5.00"}, "items": []}, 422, "CANNOT_BE_ZERO_OR_NEGATIVE"),
        ({"amount": {"currency_code": "EUR", "value": "1.001"}, "items": []}, 422, "DECIMAL_PRECISION"),
        ({"amount": {"currency_code": "JPY", "value": "1.50"}, "items": []}, 422, "DECIMAL_PRECISION"),
        ({"amount": {"currency_code": "XXX", "value": "1.00"}, "items": []}, 422, "INVALID_CURRENCY_CODE"),
        ({"amount": {"currency_code": "EUR", "value": "119.00"}}, 422, "ITEM_TOTAL_REQUIRED"),
        ({"amount": {"currency_code": "EUR", "value": "ten"}}, 400, "INVALID_PARAMETER_SYNTAX"),
        ({"amount": {"currency_code": "EURO", "value": "1.00"}}, 400, "INVALID_STRING_LENGTH"),
        ({"amount": {"value": "1.00"}}, 400, "MISSING_REQUIRED_PARAMETER"),
        ({"custom_id": ""}, 400, "INVALID_STRING_LENGTH"),
        ({"description": "x" * 128}, 400, "INVALID_STRING_LENGTH"),
    ],
)
def test_amounts_and_texts_of_a_unit(paypal: Caller, changes: dict[str, Any], status: Any, named: str | None) -> None:
    answer = paypal("POST", ORDERS, order_body(**changes), request_id="ppo:1:1")
    assert (answer.status_code, issue(answer) if named else None) == (status, named)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("amount", "value"), "119.01", "AMOUNT_MISMATCH"),
        (("amount", "breakdown", "item_total", "value"), "99.00", "AMOUNT_MISMATCH"),
        (("items", 0, "quantity"), "3", "ITEM_TOTAL_MISMATCH"),
        (("items", 0, "tax", "value"), "9.00", "TAX_TOTAL_MISMATCH"),
        (("items", 0, "tax", "value"), "-9.50", "CANNOT_BE_NEGATIVE"),
        (("items", 0, "unit_amount", "currency_code"), "USD", "MULTI_CURRENCY_ORDER"),
    ],
)
def test_sums_must_add_up(paypal: Caller, path: Any, value: Any, named: str | None) -> None:
    body = order_body()
    node = body["purchase_units"][0]
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    answer = paypal("POST", ORDERS, body, request_id="ppo:1:1")
    assert (answer.status_code, issue(answer)) == (422, named)


def test_discount_is_subtracted(paypal: Caller) -> None:
    body = order_body()
    amount = body["purchase_units"][0]["amount"]
    amount["breakdown"]["discount"] = {"currency_code": "EUR", "value": "19.00"}
    amount["value"] = "100.00"
    assert paypal("POST", ORDERS, body, request_id="ppo:1:1").status_code == 201


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "MISSING_REQUIRED_PARAMETER"),
        ([], "INVALID_PARAMETER_SYNTAX"),
        ({"intent": "CAPTURE", "purchase_units": []}, "INVALID_ARRAY_MIN_ITEMS"),
        ({"intent": "TAKE", "purchase_units": [{}]}, "INVALID_PARAMETER_VALUE"),
        ({"intent": "CAPTURE", "purchase_units": [{}]}, "MISSING_REQUIRED_PARAMETER"),
        ({"intent": "CAPTURE", "purchase_units": [{}, {}]}, "INVALID_ARRAY_MAX_ITEMS"),
    ],
)
def test_bodies_of_another_form_are_refused(paypal: Caller, body: Any, named: str | None) -> None:
    answer = paypal("POST", ORDERS, body, request_id="ppo:1:1")
    assert (answer.status_code, answer.json()["name"], issue(answer)) == (400, "INVALID_REQUEST", named)


def test_same_request_id_answers_the_same_order_as_it_is_now(paypal: Caller, paypal_sandbox: PayPalSandbox) -> None:
    first = paypal("POST", ORDERS, order_body(), request_id="ppo:1:1").json()
    paypal_sandbox.approve(first["id"])
    again = paypal("POST", ORDERS, order_body(), request_id="ppo:1:1")
    other = paypal("POST", ORDERS, order_body(), request_id="ppo:1:2")
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (200, first["id"], "APPROVED")
    assert other.json()["id"] != first["id"]


def test_request_id_is_forgotten_after_six_hours(paypal: Caller, paypal_sandbox: PayPalSandbox) -> None:
    first = paypal("POST", ORDERS, order_body(), request_id="ppo:1:1").json()
    paypal_sandbox.advance(6 * 3600 + 1)
    assert paypal("POST", ORDERS, order_body(), request_id="ppo:1:1").json()["id"] != first["id"]


def test_capture_needs_an_approval_then_happens_once(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]
) -> None:
    order = new_order()
    path = f"{ORDERS}/{order}/capture"
    early = paypal("POST", path, {}, request_id=f"cap:{order}")
    paypal_sandbox.approve(order, country="US", name="Grace Hopper", email="grace@example.com")
    taken = paypal("POST", path, {}, request_id=f"cap:{order}")
    repeated = paypal("POST", path, {}, request_id=f"cap:{order}")
    other = paypal("POST", path, {}, request_id="another")
    assert (early.status_code, issue(early)) == (422, "ORDER_NOT_APPROVED")
    assert (taken.status_code, repeated.status_code) == (201, 200)
    assert repeated.json() == taken.json()
    assert (other.status_code, issue(other)) == (422, "ORDER_ALREADY_CAPTURED")
    payer = taken.json()["payer"]
    assert (payer["email_address"], payer["name"], payer["address"]) == (
        "grace@example.com",
        {"given_name": "Grace", "surname": "Hopper"},
        {"country_code": "US"},
    )
    assert paypal_sandbox.ledger()["captures"] == {"EUR": 11900}
    assert paypal_sandbox.ledger()["entries"][0]["reference"] == "AZ-1002"


def test_declined_capture_sends_the_payer_back(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]
) -> None:
    order = new_order()
    paypal_sandbox.approve(order, outcome="declined")
    declined = paypal("POST", f"{ORDERS}/{order}/capture", {}, request_id=f"cap:{order}")
    assert (declined.status_code, issue(declined)) == (422, "INSTRUMENT_DECLINED")
    assert links(declined.json()) == {"redirect": f"{paypal_sandbox.base_url}/checkoutnow?token={order}"}
    assert paypal_sandbox.ledger()["captures"] == {}
    paypal_sandbox.approve(order)
    assert paypal("POST", f"{ORDERS}/{order}/capture", {}, request_id=f"cap:{order}").status_code == 201


def test_expired_order_is_gone(paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]) -> None:
    order = new_order()
    paypal_sandbox.act("expire", order)
    answer = paypal("GET", f"{ORDERS}/{order}")
    assert (answer.status_code, answer.json()["name"], issue(answer)) == (
        404,
        "RESOURCE_NOT_FOUND",
        "INVALID_RESOURCE_ID",
    )


def test_order_shows_its_captures_and_refunds(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_order: Callable[..., str]
) -> None:
    order = new_order()
    paypal_sandbox.approve(order)
    paypal("POST", f"{ORDERS}/{order}/capture", {}, request_id=f"cap:{order}")
    paypal_sandbox.act("refund", order, amount=1900)
    payments = paypal("GET", f"{ORDERS}/{order}").json()["purchase_units"][0]["payments"]
    assert [(made["status"], made["amount"]["value"]) for made in payments["captures"]] == [
        ("PARTIALLY_REFUNDED", "119.00")
    ]
    assert [(made["status"], made["amount"]["value"]) for made in payments["refunds"]] == [("COMPLETED", "19.00")]


def test_captured_order_is_not_approved_again(
    paypal_sandbox: PayPalSandbox, new_order: Callable[..., str], paypal: Caller
) -> None:
    order = new_order()
    paypal_sandbox.approve(order)
    paypal("POST", f"{ORDERS}/{order}/capture", {}, request_id=f"cap:{order}")
    with pytest.raises(Refused, match="ORDER_ALREADY_CAPTURED"):
        paypal_sandbox.approve(order)
