import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller

TEST_ID = re.compile(r'data-testid="([^"]+)"')


@pytest.fixture
def order(new_order: Callable[..., str]) -> str:
    return new_order()


def address(sandbox: PayPalSandbox, order: str) -> str:
    return f"{sandbox.base_url}/checkoutnow?token={order}"


def press(sandbox: PayPalSandbox, order: str, do: str, **fields: str) -> requests.Response:
    return requests.post(address(sandbox, order), data={"do": do, **fields}, allow_redirects=False, timeout=5)


def find(paypal: Caller, order: str) -> Any:
    return paypal("GET", f"/v2/checkout/orders/{order}").json()


def test_page_says_what_is_paid_and_that_no_money_moves(paypal_sandbox: PayPalSandbox, order: str) -> None:
    page = requests.get(address(paypal_sandbox, order), timeout=5)
    assert set(TEST_ID.findall(page.text)) == {
        *("sandbox", "total", "reference", "email", "country", "name", "protection"),
        *("pay", "decline", "pending", "pay-and-close", "cancel"),
    }
    for words in ("Sandbox: no money moves.", "119.00 EUR", "AZ-1002", "2 × Query Lens for SQL Server"):
        assert words in page.text
    assert '<option value="US" selected>' in page.text
    assert "<script" not in page.text


def test_pay_leads_back_with_token_and_payer(paypal: Caller, paypal_sandbox: PayPalSandbox, order: str) -> None:
    answer = press(paypal_sandbox, order, "pay", country="US", name="Grace Hopper", email="grace@example.com")
    approved = find(paypal, order)
    payer = approved["payer"]["payer_id"]
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"http://shop.example/return?attempt=8&token={order}&PayerID={payer}",
    )
    assert (approved["status"], approved["payment_source"]["paypal"]["account_id"]) == ("APPROVED", payer)
    assert [delivery["type"] for delivery in paypal_sandbox.deliveries()] == ["CHECKOUT.ORDER.APPROVED"]


@pytest.mark.parametrize(("do", "status"), [("pay", "COMPLETED"), ("pending", "PENDING")])
def test_button_decides_what_the_capture_becomes(
    paypal: Caller, paypal_sandbox: PayPalSandbox, order: str, do: str, status: Any
) -> None:
    press(paypal_sandbox, order, do)
    answer = paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id="cap:1").json()
    assert answer["purchase_units"][0]["payments"]["captures"][0]["status"] == status


def test_decline_is_seen_at_the_capture(paypal: Caller, paypal_sandbox: PayPalSandbox, order: str) -> None:
    assert press(paypal_sandbox, order, "decline").status_code == 303
    answer = paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id="cap:1").json()
    assert answer["details"][0]["issue"] == "INSTRUMENT_DECLINED"


def test_pay_and_close_approves_without_leading_back(paypal: Caller, paypal_sandbox: PayPalSandbox, order: str) -> None:
    answer = press(paypal_sandbox, order, "pay-and-close")
    assert (answer.status_code, 'data-testid="closed"' in answer.text) == (200, True)
    assert find(paypal, order)["status"] == "APPROVED"


def test_cancel_changes_nothing(paypal: Caller, paypal_sandbox: PayPalSandbox, order: str) -> None:
    answer = press(paypal_sandbox, order, "cancel")
    assert answer.headers["Location"] == f"http://shop.example/cancel?token={order}"
    assert find(paypal, order)["status"] == "PAYER_ACTION_REQUIRED"


def test_captured_and_unknown_orders_cannot_be_paid(paypal: Caller, paypal_sandbox: PayPalSandbox, order: str) -> None:
    press(paypal_sandbox, order, "pay")
    paypal("POST", f"/v2/checkout/orders/{order}/capture", {}, request_id="cap:1")
    paid = press(paypal_sandbox, order, "pay")
    assert "already paid" in paid.text
    assert press(paypal_sandbox, "UNKNOWN", "pay").status_code == 404
