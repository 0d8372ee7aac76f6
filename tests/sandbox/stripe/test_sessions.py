from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_package
from stripe import StripeClient

from sandbox.running import StripeSandbox
from tests.sandbox.conftest import session_params

HOUR = 3600


def test_new_session_awaits_its_buyer(client: StripeClient, stripe_sandbox: StripeSandbox) -> None:
    session = client.v1.checkout.sessions.create(params=session_params())
    found = client.v1.checkout.sessions.retrieve(session["id"])
    shown = {
        name: found[name]
        for name in ("amount_total", "currency", "status", "payment_status", "payment_intent", "livemode", "url")
    }
    assert shown == {
        "amount_total": 23800,
        "currency": "eur",
        "status": "open",
        "payment_status": "unpaid",
        "payment_intent": None,
        "livemode": False,
        "url": f"{stripe_sandbox.base_url}/c/pay/{session['id']}",
    }
    assert found["metadata"].to_dict() == {"order": "AZ-1001", "attempt": "7"}
    assert found["expires_at"] - found["created"] == 24 * HOUR


def test_line_items_are_shown_on_demand(client: StripeClient, new_session: Callable[..., Any]) -> None:
    session = new_session()
    expanded = client.v1.checkout.sessions.retrieve(session["id"], params={"expand": ["line_items"]})
    listed = client.v1.checkout.sessions.line_items.list(session["id"])
    assert "line_items" not in session.to_dict()
    assert [
        (line["description"], line["quantity"], line["amount_total"]) for line in expanded["line_items"]["data"]
    ] == [("Ledger for Excel, Team", 2, 23800)]
    assert listed["data"][0]["id"] == expanded["line_items"]["data"][0]["id"]


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"payment_intent_data": {"orders": "1"}}, "parameter_unknown", "payment_intent_data[orders]"),
        ({"mode": None}, "parameter_missing", "mode"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"success_url": "shop.example"}, "url_invalid", "success_url"),
        ({"line_items": None}, "parameter_missing", "line_items"),
        ({"customer_email": "ada"}, "email_invalid", "customer_email"),
        ({"customer_email": ""}, "parameter_invalid_empty", "customer_email"),
        ({"client_reference_id": "x" * 201}, "parameter_invalid_string_length", "client_reference_id"),
        ({"ui_mode": "hosted"}, None, "ui_mode"),
        ({"metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"metadata": {f"k{n}": "v" for n in range(51)}}, None, "metadata"),
    ],
)
def test_wrong_parameters_are_named(
    new_session: Callable[..., Any], changes: dict[str, Any], code: Any, param: str
) -> None:
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        new_session(**changes)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)


@pytest.mark.parametrize(
    ("price", "quantity", "code"),
    [
        ({"unit_amount": -1}, 1, "parameter_invalid_integer"),
        ({"unit_amount": "ten"}, 1, "parameter_invalid_integer"),
        ({"unit_amount": 49}, 1, "amount_too_small"),
        ({"unit_amount": 99_999_999}, 2, "amount_too_large"),
        ({}, 0, "parameter_invalid_integer"),
    ],
)
def test_impossible_amounts_are_refused(
    new_session: Callable[..., Any], price: dict[str, Any], quantity: int, code: Any
) -> None:
    data = {"currency": "eur", "unit_amount": 100, "product_data": {"name": "X"}, **price}
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        new_session(line_items=[{"price_data": data, "quantity": quantity}])
    assert refused.value.code == code


def test_currencies_cannot_be_mixed(new_session: Callable[..., Any]) -> None:
    prices = [{"currency": code, "unit_amount": 100, "product_data": {"name": "X"}} for code in ("eur", "usd")]
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        new_session(line_items=[{"price_data": price, "quantity": 1} for price in prices])
    assert refused.value.param == "line_items"


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(1790, False), (1805, True), (24 * HOUR - 5, True), (24 * HOUR + 60, False)]
)
def test_life_is_half_an_hour_to_a_day(
    new_session: Callable[..., Any], stripe_sandbox: StripeSandbox, seconds: int, accepted: bool
) -> None:
    expires_at = stripe_sandbox.provider.clock.now() + seconds
    if accepted:
        assert new_session(expires_at=expires_at)["expires_at"] == expires_at
    else:
        with pytest.raises(stripe_package.InvalidRequestError) as refused:
            new_session(expires_at=expires_at)
        assert refused.value.param == "expires_at"


