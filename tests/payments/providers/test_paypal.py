"""What goes out to PayPal: what P10 allows, in the shape that PayPal's own description asks for."""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from payments import refund_submission, refunds
from payments.models import Attempt, Refund
from payments.providers.paypal import PayPal
from sandbox.server import Request, Response, Server
from shop import orders
from shop.models import Order
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parents[3]
UNIT, PAYER = "purchase_units[].", "payment_source.paypal."
CONTEXT = f"{PAYER}experience_context."
#: P10: "the purchase total and billing information", and what ties the two sides together.
ALLOWED_ORDER = {
    "intent",
    f"{UNIT}custom_id",
    f"{UNIT}invoice_id",
    f"{UNIT}amount.currency_code",
    f"{UNIT}amount.value",
    *(
        f"{UNIT}amount.breakdown.{part}.{field}"
        for part in ("item_total", "tax_total")
        for field in ("currency_code", "value")
    ),
    f"{PAYER}name.given_name",
    f"{PAYER}name.surname",
    f"{PAYER}email_address",
    *(
        f"{PAYER}address.{part}"
        for part in ("address_line_1", "admin_area_1", "admin_area_2", "postal_code", "country_code")
    ),
    *(f"{CONTEXT}{part}" for part in ("brand_name", "user_action", "shipping_preference", "return_url", "cancel_url")),
}
ALLOWED_REFUND = {"amount.currency_code", "amount.value", "custom_id"}


def fields(value: Any, path: str = "") -> Iterator[str]:
    """The path of every value in a body."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from fields(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, f"{path}[]")
    else:
        yield path


@pytest.fixture(scope="module")
def specs() -> Path:
    folder = Path(os.environ.get("PROVIDER_SPECS", PROJECT.parent / "shared" / "specs"))
    if not folder.is_dir():
        pytest.skip(f"No interface descriptions in {folder}; set PROVIDER_SPECS to compare with them.")
    return folder


def validator(specs: Path, name: str, schema: str) -> Any:
    document = json.loads((specs / "paypal" / name).read_text())
    # OpenAPI 3.0 is a dialect of draft 4.
    return jsonschema_rs.Draft4Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
    )


def complete() -> Order:
    """An order in which every column that names or describes the buyer is filled."""
    placed = paying.order(3, delivery_email="elsewhere@example.com")
    party = placed.party
    party.name, party.company, party.vat_number = "Ada King Lovelace", "Analytical Engines Ltd", "DE281430967"
    party.purchase_order, party.street, party.city = "PO-77", "Am Sandtorkai 41", "Hamburg"
    party.postal_code, party.region, party.browser_family = "20457", "HH", "Firefox"
    party.save()
    return placed


@pytest.fixture
def heard(paypal_sandbox: Any, settings: Any) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Every body that goes out to PayPal, with the last part of its path, on the way to the sandbox."""
    bodies: list[tuple[str, dict[str, Any]]] = []

    def listen(request: Request) -> Response | None:
        if request.path.startswith("/v2/") and request.method != "GET":
            bodies.append((request.path.rsplit("/", 1)[-1], json.loads(request.body)))
        answer: Response | None = paypal_sandbox.provider.handle(request)
        return answer

    server = Server(0, listen)
    server.start()
    settings.PAYPAL_API_BASE = server.base_url
    yield bodies
    server.stop()


def body() -> dict[str, Any]:
    placed = complete()
    return PayPal().parameters(placed, Attempt(order=placed, number=1))


@pytest.mark.promise("P10")
def test_an_order_holds_what_p10_allows_and_nothing_else(paypal_sandbox: Any) -> None:
    sent = body()
    assert set(fields(sent)) == ALLOWED_ORDER
    text = json.dumps(sent)
    for secret in ("Analytical", "DE2814", "PO-77", "elsewhere@", "Firefox", "Tool"):
        assert secret not in text


def test_an_order_has_the_shape_that_paypal_describes(paypal_sandbox: Any, specs: Path) -> None:
    schema = validator(specs, "checkout_orders_v2.json", "order_request")
    assert [str(error) for error in schema.iter_errors(body())] == []
    assert not schema.is_valid({})


def test_an_order_of_little_information_is_as_right(paypal_sandbox: Any, specs: Path) -> None:
    placed = paying.order()
    placed.party.name, placed.party.email = "Ada", "ädä@example.com"
    sent = PayPal().parameters(placed, Attempt(order=placed, number=1))
    assert sent["payment_source"]["paypal"]["name"] == {"surname": "Ada"}
    assert "email_address" not in sent["payment_source"]["paypal"]
    assert validator(specs, "checkout_orders_v2.json", "order_request").is_valid(sent)


def test_the_parts_of_the_amount_sum_to_the_total(paypal_sandbox: Any) -> None:
    placed = complete()
    (unit,) = body()["purchase_units"]
    parts = [Decimal(part["value"]) for part in unit["amount"]["breakdown"].values()]
    assert (unit["amount"]["value"], sum(parts)) == ("357.00", placed.total)


@pytest.mark.promise("P10")
def test_a_whole_purchase_and_its_refund_send_nothing_else(
    paypal_sandbox: Any, heard: list[tuple[str, dict[str, Any]]], specs: Path, client: Client
) -> None:
    attempt = paying.paid(Till("paypal", paypal_sandbox), client, complete())
    refunds.request_amount(attempt, Decimal("19.00"), by=None, reason="She wrote twice.")
    refund_submission.submit_due()
    assert Refund.objects.get().state == "succeeded"
    allowed = {"orders": ALLOWED_ORDER, "capture": set(), "refund": ALLOWED_REFUND}
    assert {name: set(fields(body)) for name, body in heard} == allowed
    schema = validator(specs, "payments_payment_v2.json", "refund_request")
    assert [str(error) for error in schema.iter_errors(heard[-1][1])] == []


def test_the_way_back_is_the_order_s(paypal_sandbox: Any, settings: Any) -> None:
    placed = complete()
    sent = PayPal().parameters(placed, Attempt(order=placed, number=2))
    context = sent["payment_source"]["paypal"]["experience_context"]
    assert context["return_url"] == f"http://testserver/payments/return/paypal/{orders.token(placed)}/"
    assert (context["shipping_preference"], context["user_action"]) == ("NO_SHIPPING", "PAY_NOW")
    assert sent["purchase_units"][0]["invoice_id"] == f"{placed.number}-2@{settings.INSTALLATION}"


@pytest.mark.parametrize(
    ("base", "live"),
    [("https://api-m.paypal.com", True), ("https://api-m.sandbox.paypal.com", False), ("http://127.0.0.1:1", False)],
)
def test_money_is_real_at_paypal_s_live_address_only(settings: Any, base: str, live: bool) -> None:
    settings.PAYPAL_API_BASE = base
    assert PayPal().is_live() is live


def test_an_order_that_paypal_has_forgotten_has_expired(paypal_sandbox: Any) -> None:
    attempt, identifier = paying.begun(Till("paypal", paypal_sandbox))
    paypal_sandbox.act("expire", identifier)
    assert PayPal().fetch(attempt).state == "expired"


def test_a_capture_that_was_made_already_is_looked_at(paypal_sandbox: Any) -> None:
    attempt, identifier = paying.begun(Till("paypal", paypal_sandbox))
    assert PayPal().capture(attempt).state == "requires_action"
    paypal_sandbox.approve(identifier)
    first = PayPal().capture(attempt)
    assert (first.state, first.amount, first.country) == ("captured", Decimal("119.00"), "US")
    paypal_sandbox.advance(7 * 3600)  # the idempotency key is forgotten, the token has ended
    assert PayPal().capture(attempt) == first
