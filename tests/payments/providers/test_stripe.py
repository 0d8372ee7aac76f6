"""What goes out to Stripe, and how its objects are read."""

import copy
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import stripe

from payments import providers
from payments.models import Attempt
from payments.providers import stripe_transport
from payments.providers.base import NoAnswer, NotFound, ProviderError
from payments.providers.stripe import Stripe, _line_item
from payments.providers.stripe_objects import snapshot_of
from shop import orders
from shop.models import OrderLine
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db


def parameters(quantity: int = 2) -> dict[str, Any]:
    placed = paying.order(quantity)
    return Stripe().parameters(placed, Attempt(order=placed, number=3))


@pytest.mark.promise("P11a", "P11b")
def test_a_session_takes_cards_only_on_stripe_s_page_and_asks_for_the_billing_country() -> None:
    sent = parameters()
    assert sent["allowed_payment_method_types"] == ["card"]
    assert (sent["mode"], sent["billing_address_collection"], sent["locale"]) == ("payment", "required", "auto")
    assert "ui_mode" not in sent  # the hosted page is the default
    assert sent["adaptive_pricing"] == {"enabled": False}


def test_a_session_names_order_and_attempt_wherever_stripe_shows_them(settings: Any) -> None:
    placed = paying.order()
    settings.INSTALLATION = "testserver"
    sent = Stripe().parameters(placed, Attempt(order=placed, number=3))
    named = {"order": placed.number, "attempt": "3", "shop": "testserver"}
    assert sent["client_reference_id"] == f"{placed.number}-3"
    assert (sent["metadata"], sent["payment_intent_data"]) == (named, {"metadata": named})
    token = orders.token(placed)
    assert (
        sent["success_url"] == f"http://testserver/payments/return/stripe/{token}/?session_id={{CHECKOUT_SESSION_ID}}"
    )
    assert sent["cancel_url"] == f"http://testserver/payments/cancel/stripe/{token}/"


def test_amounts_are_minor_units_and_the_session_s_total_is_the_order_s(stripe_sandbox: Any) -> None:
    placed = paying.order(3)
    attempt, _ = paying.begun(Till("stripe", stripe_sandbox), placed)
    snapshot = providers.get("stripe").fetch(attempt)
    assert (snapshot.amount, snapshot.currency, snapshot.label) == (Decimal("357.00"), "EUR", attempt.label)


@pytest.mark.parametrize(
    ("total", "currency", "quantity", "expected"),
    [
        ("357.00", "EUR", 3, (11900, 3, "Tool Pro")),
        ("100.00", "EUR", 3, (10000, 1, "3 × Tool Pro")),
        ("0.00", "EUR", 2, (0, 2, "Tool Pro")),
        ("1000", "JPY", 1, (1000, 1, "Tool Pro")),
        ("1.230", "KWD", 1, (1230, 1, "Tool Pro")),
        ("100", "ISK", 1, (10000, 1, "Tool Pro")),
    ],
)
def test_a_line_keeps_its_total_in_any_currency(
    total: str, currency: str, quantity: int, expected: tuple[int, int, str]
) -> None:
    line = OrderLine(product_name="Tool", edition_name="Pro", quantity=quantity, total=Decimal(total))
    item = _line_item(line, currency)
    data = item["price_data"]
    assert (data["unit_amount"], item["quantity"], data["product_data"]["name"]) == expected
    assert data["currency"] == currency.lower()


@pytest.mark.parametrize(("key", "live"), [("sk_live_1", True), ("rk_live_1", True), ("sk_test_1", False), ("", False)])
def test_money_is_real_with_live_keys(settings: Any, key: str, live: bool) -> None:
    settings.STRIPE_SECRET_KEY = key
    assert Stripe().is_live() is live