def test_expires_by_request_once(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    session = new_session()
    assert client.v1.checkout.sessions.expire(session["id"])["status"] == "expired"
    with pytest.raises(stripe_package.InvalidRequestError):
        client.v1.checkout.sessions.expire(session["id"])
    assert [delivery["type"] for delivery in stripe_sandbox.deliveries()] == ["checkout.session.expired"]


def test_expires_by_time(client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox) -> None:
    session = new_session(expires_at=stripe_sandbox.provider.clock.now() + 1900)
    stripe_sandbox.advance(1901)
    found = client.v1.checkout.sessions.retrieve(session["id"])
    assert (found["status"], found["url"]) == ("expired", None)


def test_expiry_cancels_what_the_buyer_began(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    session = new_session()
    stripe_sandbox.pay(session["id"], outcome="declined")
    stripe_sandbox.act("expire", session["id"])
    found = client.v1.checkout.sessions.retrieve(session["id"], params={"expand": ["payment_intent"]})
    assert (found["status"], found["payment_intent"]["status"]) == ("expired", "canceled")


def test_list_is_newest_first_and_paged(
    client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox
) -> None:
    made = [new_session(customer_email=f"buyer{n}@example.com")["id"] for n in range(3)]
    stripe_sandbox.pay(made[0])
    first = client.v1.checkout.sessions.list(params={"limit": 2})
    second = client.v1.checkout.sessions.list(params={"limit": 2, "starting_after": made[1]})
    back = client.v1.checkout.sessions.list(params={"limit": 1, "ending_before": made[0]})
    paid = client.v1.checkout.sessions.list(params={"status": "complete", "expand": ["data.payment_intent"]})
    by_email = client.v1.checkout.sessions.list(params={"customer_details": {"email": "buyer1@example.com"}})
    assert ([session["id"] for session in first["data"]], first["has_more"]) == ([made[2], made[1]], True)
    assert ([session["id"] for session in second["data"]], second["has_more"]) == ([made[0]], False)
    assert ([session["id"] for session in back["data"]], back["has_more"]) == ([made[1]], True)
    assert [session["payment_intent"]["status"] for session in paid["data"]] == ["succeeded"]
    assert [session["id"] for session in by_email["data"]] == [made[1]]


def test_list_by_time(client: StripeClient, new_session: Callable[..., Any], stripe_sandbox: StripeSandbox) -> None:
    old = new_session()
    stripe_sandbox.advance(100)
    new = new_session()
    recent = client.v1.checkout.sessions.list(params={"created": {"gt": old["created"]}})
    assert [session["id"] for session in recent["data"]] == [new["id"]]


def test_unknown_session_is_404(client: StripeClient) -> None:
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        client.v1.checkout.sessions.retrieve("cs_test_unknown")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_what_cannot_be_expanded_is_refused(client: StripeClient, new_session: Callable[..., Any]) -> None:
    with pytest.raises(stripe_package.InvalidRequestError) as refused:
        client.v1.checkout.sessions.retrieve(new_session()["id"], params={"expand": ["customer_email"]})
    assert refused.value.param == "expand"


def test_state_outlives_the_process(tmp_path: Path) -> None:
    with StripeSandbox(tmp_path) as first:
        client = stripe_package.StripeClient(first.secret_key, base_addresses={"api": first.base_url})
        session = client.v1.checkout.sessions.create(params=session_params())
        first.pay(session["id"])
        books = first.ledger()
    with StripeSandbox(tmp_path) as second:
        client = stripe_package.StripeClient(second.secret_key, base_addresses={"api": second.base_url})
        assert client.v1.checkout.sessions.retrieve(session["id"])["payment_status"] == "paid"
        assert second.ledger() == books
