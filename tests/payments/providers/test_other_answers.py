"""What real providers answer and the sandboxes don't: fields that are missing, other shapes, lists without an end."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from payments import settlement, statements, webhooks
from payments.models import Refund, WebhookEvent
from payments.providers import paypal_objects, paypal_statement, stripe_objects
from payments.providers.base import NoAnswer, ProviderError
from payments.providers.paypal import PayPal
from payments.providers.stripe import Stripe
from sandbox.server import Request, Response, Server, answer_json
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
SESSION: dict[str, Any] = {
    "id": "cs_1",
    "object": "checkout.session",
    "status": "complete",
    "payment_status": "paid",
    "amount_total": 11900,
    "currency": "eur",
    "client_reference_id": "AO-1-1",
    "livemode": False,
    "customer_details": {"address": {"country": "DE"}},
    "payment_intent": {
        "id": "pi_1",
        "status": "succeeded",
        "amount_received": 11900,
        "currency": "eur",
        "latest_charge": {"id": "ch_1", "billing_details": {"address": {"country": "DE"}}},
    },
}


def session(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(SESSION) | changes


@pytest.mark.parametrize(
    ("document", "state", "amount", "country"),
    [
        (session(), "captured", "119.00", "DE"),
        (session(payment_intent="pi_1"), "captured", "119.00", "DE"),  # `expand` was ignored
        (session(payment_intent=SESSION["payment_intent"] | {"latest_charge": "ch_1"}), "captured", "119.00", "DE"),
        (session(payment_intent=None), "captured", "119.00", "DE"),
        (session(payment_status="no_payment_required", amount_total=0, payment_intent=None), "captured", "0.00", "DE"),
        (session(payment_status="unpaid", payment_intent=None), "processing", "119.00", "DE"),
        (session(status=None, payment_status="unpaid", payment_intent=None), "requires_action", "119.00", "DE"),
        (session(status="expired"), "captured", "119.00", "DE"),  # the money counts
        (session(customer_details=None, payment_intent="pi_1"), "captured", "119.00", ""),
        (session(customer_details={"address": None}, payment_intent="pi_1"), "captured", "119.00", ""),
        (session(a_new_field={"of": ["a", "later", "version"]}), "captured", "119.00", "DE"),
    ],
)
def test_a_session_in_another_shape(document: dict[str, Any], state: str, amount: str, country: str) -> None:
    read = stripe_objects.snapshot_of(document)
    assert (read.state, read.amount, read.country, read.currency) == (state, Decimal(amount), country, "EUR")


def risky(**outcome: Any) -> dict[str, Any]:
    """A session whose charge bears Stripe's outcome, and the card's own word and country."""
    card = {"country": "US", "fingerprint": "Xt5EWLLDS7FJjR1c"}
    charge = {"id": "ch_1", "outcome": outcome, "payment_method_details": {"card": card}}
    return session(payment_intent=SESSION["payment_intent"] | {"latest_charge": charge})


@pytest.mark.parametrize(
    ("outcome", "risk"),
    [
        ({"risk_level": "normal", "risk_score": 12}, ""),
        ({"risk_level": "normal", "risk_score": 99}, ""),  # the level is Stripe's own reading of the score
        ({"risk_level": "elevated"}, "elevated"),
        ({"risk_level": "highest", "risk_score": 80}, "highest"),
        ({"risk_level": "not_assessed", "risk_score": None}, ""),
        ({"risk_level": "unknown", "risk_score": 64}, ""),
        ({"risk_score": 65}, "elevated"),
        ({"risk_score": 75}, "highest"),
        ({"type": "manual_review", "risk_level": "normal"}, "elevated"),
        ({}, ""),
    ],
)
def test_what_stripe_makes_of_a_payment_s_risk(outcome: dict[str, Any], risk: str) -> None:
    read = stripe_objects.snapshot_of(risky(**outcome))
    assert (read.risk, read.card, read.account_country) == (risk, "Xt5EWLLDS7FJjR1c", "US")


def test_a_charge_without_card_or_outcome_says_nothing_of_risk() -> None:
    read = stripe_objects.snapshot_of(session(payment_intent="pi_1"))
    assert (read.risk, read.card, read.is_unprotected) == ("", "", False)


def test_a_refund_that_names_only_its_charge() -> None:
    """As in Stripe's own example of one; its state may be empty."""
    made = {
        "id": "re_1",
        "object": "refund",
        "amount": 100,
        "currency": "eur",
        "charge": "ch_1",
        "payment_intent": None,
    }
    read = stripe_objects.refund_snapshot_of(made | {"status": None, "metadata": None})
    assert (read.payment, read.state, read.refund) == (("stripe_charge", "ch_1"), "submitted", None)
    neither = stripe_objects.refund_snapshot_of(made | {"charge": None, "status": "succeeded", "metadata": {}})
    assert (neither.payment, neither.state) == (None, "succeeded")


