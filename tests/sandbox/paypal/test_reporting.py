from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.clock import iso
from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller

PATH = "/v1/reporting/transactions"


def search(paypal: Caller, sandbox: PayPalSandbox, **query: Any) -> requests.Response:
    now = sandbox.provider.clock.now()
    asked = {"start_date": iso(now - 3600), "end_date": iso(now + 60), **query}
    return paypal("GET", f"{PATH}?{'&'.join(f'{name}={value}' for name, value in asked.items() if value)}")


def test_captures_and_refunds_are_found(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    refund = paypal_sandbox.act("refund", capture, amount=1900)["id"]
    answer = search(paypal, paypal_sandbox).json()
    rows = [entry["transaction_info"] for entry in answer["transaction_details"]]
    assert [
        (row["transaction_id"], row["transaction_event_code"], row["transaction_amount"]["value"], row["custom_field"])
        for row in rows
    ] == [(capture, "T0006", "119.00", "AZ-1002"), (refund, "T1107", "-19.00", "AZ-1002")]
    assert (rows[0]["transaction_status"], rows[1]["paypal_reference_id"]) == ("S", capture)
    assert (answer["total_items"], answer["total_pages"], answer["account_number"]) == (2, 1, "AZURESANDBX22")


def test_pages_and_filters(paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]) -> None:
    made = [new_capture() for _ in range(3)]

    def ids(**query: Any) -> list[str]:
        details = search(paypal, paypal_sandbox, **query).json()["transaction_details"]
        return [entry["transaction_info"]["transaction_id"] for entry in details]

    assert (ids(page_size=2), ids(page_size=2, page=2)) == (made[:2], made[2:])
    assert ids(transaction_id=made[1]) == [made[1]]
    assert ids(transaction_currency="USD") == []
    assert ids(transaction_status="P") == []


def test_older_than_the_range_is_left_out(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    new_capture()
    paypal_sandbox.advance(2 * 3600)
    assert search(paypal, paypal_sandbox).json()["total_items"] == 0


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"start_date": ""}, "MISSING_REQUIRED_PARAMETER"),
        ({"start_date": "yesterday"}, "INVALID_PARAMETER_SYNTAX"),
        ({"start_date": "2020-01-01T00:00:00Z"}, "INVALID_PARAMETER_VALUE"),
        ({"page": "0"}, "INVALID_PARAMETER_VALUE"),
    ],
)
def test_impossible_searches(
    paypal: Caller, paypal_sandbox: PayPalSandbox, query: dict[str, str], named: str | None
) -> None:
    answer = search(paypal, paypal_sandbox, **query)
    assert (answer.status_code, answer.json()["details"][0]["issue"]) == (400, named)


def test_can_be_forbidden(paypal: Caller, paypal_sandbox: PayPalSandbox) -> None:
    paypal_sandbox.switch(reporting=False)
    answer = search(paypal, paypal_sandbox)
    assert (answer.status_code, answer.json()["name"]) == (403, "NOT_AUTHORIZED")
