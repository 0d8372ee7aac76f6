"""Stripe's objects, read: https://docs.stripe.com/api/checkout/sessions/object, https://docs.stripe.com/api/refunds/object."""

from typing import Any

from payments import money
from payments.models import Attempt, Reference, Refund
from payments.providers.base import RefundSnapshot, Snapshot, Trace, reading

#: Where Stripe's units differ from ISO 4217: https://docs.stripe.com/currencies#special-cases.
EXPONENTS = {**money.EXPONENTS, "ISK": 2, "UGX": 2, "MGA": 0}
REFUND_STATES = {
    "pending": Refund.State.SUBMITTED,
    "requires_action": Refund.State.SUBMITTED,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}


@reading()
def snapshot_of(session: dict[str, Any]) -> Snapshot:
    """What a session says; expanded payment and charge say what was really taken, and from which country.

    Raises NoAnswer where it can't be read.
    """
    payment, charge = _expanded(session, "payment_intent"), {}
    if payment:
        charge = _expanded(payment, "latest_charge")
    state = _state(session, payment)
    currency = str(payment.get("currency") or session.get("currency") or "").upper()
    minor = payment.get("amount_received") if state == Attempt.State.CAPTURED else None
    minor = session.get("amount_total") if minor is None else minor
    error = payment.get("last_payment_error") or {}
    return Snapshot(
        state=state,
        label=session.get("client_reference_id") or "",
        amount=None if minor is None else money.from_minor(minor, currency, EXPONENTS),
        currency=currency,
        is_live=session.get("livemode", False),
        country=_country(charge.get("billing_details")) or _country(session.get("customer_details")),
        references=_references(session, payment, charge),
        problem=error.get("decline_code") or error.get("code") or "",
    )


def _state(session: dict[str, Any], payment: dict[str, Any]) -> Attempt.State:
    if session["status"] == "open":
        return Attempt.State.REQUIRES_ACTION
    if session["status"] == "expired":
        return Attempt.State.EXPIRED
    if session["payment_status"] in {"paid", "no_payment_required"}:
        return Attempt.State.CAPTURED
    if payment.get("status") in {"requires_payment_method", "canceled"}:
        return Attempt.State.FAILED
    return Attempt.State.PROCESSING


def _expanded(document: dict[str, Any], name: str) -> dict[str, Any]:
    """An object that was expanded in place, or only its id where the answer holds no more."""
    value = document.get(name)
    if isinstance(value, str):
        return {"id": value}
    return value or {}


def _country(details: dict[str, Any] | None) -> str:
    return ((details or {}).get("address") or {}).get("country") or ""


def _references(*documents: dict[str, Any]) -> dict[str, str]:
    kinds = (Reference.Kind.STRIPE_SESSION, Reference.Kind.STRIPE_PAYMENT, Reference.Kind.STRIPE_CHARGE)
    return {kind: document["id"] for kind, document in zip(kinds, documents, strict=True) if document}


@reading()
def trace_of(found: dict[str, Any]) -> Trace:
    """To whom a session, a payment intent or a charge belongs. Raises NoAnswer where it can't be read."""
    currency, metadata = str(found.get("currency") or "").upper(), found.get("metadata") or {}
    is_session = found["object"] == "checkout.session"
    minor = found["amount_total" if is_session else "amount"]
    return Trace(
        label=f"{metadata.get('order', '')}-{metadata.get('attempt', '')}",
        amount=None if minor is None else money.from_minor(minor, currency, EXPONENTS),
        currency=currency,
        references={Reference.Kind.STRIPE_SESSION: found["id"]} if is_session else {},
    )


@reading()
def refund_snapshot_of(made: dict[str, Any]) -> RefundSnapshot:
    """What a refund says. Raises NoAnswer where it can't be read."""
    currency = made["currency"].upper()
    own, payment = (made.get("metadata") or {}).get("refund", ""), _expanded(made, "payment_intent")
    return RefundSnapshot(
        state=REFUND_STATES.get(made["status"], Refund.State.SUBMITTED),
        provider_refund=made["id"],
        amount=money.from_minor(made["amount"], currency, EXPONENTS),
        currency=currency,
        refund=int(own) if own.isdecimal() else None,
        payment=(Reference.Kind.STRIPE_PAYMENT, payment["id"]) if payment else None,
        problem=made.get("failure_reason") or "",
    )