PAID = {
    "id": "cs_1",
    "status": "complete",
    "payment_status": "paid",
    "client_reference_id": "AO-1-1",
    "amount_total": 11900,
    "currency": "eur",
    "livemode": True,
    "customer_details": {"address": {"country": "FR"}},
    "payment_intent": {
        "id": "pi_1",
        "status": "succeeded",
        "amount_received": 11800,
        "currency": "usd",
        "latest_charge": {"id": "ch_1", "billing_details": {"address": {"country": "DE"}}},
    },
}


def session(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(PAID) | changes


def test_the_money_itself_counts_and_not_what_the_session_asked_for() -> None:
    snapshot = snapshot_of(session())
    assert (snapshot.state, snapshot.amount, snapshot.currency) == ("captured", Decimal("118.00"), "USD")
    assert (snapshot.country, snapshot.is_live) == ("DE", True)
    assert dict(snapshot.references) == {"stripe_session": "cs_1", "stripe_payment": "pi_1", "stripe_charge": "ch_1"}


def test_objects_that_were_not_expanded_are_read_as_far_as_they_go() -> None:
    snapshot = snapshot_of(session(payment_intent="pi_1"))
    assert (snapshot.state, snapshot.amount, snapshot.currency) == ("captured", Decimal("119.00"), "EUR")
    assert (snapshot.country, dict(snapshot.references)) == ("FR", {"stripe_session": "cs_1", "stripe_payment": "pi_1"})


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"status": "open", "payment_status": "unpaid", "payment_intent": None}, "requires_action"),
        ({"status": "expired", "payment_status": "unpaid", "payment_intent": None}, "expired"),
        ({"payment_status": "no_payment_required", "payment_intent": None}, "captured"),
        ({"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "processing"}}, "processing"),
        ({"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "canceled"}}, "failed"),
        ({"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "requires_payment_method"}}, "failed"),
    ],
)
def test_each_state_of_a_session(changes: dict[str, Any], state: str) -> None:
    assert snapshot_of(session(**changes)).state == state


def test_stripe_s_own_example_of_a_session_can_be_read() -> None:
    folder = Path(os.environ.get("PROVIDER_SPECS", Path(__file__).resolve().parents[4] / "shared" / "specs"))
    if not folder.is_dir():
        pytest.skip(f"No interface descriptions in {folder}; set PROVIDER_SPECS to compare with them.")
    resources = json.loads((folder / "stripe" / "fixtures3.json").read_text())["resources"]
    example = resources["checkout.session"] | {"payment_intent": resources["payment_intent"], "currency": "eur"}
    assert snapshot_of(example).state == "requires_action"


@pytest.mark.parametrize(
    ("made", "kind", "permanent"),
    [
        (stripe.InvalidRequestError("no", "x", code="resource_missing", http_status=404), NotFound, True),
        (stripe.InvalidRequestError("no", "x", code="parameter_invalid", http_status=400), ProviderError, True),
        (stripe.IdempotencyError("other parameters", http_status=400), ProviderError, True),
        (stripe.APIError("in use", http_status=409), NoAnswer, False),
        (stripe.RateLimitError("slow down", http_status=429), ProviderError, False),
        (stripe.AuthenticationError("who", http_status=401), ProviderError, False),
        (stripe.APIError("broken", http_status=500), ProviderError, False),
        (stripe.APIConnectionError("gone"), NoAnswer, False),
    ],
)
def test_each_error_says_whether_to_try_again(made: Exception, kind: type[ProviderError], permanent: bool) -> None:
    def call() -> Any:
        raise made

    with pytest.raises(ProviderError) as caught:
        stripe_transport.ask(call)
    assert (type(caught.value), caught.value.permanent) == (kind, permanent)


def test_a_closed_session_is_looked_at_rather_than_closed_again(stripe_sandbox: Any) -> None:
    till = Till("stripe", stripe_sandbox)
    attempt, identifier = paying.begun(till)
    assert Stripe().cancel(attempt).state == "expired"
    assert Stripe().cancel(attempt).state == "expired"
    paid, identifier = paying.begun(till)
    till.agree(identifier)
    assert Stripe().cancel(paid).state == "captured"