@pytest.mark.parametrize(
    ("status", "booked", "is_withdrawn"),
    [
        ("needs_response", [], False),
        ("needs_response", [{"amount": -100}], True),
        ("lost", [], True),
        ("lost", None, True),
        ("won", [{"amount": -100}, {"amount": 100}], False),
        ("warning_closed", [], False),
    ],
)
def test_a_dispute_that_names_no_bookings(status: str, booked: Any, is_withdrawn: bool) -> None:
    found = {
        "id": "du_1",
        "object": "dispute",
        "amount": 100,
        "currency": "eur",
        "charge": "ch_1",
        "created": 1,
        "status": status,
        "balance_transactions": booked,
    }
    read = stripe_objects.dispute_snapshot_of(found)
    assert (read.is_withdrawn, read.payment, read.respond_by) == (is_withdrawn, ("stripe_charge", "ch_1"), None)


def test_a_charge_that_took_nothing_may_lack_what_it_never_had() -> None:
    assert stripe_objects.entry_of_charge({"id": "ch_1", "object": "charge", "status": "failed"}) is None


def order(**capture: Any) -> dict[str, Any]:
    """PayPal's order with one capture, as sparse as its description allows."""
    money = {"currency_code": "EUR", "value": "119.00"}
    made = {"id": "C1", "status": "COMPLETED", "amount": money, "final_capture": True} | capture
    made = {name: value for name, value in made.items() if value is not None}
    unit = {"reference_id": "default", "amount": money, "payments": {"captures": [made]}}
    return {"id": "O1", "status": "COMPLETED", "purchase_units": [unit]}


@pytest.mark.parametrize(
    ("document", "state", "problem"),
    [
        (order(), "captured", ""),
        (order(amount=None), "captured", ""),
        (order(status="PENDING", status_details={"reason": "PENDING_REVIEW"}), "processing", "PENDING_REVIEW"),
        (order(status="PENDING", status_details=None), "processing", ""),
        (
            order(status="PENDING", status_details={"reason": "NEW_REASON"}),
            "processing",
            "NEW_REASON",
        ),
        (order(status="A_STATE_OF_NEXT_YEAR"), "processing", ""),
        (order(status="DECLINED"), "failed", ""),
        (order(status="REFUNDED", seller_receivable_breakdown={"gross_amount": {}}), "captured", ""),
    ],
)
def test_an_order_in_another_shape(document: dict[str, Any], state: str, problem: str) -> None:
    read = paypal_objects.snapshot_of(document, is_live=False)
    assert (read.state, read.amount, read.currency, read.problem) == (state, 119, "EUR", problem)
    assert read.references == {"paypal_order": "O1", "paypal_capture": "C1"}


@pytest.mark.parametrize(
    ("changes", "risk", "is_unprotected"),
    [
        ({}, "", False),
        ({"seller_protection": {"status": "ELIGIBLE"}}, "", False),
        ({"seller_protection": {"status": "PARTIALLY_ELIGIBLE"}}, "", False),
        ({"seller_protection": {"status": "NOT_ELIGIBLE"}}, "", True),
        ({"processor_response": {"avs_code": "Y", "cvv_code": "M"}}, "", False),
        ({"processor_response": {"avs_code": "N"}}, "elevated", False),
        ({"processor_response": {"cvv_code": "N"}}, "elevated", False),
    ],
)
def test_what_paypal_says_of_a_payment_s_risk(changes: dict[str, Any], risk: str, is_unprotected: bool) -> None:
    read = paypal_objects.snapshot_of(order(**changes), is_live=False)
    assert (read.risk, read.is_unprotected, read.card) == (risk, is_unprotected, "")


def test_the_last_of_several_captures_counts() -> None:
    """The buyer's first instrument was declined, the second one was taken."""
    found = order()
    captures = found["purchase_units"][0]["payments"]["captures"]
    captures.insert(0, {"id": "C0", "status": "DECLINED"})
    assert paypal_objects.snapshot_of(found, is_live=False).state == "captured"


def test_a_refund_without_links_or_mark() -> None:
    made = {"id": "R1", "status": "COMPLETED", "amount": {"currency_code": "EUR", "value": "1.00"}}
    read = paypal_objects.refund_snapshot_of(made | {"custom_id": None, "links": None})
    assert (read.refund, read.payment, read.state) == (None, None, "succeeded")


DISPUTE = {
    "dispute_id": "PP-D-1",
    "status": "WAITING_FOR_SELLER_RESPONSE",
    "dispute_amount": {"currency_code": "EUR", "value": "9.00"},
    "create_time": "2026-11-26T12:00:00.000Z",
}


@pytest.mark.parametrize("transactions", [None, [], [{}], [{"buyer_transaction_id": "B1"}]])
def test_a_dispute_about_no_payment_of_ours_is_somebody_else_s(transactions: Any, settings: Any) -> None:
    """It can't be looked up, and stops no list."""
    entry = paypal_objects.entry_of_dispute(DISPUTE | {"disputed_transactions": transactions})
    assert entry.payment == ("paypal_capture", "")
    assert statements._is_in_books(PayPal(), entry)


