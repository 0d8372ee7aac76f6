import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from stripe import StripeClient

from sandbox.running import StripeSandbox

TEST_ID = re.compile(r'data-testid="([^"]+)"')


def press(session: Any, do: str, *, path: Any = "", **fields: str) -> requests.Response:
    return requests.post(f"{session['url']}{path}", data={"do": do, **fields}, allow_redirects=False, timeout=5)


@pytest.fixture
def session(new_session: Callable[..., Any]) -> Any:
    return new_session()


def test_page_says_what_is_paid_and_that_no_money_moves(session: Any) -> None:
    page = requests.get(session["url"], timeout=5)
    assert page.status_code == 200
    assert set(TEST_ID.findall(page.text)) == {
        *("sandbox", "total", "email", "reference", "country", "name", "card-country", "fingerprint", "risk"),
        *("pay", "decline", "three-d-secure", "pay-and-close", "cancel"),
    }
    for words in ("Sandbox: no money moves.", "238.00 EUR", "ada@example.com", "AZ-1001", "2 × Ledger for Excel, Team"):
        assert words in page.text
    assert '<option value="DE" selected>' in page.text
    assert "<script" not in page.text


def test_typed_words_are_escaped(new_session: Callable[..., Any]) -> None:
    price = {"currency": "eur", "unit_amount": 100, "product_data": {"name": "<script>alert(1)</script>"}}
    page = requests.get(new_session(line_items=[{"price_data": price, "quantity": 1}])["url"], timeout=5)
    assert "<script" not in page.text


def test_pay_leads_back_with_the_sessions_id(client: StripeClient, session: Any) -> None:
    answer = press(session, "pay", country="FR", name="Ada")
    paid = client.v1.checkout.sessions.retrieve(session["id"])
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"http://shop.example/return?session={session['id']}",
    )
    assert (paid["payment_status"], paid["customer_details"]["address"]["country"]) == ("paid", "FR")


def test_two_buttons_at_once_pay_once(session: Any, stripe_sandbox: StripeSandbox) -> None:
    press(session, "pay")
    again = press(session, "pay")
    assert (again.status_code, "already done" in again.text) == (200, True)
    assert stripe_sandbox.ledger()["captures"] == {"EUR": 23800}


def test_decline_says_so_and_keeps_what_was_typed(session: Any, stripe_sandbox: StripeSandbox) -> None:
    answer = press(session, "decline", country="IT", name="Ada Lovelace")
    assert 'data-testid="error"' in answer.text
    assert '<option value="IT" selected>' in answer.text
    assert 'value="Ada Lovelace"' in answer.text
    assert stripe_sandbox.ledger()["captures"] == {}


def test_buyer_whose_bank_said_no_can_pay_from_that_page(session: Any, stripe_sandbox: StripeSandbox) -> None:
    press(session, "three-d-secure")
    refused = press(session, "fail", path="/3ds")
    action = re.search('<form method="post" action="([^"]+)"', refused.text)
    assert action is not None
    requests.post(f"{stripe_sandbox.base_url}{action[1]}", data={"do": "pay"}, allow_redirects=False, timeout=5)
    assert stripe_sandbox.ledger()["captures"] == {"EUR": 23800}


@pytest.mark.parametrize("path", ["", "/3ds"])
def test_no_button_changes_nothing(session: Any, stripe_sandbox: StripeSandbox, path: str) -> None:
    assert press(session, "dance", path=path).status_code == 200
    assert stripe_sandbox.deliveries() == []


@pytest.mark.parametrize(("do", "captures"), [("approve", {"EUR": 23800}), ("fail", {})])
def test_three_d_secure(
    client: StripeClient, session: Any, stripe_sandbox: StripeSandbox, do: str, captures: dict[str, int]
) -> None:
    asked = press(session, "three-d-secure", country="ES", name="Ada")
    assert asked.headers["Location"] == f"/c/pay/{session['id']}/3ds"
    page = requests.get(f"{session['url']}/3ds", timeout=5)
    assert {"approve", "fail"} <= set(TEST_ID.findall(page.text))
    waiting = client.v1.checkout.sessions.retrieve(session["id"], params={"expand": ["payment_intent"]})
    assert waiting["payment_intent"]["status"] == "requires_action"

    press(session, do, path="/3ds")
    found = client.v1.checkout.sessions.retrieve(session["id"], params={"expand": ["payment_intent.latest_charge"]})
    charge = found["payment_intent"]["latest_charge"]
    assert charge["billing_details"]["address"]["country"] == "ES"
    assert stripe_sandbox.ledger()["captures"] == captures
    if do == "approve":
        assert charge["payment_method_details"]["card"]["three_d_secure"]["result"] == "authenticated"
    else:
        assert charge["failure_code"] == "payment_intent_authentication_failure"


def test_pay_and_close_pays_without_leading_back(session: Any, stripe_sandbox: StripeSandbox) -> None:
    answer = press(session, "pay-and-close")
    assert (answer.status_code, 'data-testid="closed"' in answer.text) == (200, True)
    assert stripe_sandbox.ledger()["captures"] == {"EUR": 23800}


def test_cancel_leaves_the_session_open(client: StripeClient, session: Any) -> None:
    assert press(session, "cancel").headers["Location"] == "http://shop.example/cancel"
    assert client.v1.checkout.sessions.retrieve(session["id"])["status"] == "open"


def test_slow_method_is_offered_where_cards_are_not_the_only_one(
    client: StripeClient, new_session: Callable[..., Any]
) -> None:
    session = new_session(allowed_payment_method_types=["card", "sepa_debit"])
    assert "pay-later" in TEST_ID.findall(requests.get(session["url"], timeout=5).text)
    press(session, "pay-later")
    found = client.v1.checkout.sessions.retrieve(session["id"])
    assert (found["status"], found["payment_status"]) == ("complete", "unpaid")


def test_expired_and_unknown_sessions_cannot_be_paid(session: Any, stripe_sandbox: StripeSandbox) -> None:
    stripe_sandbox.act("expire", session["id"])
    expired = press(session, "pay")
    unknown = requests.get(f"{stripe_sandbox.base_url}/c/pay/cs_test_unknown", timeout=5)
    assert (expired.status_code, unknown.status_code) == (410, 404)
    assert stripe_sandbox.ledger()["captures"] == {}
