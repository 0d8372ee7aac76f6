"""Checkout Sessions: https://docs.stripe.com/api/checkout/sessions."""

from typing import Any

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.answers import EXPAND, retrieve
from sandbox.stripe.errors import StripeError
from sandbox.stripe.events import emit
from sandbox.stripe.identifiers import new
from sandbox.stripe.parameters import Boolean, Choice, Currency, Email, Fields, Integer, ListOf, Metadata, Text, Url

SHORTEST_LIFE = 30 * 60
LONGEST_LIFE = 24 * 60 * 60
# Stripe takes no less than 50 cents; the sandbox doesn't convert currencies.
SMALLEST_TOTAL = 50
LARGEST_TOTAL = 99_999_999

PRODUCT = Fields(
    required=True,
    known={
        "name": Text(required=True),
        "description": Text(),
        "metadata": Metadata(),
        "images": ListOf(item=Url(), most=8),
        "tax_code": Text(),
        "unit_label": Text(longest=12),
    },
)
PRICE = Fields(
    required=True,
    known={
        "currency": Currency(required=True),
        "unit_amount": Integer(required=True),
        "product_data": PRODUCT,
        "tax_behavior": Choice(values=("exclusive", "inclusive", "unspecified")),
    },
)
LINE = Fields(known={"price_data": PRICE, "quantity": Integer(required=True, least=1), "metadata": Metadata()})
CREATE = Fields(
    known={
        "mode": Choice(required=True, values=("payment",)),
        "ui_mode": Choice(values=("hosted_page",)),
        "success_url": Url(required=True),
        "cancel_url": Url(),
        "line_items": ListOf(required=True, item=LINE),
        "allowed_payment_method_types": ListOf(item=Choice(values=("card", "link", "paypal", "klarna", "sepa_debit"))),
        "billing_address_collection": Choice(values=("auto", "required")),
        "client_reference_id": Text(longest=200),
        "currency": Currency(),
        "customer_creation": Choice(values=("always", "if_required")),
        "customer_email": Email(),
        "expires_at": Integer(),
        "locale": Text(longest=6),
        "metadata": Metadata(),
        "submit_type": Choice(values=("auto", "book", "donate", "pay")),
        "adaptive_pricing": Fields(known={"enabled": Boolean(required=True)}),
        "payment_intent_data": Fields(
            known={
                "description": Text(longest=1000),
                "metadata": Metadata(),
                "receipt_email": Email(),
                "statement_descriptor": Text(longest=22),
                "statement_descriptor_suffix": Text(longest=22),
            }
        ),
        "payment_method_options": Fields(
            known={"card": Fields(known={"request_three_d_secure": Choice(values=("any", "automatic", "challenge"))})}
        ),
        **EXPAND,
    }
)


