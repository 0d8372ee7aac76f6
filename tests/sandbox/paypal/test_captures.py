from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.client import Refused
from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller


def refund(
    paypal: Caller, capture: str, body: Any = None, request_id: str = "rf:1", **options: Any
) -> requests.Response:
    return paypal("POST", f"/v2/payments/captures/{capture}/refund", body or {}, request_id=request_id, **options)


def euros(value: Any) -> dict[str, Any]:
    return {"amount": {"currency_code": "EUR", "value": value}}


def issue(answer: requests.Response) -> str:
    return answer.json()["details"][0]["issue"]


def status(paypal: Caller, capture: str) -> str:
    return paypal("GET", f"/v2/payments/captures/{capture}").json()["status"]


def test_capture_names_its_order_and_merchant(paypal: Caller, new_capture: Callable[..., str]) -> None:
    capture = paypal("GET", f"/v2/payments/captures/{new_capture()}").json()
    order = capture["supplementary_data"]["related_ids"]["order_id"]
    breakdown = capture["seller_receivable_breakdown"]
    assert (capture["status"], capture["custom_id"], capture["payee"]["merchant_id"]) == (
        "COMPLETED",
        "AZ-1002",
        "AZURESANDBX22",
    )
    assert {link["rel"]: link["href"].rsplit("/", 1)[-1] for link in capture["links"]}["up"] == order
    assert (breakdown["gross_amount"]["value"], breakdown["paypal_fee"]["value"]) == ("119.00", "3.94")


def test_refunds_until_nothing_is_left(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    part = refund(paypal, capture, euros("19.00"), "rf:1", prefer="return=representation")
    too_much = refund(paypal, capture, euros("100.01"), "rf:2")
    assert (part.status_code, part.json()["amount"]["value"], part.json()["custom_id"]) == (201, "19.00", "AZ-1002")
    assert (too_much.status_code, issue(too_much)) == (422, "REFUND_AMOUNT_EXCEEDED")
    assert status(paypal, capture) == "PARTIALLY_REFUNDED"

    rest = refund(paypal, capture, None, "rf:3")
    assert set(rest.json()) == {"id", "status", "links"}
    assert paypal("GET", f"/v2/payments/refunds/{rest.json()['id']}").json()["amount"]["value"] == "100.00"
    assert status(paypal, capture) == "REFUNDED"
    assert issue(refund(paypal, capture, None, "rf:4")) == "CAPTURE_FULLY_REFUNDED"
    assert paypal_sandbox.ledger()["refunds"] == {"EUR": 11900}


def test_same_request_id_refunds_once_for_45_days(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    first = refund(paypal, capture, euros("10.00"))
    paypal_sandbox.advance(44 * 24 * 3600)
    paypal.renew(paypal_sandbox)
    again = refund(paypal, capture, euros("10.00"))
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])
    assert paypal_sandbox.ledger()["refunds"] == {"EUR": 1000}


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        ({"amount": {"currency_code": "USD", "value": "1.00"}}, 422, "REFUND_CAPTURE_CURRENCY_MISMATCH"),
        (euros("0.00"), 422, "CANNOT_BE_ZERO_OR_NEGATIVE"),
        (euros("0.001"), 422, "DECIMAL_PRECISION"),
        (euros("one"), 400, "INVALID_PARAMETER_SYNTAX"),
        ({"amount": {"value": "1.00"}}, 400, "MISSING_REQUIRED_PARAMETER"),
        ({"note_to_payer": "x" * 256}, 400, "INVALID_STRING_LENGTH"),
    ],
)
def test_impossible_refunds(
    paypal: Caller,
    paypal_sandbox: PayPalSandbox,
    new_capture: Callable[..., str],
    body: Any,
    code: Any,
    named: str | None,
) -> None:
    answer = refund(paypal, new_capture(), body)
    assert (answer.status_code, issue(answer)) == (code, named)
    assert paypal_sandbox.ledger()["refunds"] == {}


@pytest.mark.parametrize(
    ("act", "status_after", "captured", "event"),
    [
        ("complete", "COMPLETED", {"EUR": 11900}, "PAYMENT.CAPTURE.COMPLETED"),
        ("deny", "DECLINED", {}, "PAYMENT.CAPTURE.DENIED"),
    ],
)
def test_pending_capture(
    paypal: Caller,
    paypal_sandbox: PayPalSandbox,
    new_capture: Callable[..., str],
    act: str,
    status_after: str,
    captured: dict[str, int],
    event: str,
) -> None:
    capture = new_capture(outcome="pending")
    waiting = paypal("GET", f"/v2/payments/captures/{capture}").json()
    assert (waiting["status"], waiting["status_details"]) == ("PENDING", {"reason": "PENDING_REVIEW"})
    assert issue(refund(paypal, capture)) == "PENDING_CAPTURE"
    assert paypal_sandbox.ledger()["captures"] == {}
    paypal_sandbox.act(act, capture)
    assert status(paypal, capture) == status_after
    assert paypal_sandbox.ledger()["captures"] == captured
    assert [delivery["type"] for delivery in paypal_sandbox.deliveries()] == [
        "CHECKOUT.ORDER.APPROVED",
        "PAYMENT.CAPTURE.PENDING",
        event,
    ]
    with pytest.raises(Refused):
        paypal_sandbox.act(act, capture)


def test_denied_capture_is_not_refunded(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture(outcome="pending")
    paypal_sandbox.act("deny", capture)
    assert issue(refund(paypal, capture)) == "REFUND_NOT_ALLOWED"


def test_pending_refund_is_completed(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    paypal_sandbox.switch(refunds="pending")
    made = refund(paypal, capture).json()
    paypal_sandbox.act("complete_refund", made["id"])
    assert paypal("GET", f"/v2/payments/refunds/{made['id']}").json()["status"] == "COMPLETED"
    assert [delivery["type"] for delivery in paypal_sandbox.deliveries()][-2:] == [
        "PAYMENT.REFUND.PENDING",
        "PAYMENT.CAPTURE.REFUNDED",
    ]


def test_refund_that_fails_late_comes_back(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    made = refund(paypal, capture).json()
    paypal_sandbox.act("fail_refund", made["id"])
    assert paypal("GET", f"/v2/payments/refunds/{made['id']}").json()["status"] == "FAILED"
    assert status(paypal, capture) == "COMPLETED"
    assert paypal_sandbox.ledger()["refunds"] == {"EUR": 0}
    assert paypal_sandbox.deliveries()[-1]["type"] == "PAYMENT.REFUND.FAILED"


@pytest.mark.parametrize("path", ["captures/UNKNOWN", "refunds/UNKNOWN"])
def test_unknown_objects_are_404(paypal: Caller, path: Any) -> None:
    assert paypal("GET", f"/v2/payments/{path}").status_code == 404
