"""Payment intents and charges: what happens when a buyer pays, is declined or must authenticate."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.answers import retrieve
from sandbox.stripe.balance import post
from sandbox.stripe.errors import StripeError
from sandbox.stripe.events import emit
from sandbox.stripe.identifiers import new

DECLINED = ("card_declined", "generic_decline", "The card was declined.")
NOT_AUTHENTICATED = ("payment_intent_authentication_failure", None, "The buyer didn't pass the authentication.")
DENIED = ("payment_intent_payment_attempt_failed", None, "The payment failed.")
NO_AUTHENTICATION: Document = {}


@dataclass(frozen=True)
class Payer:
    """Who pays, as typed on the hosted page. `card` overrides `country`, `brand`, `last4` and `fingerprint`."""

    country: str = "DE"
    name: str = "Sandbox Buyer"
    email: str | None = None
    card: dict[str, str] = field(default_factory=dict)


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


def _billing(payer: Payer, email: str | None) -> Document:
    address = {"city": None, "country": payer.country, "line1": None, "line2": None, "postal_code": None, "state": None}
    return {"address": address, "email": email, "name": payer.name, "phone": None, "tax_id": None}


def open_session(sandbox: Provider, identifier: str) -> Document:
    """Raises StripeError when the session is complete or expired."""
    session = retrieve(sandbox, "checkout.session", identifier, param="session")
    if session["status"] != "open":
        raise StripeError(f"The session is {session['status']}, not open.")
    return session


def intent_of(sandbox: Provider, session: Document) -> Document:
    """The payment intent of a session; it begins to exist at the first attempt to pay."""
    if session["payment_intent"]:
        return retrieve(sandbox, "payment_intent", session["payment_intent"])
    data = session["_payment_intent_data"]
    identifier = new("pi")
    intent = sandbox.objects.add(
        "payment_intent",
        {
            "id": identifier,
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": None,
            "application_fee_amount": None,
            "automatic_payment_methods": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": "automatic_async",
            "client_secret": f"{identifier}_secret_{new('s')[2:]}",
            "confirmation_method": "automatic",
            "created": sandbox.clock.now(),
            "currency": session["currency"],
            "customer": None,
            "description": data.get("description"),
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": data.get("metadata", {}),
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_options": {},
            "payment_method_types": session["payment_method_types"],
            "processing": None,
            "receipt_email": data.get("receipt_email"),
            "review": None,
            "setup_future_usage": None,
            "shipping": None,
            "statement_descriptor": data.get("statement_descriptor"),
            "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
            "status": "requires_payment_method",
            "transfer_data": None,
            "transfer_group": None,
            "_session": session["id"],
            "_reference": session["client_reference_id"],
        },
        parent=session["id"],
    )
    session["payment_intent"] = identifier
    sandbox.objects.save(session)
    return intent


def charge(
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
            "billing_details": _billing(payer, email),
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
            "outcome": _outcome(status),
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


def _outcome(status: str) -> Document:
    failed = status == "failed"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if failed else "approved_by_network",
        "reason": "generic_decline" if failed else None,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "The bank declined." if failed else "Payment complete.",
        "type": "issuer_declined" if failed else "authorized",
    }


def _complete_session(sandbox: Provider, session: Document, payer: Payer, *, payment_status: str) -> str | None:
    """Closes the session with what the buyer typed; returns the e-mail address that counts."""
    email = payer.email or session["customer_email"]
    address = _billing(payer, email)["address"]
    session |= {
        "status": "complete",
        "payment_status": payment_status,
        "url": None,
        "customer_details": {
            "address": address,
            "email": email,
            "name": payer.name,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
    }
    return email


def _settle(sandbox: Provider, intent: Document, paid: Document) -> None:
    """The money has arrived: books, balance, states."""
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "next_action": None,
        "processing": None,
        "last_payment_error": None,
    }
    sandbox.objects.save(intent)
    sandbox.ledger.add(
        "capture",
        paid["id"],
        of=paid["id"],
        reference=intent["_reference"],
        amount=intent["amount"],
        currency=intent["currency"],
    )
    emit(sandbox, "charge.succeeded", paid)
    emit(sandbox, "payment_intent.succeeded", intent)
    paid["balance_transaction"] = post(sandbox, "charge", paid["id"], paid["amount"], paid["currency"])["id"]
    sandbox.objects.save(paid)


def pay(sandbox: Provider, identifier: str, payer: Payer, *, authenticated: bool = False) -> Document:
    """The buyer pays and the money arrives at once. Raises StripeError when the session isn't open."""
    session = open_session(sandbox, identifier)
    intent = intent_of(sandbox, session)
    email = _complete_session(sandbox, session, payer, payment_status="paid")
    paid = charge(sandbox, intent, payer, status="succeeded", email=email, authenticated=authenticated)
    _settle(sandbox, intent, paid)
    sandbox.objects.save(session)
    emit(sandbox, "checkout.session.completed", session)
    # Stripe books the balance a moment after the charge and says so by a second event.
    emit(sandbox, "charge.updated", paid)
    return session