def _line(raw: dict[str, Any], created: int) -> Document:
    price = raw["price_data"]
    amount = price["unit_amount"] * raw["quantity"]
    return {
        "id": new("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": raw.get("metadata", {}),
        "price": {
            "id": new("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": created,
            "currency": price["currency"],
            "livemode": False,
            "metadata": {},
            "product": new("prod", 14),
            "tax_behavior": price.get("tax_behavior", "unspecified"),
            "type": "one_time",
            "unit_amount": price["unit_amount"],
            "unit_amount_decimal": str(price["unit_amount"]),
        },
        "quantity": raw["quantity"],
    }


def _currency_and_total(lines: list[Document], wished: str | None) -> tuple[str, int]:
    if not lines:
        raise StripeError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    currencies = {line["currency"] for line in lines} | ({wished} if wished else set())
    if len(currencies) > 1:
        raise StripeError("All line items must have the same currency.", param="line_items")
    total = sum(line["amount_total"] for line in lines)
    if total < SMALLEST_TOTAL:
        message = "The total amount of a Checkout Session must be at least 50 cents."
        raise StripeError(message, code="amount_too_small", param="line_items")
    if total > LARGEST_TOTAL:
        raise StripeError("The total amount is too large.", code="amount_too_large", param="line_items")
    return currencies.pop(), total


def _expiry(wished: int | None, now: int) -> int:
    if wished is None:
        return now + LONGEST_LIFE
    if wished < now + SHORTEST_LIFE:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise StripeError(message, param="expires_at")
    if wished > now + LONGEST_LIFE:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise StripeError(message, param="expires_at")
    return wished


def create(sandbox: Provider, wishes: dict[str, Any]) -> Document:
    """A session that can be paid until `expires_at`; amounts in minor units. Raises StripeError."""
    now = sandbox.clock.now()
    lines = [_line(raw, now) for raw in wishes["line_items"]]
    currency, total = _currency_and_total(lines, wishes.get("currency"))
    allowed = wishes.get("allowed_payment_method_types")
    identifier = new("cs_test", 58)
    return sandbox.objects.add(
        "checkout.session",
        {
            "id": identifier,
            "object": "checkout.session",
            "adaptive_pricing": wishes.get("adaptive_pricing", {"enabled": False}),
            "after_expiration": None,
            "allow_promotion_codes": None,
            "allowed_payment_method_types": allowed,
            "amount_subtotal": total,
            "amount_total": total,
            "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
            "billing_address_collection": wishes.get("billing_address_collection"),
            "cancel_url": wishes.get("cancel_url"),
            "client_reference_id": wishes.get("client_reference_id"),
            "client_secret": None,  # nosec B105: no secret
            "consent": None,
            "consent_collection": None,
            "created": now,
            "currency": currency,
            "custom_fields": [],
            "customer": None,
            "customer_creation": wishes.get("customer_creation", "if_required"),
            "customer_details": _details(wishes.get("customer_email")),
            "customer_email": wishes.get("customer_email"),
            "expires_at": _expiry(wishes.get("expires_at"), now),
            "invoice": None,
            "livemode": False,
            "locale": wishes.get("locale"),
            "metadata": wishes.get("metadata", {}),
            "mode": "payment",
            "payment_intent": None,
            "payment_link": None,
            "payment_method_options": wishes.get("payment_method_options", {}),
            "payment_method_types": allowed or ["card"],
            "payment_status": "unpaid",
            "phone_number_collection": {"enabled": False},
            "recovered_from": None,
            "setup_intent": None,
            "shipping_address_collection": None,
            "shipping_cost": None,
            "shipping_options": [],
            "status": "open",
            "submit_type": wishes.get("submit_type"),
            "subscription": None,
            "success_url": wishes["success_url"],
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            "ui_mode": "hosted_page",
            "url": f"{sandbox.base_url}/c/pay/{identifier}",
            "_line_items": lines,
            "_payment_intent_data": wishes.get("payment_intent_data", {}),
        },
    )


def _details(email: str | None) -> Document | None:
    if email is None:
        return None
    return {"address": None, "email": email, "name": None, "phone": None, "tax_exempt": None, "tax_ids": None}


def expire(sandbox: Provider, identifier: str) -> Document:
    """Closes an open session; what its buyer began is cancelled. Raises StripeError when it isn't open."""
    session = retrieve(sandbox, "checkout.session", identifier, param="session")
    if session["status"] != "open":
        message = f"Only an open Checkout Session can be expired. This one is {session['status']}."
        raise StripeError(message, param="session", saved=True)
    return _expire(sandbox, session)


def _expire(sandbox: Provider, session: Document) -> Document:
    if session["payment_intent"]:
        intent = retrieve(sandbox, "payment_intent", session["payment_intent"])
        intent |= {
            "status": "canceled",
            "canceled_at": sandbox.clock.now(),
            "cancellation_reason": "expired",
            "next_action": None,
        }
        sandbox.objects.save(intent)
        emit(sandbox, "payment_intent.canceled", intent)
    session |= {"status": "expired", "url": None}
    sandbox.objects.save(session)
    emit(sandbox, "checkout.session.expired", session)
    return session


def expire_due(sandbox: Provider) -> None:
    """Expires the sessions whose time is over."""
    rows = sandbox.database.rows(
        "SELECT id FROM objects WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open' "
        "AND json_extract(body, '$.expires_at') <= ?",
        sandbox.clock.now(),
    )
    for row in rows:
        _expire(sandbox, retrieve(sandbox, "checkout.session", row["id"]))
