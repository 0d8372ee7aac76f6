from collections.abc import Callable

import pytest

from sandbox.client import Refused
from sandbox.running import PayPalSandbox
from tests.sandbox.conftest import Caller

DISPUTES = "/v1/customer/disputes"


def test_dispute_is_found_by_its_transaction(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture, other = new_capture(), new_capture()
    dispute = paypal_sandbox.act("open_dispute", capture, reason="MERCHANDISE_OR_SERVICE_NOT_RECEIVED")
    found = paypal("GET", f"{DISPUTES}?disputed_transaction_id={capture}").json()["items"]
    assert [(item["dispute_id"], item["status"], item["dispute_amount"]["value"]) for item in found] == [
        (dispute["dispute_id"], "WAITING_FOR_SELLER_RESPONSE", "119.00")
    ]
    assert paypal("GET", f"{DISPUTES}?disputed_transaction_id={other}").json()["items"] == []
    details = paypal("GET", f"{DISPUTES}/{dispute['dispute_id']}").json()
    assert details["reason"] == "MERCHANDISE_OR_SERVICE_NOT_RECEIVED"
    assert details["disputed_transactions"][0]["seller_transaction_id"] == capture


def test_lost_dispute_takes_the_money_and_can_be_won_by_appeal(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    dispute = paypal_sandbox.act("open_dispute", new_capture())["dispute_id"]
    assert paypal_sandbox.ledger()["disputes"] == {}
    lost = paypal_sandbox.act("lose_dispute", dispute)
    assert lost["dispute_outcome"]["outcome_code"] == "RESOLVED_BUYER_FAVOUR"
    assert paypal_sandbox.ledger()["disputes"] == {"EUR": 11900}
    won = paypal_sandbox.act("win_dispute", dispute)
    assert won["dispute_outcome"]["outcome_code"] == "RESOLVED_SELLER_FAVOUR"
    assert paypal_sandbox.ledger()["disputes"] == {"EUR": 0}
    with pytest.raises(Refused):
        paypal_sandbox.act("lose_dispute", dispute)
    assert [delivery["type"] for delivery in paypal_sandbox.deliveries()][-3:] == [
        "CUSTOMER.DISPUTE.CREATED",
        "CUSTOMER.DISPUTE.RESOLVED",
        "CUSTOMER.DISPUTE.RESOLVED",
    ]


def test_dispute_won_at_once_moves_no_money(paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]) -> None:
    dispute = paypal_sandbox.act("open_dispute", new_capture())["dispute_id"]
    paypal_sandbox.act("win_dispute", dispute)
    assert paypal_sandbox.ledger()["disputes"] == {}


def test_no_partial_refund_while_disputed(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    paypal_sandbox.act("open_dispute", capture)
    body = {"amount": {"currency_code": "EUR", "value": "1.00"}}
    answer = paypal("POST", f"/v2/payments/captures/{capture}/refund", body, request_id="rf:1")
    assert (answer.status_code, answer.json()["details"][0]["issue"]) == (422, "TRANSACTION_DISPUTED")


def test_listed_by_state_and_time(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    old = paypal_sandbox.act("open_dispute", new_capture())
    won = paypal_sandbox.act("win_dispute", old["dispute_id"])
    paypal_sandbox.advance(3600)
    new = paypal_sandbox.act("open_dispute", new_capture())

    def ids(query: dict[str, str]) -> list[str]:
        return [item["dispute_id"] for item in paypal("GET", f"{DISPUTES}{query}").json()["items"]]

    assert ids("") == [new["dispute_id"], old["dispute_id"]]
    assert ids("?page_size=1") == [new["dispute_id"]]
    assert ids("?dispute_state=RESOLVED") == [old["dispute_id"]]
    assert ids(f"?update_time_after={new['create_time']}") == [new["dispute_id"]]
    assert ids(f"?update_time_before={won['update_time']}") == [old["dispute_id"]]


def test_unknown_reason_and_second_dispute_are_refused(
    paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    capture = new_capture()
    with pytest.raises(Refused, match="INVALID_PARAMETER_VALUE"):
        paypal_sandbox.act("open_dispute", capture, reason="BORED")
    paypal_sandbox.act("open_dispute", capture)
    with pytest.raises(Refused):
        paypal_sandbox.act("open_dispute", capture)


def test_a_long_list_goes_on_by_a_link(
    paypal: Caller, paypal_sandbox: PayPalSandbox, new_capture: Callable[..., str]
) -> None:
    made = [paypal_sandbox.act("open_dispute", new_capture())["dispute_id"] for _ in range(3)]
    address, found = f"{DISPUTES}?page_size=2", []
    while address:
        page = paypal("GET", address).json()
        found += [item["dispute_id"] for item in page["items"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        address = following[0].removeprefix(paypal_sandbox.base_url) if following else ""
    assert found == made[::-1]
    assert paypal("GET", f"{DISPUTES}?next_page_token=x").status_code == 400
