import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from stripe import StripeClient

from sandbox.running import StripeSandbox


def test_totals_are_by_currency_and_reversals_count(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    dollars = {"currency": "usd", "unit_amount": 5000, "product_data": {"name": "X"}}
    paid = stripe_sandbox.pay(new_session()["id"])
    stripe_sandbox.pay(
        new_session(line_items=[{"price_data": dollars, "quantity": 1}], client_reference_id="AZ-9")["id"]
    )
    refund = stripe_sandbox.act("refund", paid["id"], amount=800)
    stripe_sandbox.act("refund", paid["id"], amount=200)
    stripe_sandbox.act("fail_refund", refund["id"])
    books = stripe_sandbox.ledger()
    assert (books["captures"], books["refunds"], books["disputes"]) == ({"EUR": 23800, "USD": 5000}, {"EUR": 200}, {})
    assert [(entry["kind"], entry["amount"], entry["reference"]) for entry in books["entries"]] == [
        ("capture", 23800, "AZ-1001"),
        ("capture", 5000, "AZ-9"),
        ("refund", 800, "AZ-1001"),
        ("refund", 200, "AZ-1001"),
        ("refund_reversal", 800, "AZ-1001"),
    ]
    assert {entry["of"] for entry in books["entries"][2:]} == {books["entries"][0]["id"]}


def test_one_id_is_booked_once(stripe_sandbox: StripeSandbox) -> None:
    entry = {"of": "ch_1", "reference": None, "amount": 1, "currency": "eur"}
    stripe_sandbox.provider.ledger.add("capture", "ch_1", **entry)
    with pytest.raises(sqlite3.IntegrityError):
        stripe_sandbox.provider.ledger.add("capture", "ch_1", **entry)