def test_a_transaction_of_another_kind_may_lack_its_amount() -> None:
    info = {"transaction_id": "T1", "transaction_event_code": "T0400", "transaction_status": "S"}
    assert paypal_objects.entry_of_transaction(info) is None


# --- Lists ------------------------------------------------------------------------------------------------------------

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def elsewhere(settings: Any) -> Any:
    """A server that is no sandbox of ours: `answer` is what it says to every request."""
    said: dict[str, Any] = {"requests": []}

    def answer(request: Request) -> Response:
        said["requests"].append(f"{request.method} {request.path}")
        if request.path == "/v1/oauth2/token":
            return answer_json({"access_token": "t", "token_type": "Bearer", "expires_in": 32400})
        return said["answer"](request)  # type: ignore[no-any-return]

    server = Server(0, answer)
    server.start()
    settings.STRIPE_API_BASE = settings.PAYPAL_API_BASE = server.base_url
    settings.STRIPE_SECRET_KEY, settings.PROVIDER_TIMEOUT = "sk_test_other", 5.0
    settings.PAYPAL_CLIENT_ID = settings.PAYPAL_CLIENT_SECRET = "other"
    yield said
    server.stop()


def pages(*documents: dict[str, Any]) -> Callable[[Request], Response]:
    """A page a document; the last one says that no more follow, or leaves that out."""

    def answer(request: Request) -> Response:
        asked = dict(request.query).get("starting_after")
        place = next((at + 1 for at, one in enumerate(documents) if one["id"] == asked), 0)
        page: dict[str, Any] = {"object": "list", "data": list(documents[place : place + 1])}
        return answer_json(page | ({"has_more": True} if place + 1 < len(documents) else {}))

    return answer


def test_every_page_is_read_also_where_the_last_one_says_nothing(elsewhere: Any) -> None:
    warnings = [{"id": f"issfr_{number}", "object": "radar.early_fraud_warning"} for number in range(3)]
    elsewhere["answer"] = pages(*warnings)
    found = list(Stripe().fraud_warnings(SINCE, SINCE + timedelta(days=1)))
    assert [notice.object_id for notice in found] == ["issfr_0", "issfr_1", "issfr_2"]


def test_a_list_without_an_end_is_no_answer(elsewhere: Any) -> None:
    """The provider, or what stands before it, ignores from where it is to go on."""
    elsewhere["answer"] = lambda _request: answer_json(
        {"object": "list", "data": [{"id": "issfr_1"}], "has_more": True}
    )
    with pytest.raises(NoAnswer, match="endless_list"):
        list(Stripe().fraud_warnings(SINCE, SINCE + timedelta(days=1)))
    elsewhere["answer"] = lambda request: answer_json(
        {"items": [], "links": [{"rel": "next", "href": f"https://paypal.example{request.path}?page=2"}]}
    )
    with pytest.raises(NoAnswer, match="endless_list"):
        list(paypal_statement._disputes(SINCE, SINCE + timedelta(days=1)))


@pytest.mark.parametrize("provider", [Stripe, PayPal])
def test_too_many_requests_are_asked_once_more_and_then_later(elsewhere: Any, provider: type) -> None:
    """`Retry-After` is for whoever waits; a buyer doesn't, and the timetable comes again."""
    elsewhere["answer"] = lambda _request: Response(
        429, b'{"name": "RATE_LIMIT_REACHED", "error": {"code": "rate_limit"}}', {"Retry-After": "60"}
    )
    with pytest.raises(ProviderError) as caught:
        provider().fetch_refund("re_1")
    assert not caught.value.permanent
    assert len([one for one in elsewhere["requests"] if "oauth2" not in one]) == 2


# --- Events -----------------------------------------------------------------------------------------------------------


def test_a_refund_of_which_only_the_charge_s_event_tells_is_taken_in(stripe_sandbox: Any, client: Client) -> None:
    """Endpoints of older versions of the interface get `charge.refunded` and no event of the refund."""
    till = Till("stripe", stripe_sandbox)
    attempt = paying.paid(till, client)
    till.sandbox.act("refund", attempt.reference("stripe_session"), amount=1900)
    event = WebhookEvent.objects.create(
        provider="stripe", event_id="evt_1", kind="charge.refunded", object_id=attempt.reference("stripe_charge")
    )
    webhooks.handle(event)
    refund = Refund.objects.get()
    assert (refund.amount, refund.state, refund.kind) == (19, "succeeded", "amount")
    event.refresh_from_db()
    assert event.handled_at is not None


def test_a_payment_that_bears_another_shop_s_mark_pays_nothing_here(till: Till, settings: Any) -> None:
    """Two installations on one account with equal numbers share idempotency keys: PayPal answers with the other's
    order. Nothing of it is taken; what was taken waits for a person."""
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    settings.INSTALLATION = "another.example"
    settlement.look(attempt)
    is_taken = till.name == "stripe"  # by the provider itself
    assert paying.states(attempt) == ("captured" if is_taken else "requires_action", "on_hold", [])
    assert till.captured() == ({"EUR": 11900} if is_taken else {})
