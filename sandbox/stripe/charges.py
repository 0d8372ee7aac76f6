"""Charges: one attempt to take money from a card, https://docs.stripe.com/api/charges."""

import hashlib
from dataclasses import dataclass, field

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.identifiers import new


@dataclass(frozen=True)
class Payer:
    """Who pays, as typed on the hosted page. `card` overrides `country`, `brand`, `last4` and `fingerprint`.

    `risk` is what Radar says of the payment: normal, elevated or highest.
    """

    country: str = "DE"
    name: str = "Sandbox Buyer"
    email: str | None = None
    card: dict[str, str] = field(default_factory=dict)
    risk: str = "normal"


def _card(payer: Payer, *, authenticated: bool) -> Document:
    last4 = payer.card.get("last4", "4242")
    country = payer.card.get("country", payer.country)
    # The same card always has the same fingerprint; that is what fraud rules look for.
    fingerprint = hashlib.sha256(f"{country}{last4}".encode()).hexdigest()[:16]
    return {
        "amount_authorized": None,
        "brand": payer.card.get("brand", "visa"),
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": country,
        "exp_month": 12,
        "exp_year": 2040,
        "fingerprint": payer.card.get("fingerprint", fingerprint),
        "funding": "credit",
        "last4": last4,
        "network": payer.card.get("brand", "visa"),
        "three_d_secure": {
            "authentication_flow": "challenge",
            "electronic_commerce_indicator": "05",
            "exemption_indicator": None,
            "result": "authenticated",
            "result_reason": None,
            "transaction_id": new("3ds"),
            "version": "2.2.0",
        }
        if authenticated
        else None,
        "wallet": None,
    }


def billing_details(payer: Payer, email: str | None) -> Document:
    address = {"city": None, "country": payer.country, "line1": None, "line2": None, "postal_code": None, "state": None}
    return {"address": address, "email": email, "name": payer.name, "phone": None, "tax_id": None}


def add(
    sandbox: Provider, intent: Document, payer: Payer, *, status: str, email: str | None, authenticated: bool
) -> Document:
    """A new charge of the intent's whole amount; the intent points at it."""
    paid = status == "succeeded"
    identifier = new("ch")
    intent |= {"latest_charge": identifier, "payment_method": new("pm")}
    return sandbox.objects.add(
        "charge",
        {
            "id": identifier,
            "object": "charge",
            "amount": intent["amount"],
            "amount_captured": intent["amount"] if paid else 0,
            "amount_refunded": 0,
            "application": None,
            "application_fee": None,
            "application_fee_amount": None,
            "balance_transaction": None,
            "billing_details": billing_details(payer, email),
            "calculated_statement_descriptor": "SANDBOX",
            "captured": paid,
            "created": sandbox.clock.now(),
            "currency": intent["currency"],
            "customer": None,
            "description": intent["description"],
            "disputed": False,
            "failure_balance_transaction": None,
            "failure_code": None,
            "failure_message": None,
            "fraud_details": {},
            "livemode": False,
            "metadata": intent["metadata"],
            "on_behalf_of": None,
            "outcome": outcome_of(status, payer.risk),
            "paid": paid,
            "payment_intent": intent["id"],
            "payment_method": intent["payment_method"],
            "payment_method_details": {"card": _card(payer, authenticated=authenticated), "type": "card"},
            "receipt_email": intent["receipt_email"],
            "receipt_number": None,
            "receipt_url": None,
            "refunded": False,
            "review": None,
            "shipping": None,
            "source_transfer": None,
            "statement_descriptor": intent["statement_descriptor"],
            "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
            "status": status,
            "transfer_data": None,
            "transfer_group": None,
        },
        parent=intent["id"],
    )


#: A score that fits each level.
SCORES = {"normal": 12, "elevated": 68, "highest": 91}


def outcome_of(status: str, risk: str = "normal") -> Document:
    failed = status == "failed"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if failed else "approved_by_network",
        "reason": "generic_decline" if failed else None,
        "risk_level": risk,
        "risk_score": SCORES[risk],
        "seller_message": "The bank declined." if failed else "Payment complete.",
        "type": "issuer_declined" if failed else "authorized",
    }
