"""What happens when a buyer pays, is declined, must authenticate or pays slowly."""

from typing import Any

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe import charges
from sandbox.stripe.answers import retrieve
from sandbox.stripe.balance import post
from sandbox.stripe.charges import Payer, billing_details, outcome_of
from sandbox.stripe.errors import StripeError
from sandbox.stripe.events import emit
from sandbox.stripe.intents import intent_by, intent_of, open_session

DECLINED = ("card_declined", "generic_decline", "The card was declined.")
NOT_AUTHENTICATED = ("payment_intent_authentication_failure", None, "The buyer didn't pass the authentication.")
DENIED = ("payment_intent_payment_attempt_failed", None, "The payment failed.")


def _complete_session(sandbox: Provider, session: Document, payer: Payer, *, payment_status: str) -> str | None:
    """Closes the session with what the buyer typed; returns the e-mail address that counts."""
    email = payer.email or session["customer_email"]
    address = billing_details(payer, email)["address"]
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
    paid = charges.add(sandbox, intent, payer, status="succeeded", email=email, authenticated=authenticated)
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
    pending = charges.add(sandbox, intent, payer, status="pending", email=email, authenticated=False)
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
        "next_action": {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": f"{session['url']}/3ds", "return_url": session["url"]},
        },
    }
    sandbox.objects.save(intent)
    emit(sandbox, "payment_intent.requires_action", intent)
    return session


def _payment_error(intent: Document, reason: tuple[str, str | None, str]) -> Document:
    code, decline_code, message = reason
    error: dict[str, Any] = {"type": "card_error", "code": code, "message": message, "charge": intent["latest_charge"]}
    return error | ({"decline_code": decline_code} if decline_code else {})


def decline(
    sandbox: Provider, identifier: str, payer: Payer, reason: tuple[str, str | None, str] = DECLINED
) -> Document:
    """The attempt fails; the session stays open and the buyer may try again."""
    session = open_session(sandbox, identifier)
    intent = intent_of(sandbox, session)
    email = payer.email or session["customer_email"]
    failed = charges.add(sandbox, intent, payer, status="failed", email=email, authenticated=False)
    _fail(sandbox, intent, failed, reason)
    return session


def _fail(sandbox: Provider, intent: Document, failed: Document, reason: tuple[str, str | None, str]) -> None:
    failed |= {"status": "failed", "paid": False, "captured": False, "outcome": outcome_of("failed")}
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