def pay_later(sandbox: Provider, identifier: str, payer: Payer) -> Document:
    """The buyer is through, the money is on its way (an asynchronous method)."""
    session = open_session(sandbox, identifier)
    intent = intent_of(sandbox, session)
    email = _complete_session(sandbox, session, payer, payment_status="unpaid")
    pending = charge(sandbox, intent, payer, status="pending", email=email, authenticated=False)
    intent["status"] = "processing"
    for document in (intent, session):
        sandbox.objects.save(document)
    emit(sandbox, "charge.pending", pending)
    emit(sandbox, "payment_intent.processing", intent)
    emit(sandbox, "checkout.session.completed", session)
    return session


def require_authentication(sandbox: Provider, identifier: str) -> Document:
    """The bank wants to see the buyer (3-D Secure)."""
    session = open_session(sandbox, identifier)
    intent = intent_of(sandbox, session)
    intent |= {
        "status": "requires_action",
        "next_action": {"type": "redirect_to_url", "redirect_to_url": {"url": f"{session['url']}/3ds", "return_url": session["url"]}},
    }
    sandbox.objects.save(intent)
    emit(sandbox, "payment_intent.requires_action", intent)
    return session


def _payment_error(intent: Document, reason: tuple[str, str | None, str]) -> Document:
    code, decline_code, message = reason
    error: dict[str, Any] = {"type": "card_error", "code": code, "message": message, "charge": intent["latest_charge"]}
    return error | ({"decline_code": decline_code} if decline_code else {})


def decline(sandbox: Provider, identifier: str, payer: Payer, reason: tuple[str, str | None, str] = DECLINED) -> Document:
    """The attempt fails; the session stays open and the buyer may try again."""
    session = open_session(sandbox, identifier)
    intent = intent_of(sandbox, session)
    email = payer.email or session["customer_email"]
    failed = charge(sandbox, intent, payer, status="failed", email=email, authenticated=False)
    _fail(sandbox, intent, failed, reason)
    return session


def _fail(sandbox: Provider, intent: Document, failed: Document, reason: tuple[str, str | None, str]) -> None:
    failed |= {"status": "failed", "paid": False, "captured": False, "outcome": _outcome("failed")}
    failed |= {"failure_code": reason[0], "failure_message": reason[2]}
    intent |= {
        "status": "requires_payment_method",
        "next_action": None,
        "payment_method": None,
        "last_payment_error": _payment_error(intent, reason),
    }
    for document in (failed, intent):
        sandbox.objects.save(document)
    emit(sandbox, "charge.failed", failed)
    emit(sandbox, "payment_intent.payment_failed", intent)


def finish(sandbox: Provider, identifier: str, *, arrived: bool) -> Document:
    """A payment that was processing arrives, or fails for good. `identifier` is the session's or the intent's."""
    intent = intent_by(sandbox, identifier)
    if intent["status"] != "processing":
        raise StripeError(f"The payment is {intent['status']}, not processing.")
    session = retrieve(sandbox, "checkout.session", intent["_session"])
    pending = retrieve(sandbox, "charge", intent["latest_charge"])
    if arrived:
        pending |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": pending["amount"]}
        _settle(sandbox, intent, pending)
        session["payment_status"] = "paid"
        emit(sandbox, "charge.updated", pending)
    else:
        _fail(sandbox, intent, pending, DENIED)
    sandbox.objects.save(session)
    outcome = "succeeded" if arrived else "failed"
    emit(sandbox, f"checkout.session.async_payment_{outcome}", session)
    return session


def intent_by(sandbox: Provider, identifier: str) -> Document:
    """The payment intent of a `cs_…`, `ch_…` or its own id. Raises StripeError."""
    if identifier.startswith("cs_"):
        session = retrieve(sandbox, "checkout.session", identifier)
        if not session["payment_intent"]:
            raise StripeError("Nobody has tried to pay this session.")
        return retrieve(sandbox, "payment_intent", session["payment_intent"])
    if identifier.startswith("ch_"):
        return retrieve(sandbox, "payment_intent", retrieve(sandbox, "charge", identifier)["payment_intent"])
    return retrieve(sandbox, "payment_intent", identifier)


def paid_charge(sandbox: Provider, identifier: str) -> Document:
    """The succeeded charge of a session, an intent or its own id. Raises StripeError."""
    intent = intent_by(sandbox, identifier)
    if intent["status"] != "succeeded":
        raise StripeError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return retrieve(sandbox, "charge", intent["latest_charge"])
