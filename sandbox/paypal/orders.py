"""Orders v2: https://developer.paypal.com/docs/api/orders/v2/."""

from dataclasses import dataclass
from typing import Any

from sandbox.clock import iso
from sandbox.objects import Document, shown
from sandbox.paypal import fields
from sandbox.paypal.amounts import check_unit, minor
from sandbox.paypal.captures import capture_order, shown_capture, shown_refund
from sandbox.paypal.errors import PayPalError
from sandbox.paypal.events import emit
from sandbox.paypal.identifiers import MERCHANT_EMAIL, MERCHANT_ID, new, payer_id
from sandbox.provider import Provider

# What the buyer has decided; kept on the order until it is captured.
OUTCOMES = ("paid", "declined", "pending")
PROTECTIONS = ("ELIGIBLE", "PARTIALLY_ELIGIBLE", "NOT_ELIGIBLE")
APPROVABLE = ("CREATED", "PAYER_ACTION_REQUIRED", "APPROVED")


@dataclass(frozen=True)
class Payer:
    """The PayPal account that pays. `protection` is what PayPal's seller protection says of the payment."""

    country: str = "US"
    name: str = "Sandbox Buyer"
    email: str = "buyer@example.com"
    protection: str = "ELIGIBLE"

    def split_name(self) -> Document:
        given, _, surname = self.name.strip().partition(" ")
        return {"given_name": given or "Sandbox", "surname": surname or "Buyer"}

    def document(self) -> Document:
        return {
            "name": self.split_name(),
            "email_address": self.email,
            "payer_id": payer_id(self.email),
            "address": {"country_code": self.country},
        }

    def source(self) -> Document:
        return {
            "paypal": {
                "email_address": self.email,
                "account_id": payer_id(self.email),
                "account_status": "VERIFIED",
                "name": self.split_name(),
                "address": {"country_code": self.country},
            }
        }


def find(sandbox: Provider, identifier: str) -> Document:
    """The stored order. Raises PayPalError 404."""
    order = sandbox.objects.find("order", identifier)
    if order is None:
        raise PayPalError("INVALID_RESOURCE_ID")
    return order


def create(sandbox: Provider, body: Any, *, has_request_id: bool) -> Document:
    """A new order that waits for its buyer. Raises PayPalError."""
    fields.ORDER.check(body)
    unit = body["purchase_units"][0]
    check_unit(unit, "/purchase_units/0")
    source = body.get("payment_source", {}).get("paypal")
    if source is not None and not has_request_id:
        raise PayPalError("PAYPAL_REQUEST_ID_REQUIRED")
    context = (source or {}).get("experience_context") or body.get("application_context", {})
    identifier, now = new(), iso(sandbox.clock.now())
    kept = ("description", "custom_id", "invoice_id", "soft_descriptor", "amount", "items")
    stored_unit = {name: unit[name] for name in kept if name in unit}
    return sandbox.objects.add(
        "order",
        {
            "id": identifier,
            "intent": "CAPTURE",
            "status": "CREATED" if source is None else "PAYER_ACTION_REQUIRED",
            "create_time": now,
            "update_time": now,
            **({} if source is None else {"payment_source": {"paypal": {}}}),
            "purchase_units": [
                {
                    "reference_id": unit.get("reference_id", "default"),
                    **stored_unit,
                    "payee": {"email_address": MERCHANT_EMAIL, "merchant_id": MERCHANT_ID},
                }
            ],
            "_context": context,
            "_minor": minor(unit["amount"], "/purchase_units/0/amount", zero=False),
        },
    )


def approve(sandbox: Provider, identifier: str, payer: Payer, outcome: str) -> Document:
    """The buyer agrees to pay. Raises PayPalError when the order is completed."""
    order = find(sandbox, identifier)
    if order["status"] not in APPROVABLE:
        raise PayPalError("ORDER_ALREADY_CAPTURED")
    order |= {
        "status": "APPROVED",
        "update_time": iso(sandbox.clock.now()),
        "payer": payer.document(),
        "payment_source": payer.source(),
        "_outcome": outcome,
        "_protection": payer.protection,
    }
    sandbox.objects.save(order)
    emit(sandbox, "CHECKOUT.ORDER.APPROVED", "checkout-order", represented(sandbox, order))
    return order


def capture(sandbox: Provider, identifier: str) -> Document:
    """Takes the money that the buyer agreed to. Raises PayPalError."""
    order = find(sandbox, identifier)
    if order["status"] == "COMPLETED":
        raise PayPalError("ORDER_ALREADY_CAPTURED")
    if order["status"] != "APPROVED":
        raise PayPalError("ORDER_NOT_APPROVED")
    if order["_outcome"] == "declined":
        again = {"href": approve_url(sandbox, order), "rel": "redirect", "method": "GET"}
        raise PayPalError("INSTRUMENT_DECLINED", links=[again])
    order |= {"status": "COMPLETED", "update_time": iso(sandbox.clock.now())}
    sandbox.objects.save(order)
    capture_order(sandbox, order, pending=order["_outcome"] == "pending")
    return order


def expire(sandbox: Provider, identifier: str) -> Document:
    """An order that nobody captured is gone after a while: PayPal answers 404. Raises PayPalError."""
    order = find(sandbox, identifier)
    if order["status"] == "COMPLETED":
        raise PayPalError("ORDER_ALREADY_CAPTURED")
    sandbox.objects.remove(identifier)
    return order


def approve_url(sandbox: Provider, order: Document) -> str:
    return f"{sandbox.base_url}/checkoutnow?token={order['id']}"


def _links(sandbox: Provider, order: Document) -> list[Document]:
    own = f"{sandbox.base_url}/v2/checkout/orders/{order['id']}"
    links = [{"href": own, "rel": "self", "method": "GET"}]
    if order["status"] == "PAYER_ACTION_REQUIRED":
        links.append({"href": approve_url(sandbox, order), "rel": "payer-action", "method": "GET"})
    elif order["status"] in {"CREATED", "APPROVED"}:
        links += [
            {"href": approve_url(sandbox, order), "rel": "approve", "method": "GET"},
            {"href": own, "rel": "update", "method": "PATCH"},
            {"href": f"{own}/capture", "rel": "capture", "method": "POST"},
        ]
    return links


def _payments(sandbox: Provider, order: Document) -> Document:
    captures = sandbox.objects.of("capture", parent=order["id"])
    refunds = [refund for made in captures for refund in sandbox.objects.of("refund", parent=made["id"])]
    lists = {
        "captures": [shown_capture(sandbox, made, inside_order=True) for made in captures],
        "refunds": [shown_refund(sandbox, made) for made in refunds],
    }
    return {name: made for name, made in lists.items() if made}


def represented(sandbox: Provider, order: Document) -> Document:
    """The whole order with its captures and refunds, as GET answers it."""
    unit = order["purchase_units"][0]
    payments = _payments(sandbox, order)
    units = [{**unit, "payments": payments}] if payments else [unit]
    return {**shown(order), "purchase_units": units, "links": _links(sandbox, order)}


def summarized(sandbox: Provider, order: Document) -> Document:
    """The short answer to POST without `Prefer: return=representation`."""
    whole = represented(sandbox, order)
    short: Document = {
        name: whole[name] for name in ("id", "status", "payment_source", "payer", "links") if name in whole
    }
    if order["status"] == "COMPLETED":
        unit = whole["purchase_units"][0]
        short["purchase_units"] = [{"reference_id": unit["reference_id"], "payments": unit["payments"]}]
    return short
