"""Stripe's objects, read: https://docs.stripe.com/api/checkout/sessions/object, https://docs.stripe.com/api/refunds/object."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from payments import money
from payments.models import Attempt, Dispute, Refund
from payments.providers.base import DisputeSnapshot, Entry, RefundSnapshot, Risk, Snapshot, Subject, Trace, reading

#: The kinds of Stripe's ids: checkout session, payment intent, charge.
SESSION, PAYMENT, CHARGE = "stripe_session", "stripe_payment", "stripe_charge"
#: Where Stripe's units differ from ISO 4217: https://docs.stripe.com/currencies#special-cases.
EXPONENTS = {**money.EXPONENTS, "ISK": 2, "UGX": 2, "MGA": 0}
REFUND_STATES = {
    "pending": Refund.State.SUBMITTED,
    "requires_action": Refund.State.SUBMITTED,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}
RISKS = {"elevated": Risk.ELEVATED, "highest": Risk.HIGHEST}
ELEVATED_FROM, HIGHEST_FROM = 65, 75
#: https://docs.stripe.com/api/disputes/object: an inquiry ("warning") that closes has cost nothing, and one that was
#: prevented was settled by a refund, which is a row of its own. Every other status is an open question.
DISPUTE_STATES = {
    "won": Dispute.State.WON,
    "warning_closed": Dispute.State.WON,
    "prevented": Dispute.State.WON,
    "lost": Dispute.State.LOST,
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
        installation=(session.get("metadata") or {}).get("shop", ""),
        amount=None if minor is None else money.from_minor(minor, currency, EXPONENTS),
        currency=currency,
        is_live=session.get("livemode", False),
        country=_country(charge.get("billing_details")) or _country(session.get("customer_details")),
        account_country=_card(charge).get("country") or "",
        card=_card(charge).get("fingerprint") or "",
        risk=_risk(charge.get("outcome") or {}),
        references=_references(session, payment, charge),
        problem=error.get("decline_code") or error.get("code") or "",
    )


def _state(session: dict[str, Any], payment: dict[str, Any]) -> Attempt.State:
    if session["payment_status"] in {"paid", "no_payment_required"} and session["status"] != "open":
        return Attempt.State.CAPTURED
    if session["status"] in {"open", None}:
        return Attempt.State.REQUIRES_ACTION
    if session["status"] == "expired":
        return Attempt.State.EXPIRED
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


def _card(charge: dict[str, Any]) -> dict[str, Any]:
    """Where the card was issued, and Stripe's word for it, which is the same whoever pays with it."""
    return (charge.get("payment_method_details") or {}).get("card") or {}


def _risk(outcome: dict[str, Any]) -> str:
    """Stripe's level, or what its score (0 to 99) means where there is no level; a review that it asks for counts too.

    https://docs.stripe.com/api/charges/object#charge_object-outcome, https://docs.stripe.com/radar/risk-evaluation.
    """
    level, score = outcome.get("risk_level"), outcome.get("risk_score") or 0
    if level in RISKS:
        return RISKS[level]
    if level != "normal" and score >= ELEVATED_FROM:
        return Risk.HIGHEST if score >= HIGHEST_FROM else Risk.ELEVATED
    return Risk.ELEVATED if outcome.get("type") == "manual_review" else ""


def _references(*documents: dict[str, Any]) -> dict[str, str]:
    kinds = (SESSION, PAYMENT, CHARGE)
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
        installation=metadata.get("shop", ""),
        references={SESSION: found["id"]} if is_session else {},
    )


@reading()
def refund_snapshot_of(made: dict[str, Any]) -> RefundSnapshot:
    """What a refund says. Raises NoAnswer where it can't be read."""
    currency = made["currency"].upper()
    own = (made.get("metadata") or {}).get("refund", "")
    is_of_any = made.get("payment_intent") or made.get("charge")
    return RefundSnapshot(
        state=REFUND_STATES.get(made.get("status") or "", Refund.State.SUBMITTED),
        provider_refund=made["id"],
        amount=money.from_minor(made["amount"], currency, EXPONENTS),
        currency=currency,
        refund=int(own) if own.isdecimal() else None,
        payment=_payment_of(made) if is_of_any else None,
        problem=made.get("failure_reason") or "",
    )


@reading()
def dispute_snapshot_of(found: dict[str, Any]) -> DisputeSnapshot:
    """What a dispute says. Raises NoAnswer where it can't be read."""
    currency, due = found["currency"].upper(), (found.get("evidence_details") or {}).get("due_by")
    state, booked = DISPUTE_STATES.get(found["status"], Dispute.State.OPEN), found.get("balance_transactions") or []
    moved = sum(one["amount"] for one in booked)
    return DisputeSnapshot(
        state=state,
        provider_dispute=found["id"],
        payment=_payment_of(found),
        amount=money.from_minor(found["amount"], currency, EXPONENTS),
        currency=currency,
        reason=found.get("reason") or "",
        # What is lost is gone, also where the object doesn't say by which bookings.
        is_withdrawn=moved < 0 if booked else state == Dispute.State.LOST,
        opened_at=_moment(found["created"]),
        respond_by=_moment(due) if due else None,
    )


@reading()
def warned_payment_of(warning: dict[str, Any]) -> tuple[str, str]:
    """The payment that an early fraud warning is about. Raises NoAnswer where it can't be read."""
    return _payment_of(warning)


@reading()
def entry_of_charge(charge: dict[str, Any]) -> Entry | None:
    """A charge as a line of the statement; None for one that took nothing. Raises NoAnswer where it can't be read."""
    metadata = charge.get("metadata") or {}
    if not charge.get("paid") or not charge.get("captured"):
        return None
    return Entry(
        **_entry(charge, Subject.PAYMENT, charge["amount_captured"]),
        label=f"{metadata.get('order', '')}-{metadata.get('attempt', '')}",
        installation=metadata.get("shop", ""),
    )


@reading()
def entry_of_refund(made: dict[str, Any]) -> Entry:
    """A refund as a line of the statement; one that failed counts nothing. Raises NoAnswer where it can't be read."""
    is_over = REFUND_STATES.get(made.get("status") or "") == Refund.State.FAILED
    return Entry(**_entry(made, Subject.REFUND, 0 if is_over else made["amount"]))


@reading()
def entry_of_dispute(found: dict[str, Any]) -> Entry:
    """A dispute as a line of the statement: what it takes from the balance. Raises NoAnswer where it can't be read."""
    snapshot = dispute_snapshot_of(found)
    return Entry(**_entry(found, Subject.DISPUTE, found["amount"] if snapshot.is_withdrawn else 0))


def _entry(document: dict[str, Any], subject: Subject, minor: int) -> dict[str, Any]:
    currency = document["currency"].upper()
    return {
        "subject": subject,
        "identifier": document["id"],
        "payment": _payment_of(document),
        "amount": money.from_minor(minor, currency, EXPONENTS) if minor else Decimal(0),
        "currency": currency,
        "at": _moment(document["created"]),
    }


def _payment_of(document: dict[str, Any]) -> tuple[str, str]:
    """The payment intent, or the charge of one that was made without any."""
    if intent := _expanded(document, "payment_intent"):
        return PAYMENT, intent["id"]
    charge = _expanded(document, "charge") or document
    return CHARGE, charge["id"]


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
