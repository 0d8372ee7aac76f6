"""PayPal's objects, read: https://developer.paypal.com/docs/api/orders/v2/ and https://developer.paypal.com/docs/api/payments/v2/."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from payments.models import Attempt, Dispute, Refund
from payments.providers.base import DisputeSnapshot, Entry, RefundSnapshot, Risk, Snapshot, Subject, Trace, reading

#: The kinds of PayPal's ids.
ORDER, CAPTURE = "paypal_order", "paypal_capture"
CAPTURE_STATES = {
    "COMPLETED": Attempt.State.CAPTURED,
    "PARTIALLY_REFUNDED": Attempt.State.CAPTURED,
    "REFUNDED": Attempt.State.CAPTURED,
    "PENDING": Attempt.State.PROCESSING,
    "DECLINED": Attempt.State.FAILED,
    "FAILED": Attempt.State.FAILED,
}
REFUND_STATES = {
    "PENDING": Refund.State.SUBMITTED,
    "COMPLETED": Refund.State.SUCCEEDED,
    "FAILED": Refund.State.FAILED,
    "CANCELLED": Refund.State.FAILED,
}
#: For whom a resolved dispute was decided. What PayPal pays out of its own pocket costs the shop nothing.
DISPUTE_OUTCOMES = {
    "RESOLVED_BUYER_FAVOUR": Dispute.State.LOST,
    "ACCEPTED": Dispute.State.LOST,
    "RESOLVED_SELLER_FAVOUR": Dispute.State.WON,
    "RESOLVED_WITH_PAYOUT": Dispute.State.WON,
    "CANCELED_BY_BUYER": Dispute.State.WON,
    "DENIED": Dispute.State.WON,
}
#: What a transaction is, by the beginning of its event code. Disputes come from a list of their own; fees, payouts and
#: conversions aren't the buyers' money: https://developer.paypal.com/docs/transaction-search/transaction-event-codes/.
ENTRY_SUBJECTS = {"T00": Subject.PAYMENT, "T1107": Subject.REFUND}
#: Success, and success of which some or all went back later.
COUNTED = {Subject.PAYMENT: "SVF", Subject.REFUND: "SPV"}


def custom_id(attempt: Attempt) -> str:
    """What PayPal's objects bear: the attempt's label, and which installation it is of."""
    return f"{attempt.label}@{settings.INSTALLATION}"


def _label(custom: str) -> tuple[str, str]:
    label, _, installation = custom.partition("@")
    return label, installation


@reading()
def payments_of(order: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The captures or refunds that an order shows. Raises NoAnswer where it can't be read."""
    payments: list[dict[str, Any]] = ((order.get("purchase_units") or [{}])[0].get("payments") or {}).get(kind) or []
    return payments


@reading()
def snapshot_of(order: dict[str, Any], *, is_live: bool) -> Snapshot:
    """What an order says, with its last capture. PayPal's objects don't tell live from test: the address does.

    Raises NoAnswer where it can't be read.
    """
    unit, captures = order["purchase_units"][0], payments_of(order, "captures")
    capture = captures[-1] if captures else {}
    amount = capture.get("amount") or unit.get("amount") or {}
    references: dict[str, str] = {ORDER: order["id"]}
    if capture:
        references[CAPTURE] = capture["id"]
    label, installation = _label(capture.get("custom_id") or unit.get("custom_id") or "")
    return Snapshot(
        state=_state(order["status"], capture),
        label=label,
        installation=installation,
        amount=Decimal(amount["value"]) if amount else None,
        currency=amount.get("currency_code", ""),
        is_live=is_live,
        country=_country(order),
        risk=_risk(capture),
        is_unprotected=(capture.get("seller_protection") or {}).get("status") == "NOT_ELIGIBLE",
        references=references,
        problem=(capture.get("status_details") or {}).get("reason", ""),
        is_approved=order["status"] == "APPROVED" and not capture,
    )


def _state(status: str, capture: dict[str, Any]) -> str:
    if capture:
        return CAPTURE_STATES.get(capture["status"], Attempt.State.PROCESSING)
    return Attempt.State.CANCELLED if status == "VOIDED" else Attempt.State.REQUIRES_ACTION


def _risk(capture: dict[str, Any]) -> str:
    """What the card's issuer said of its number and address, where PayPal took a card: N stands for no match.

    Of its own view PayPal says nothing. https://developer.paypal.com/docs/api/payments/v2/#definition-processor_response.
    """
    said = capture.get("processor_response") or {}
    return Risk.ELEVATED if "N" in {said.get("avs_code"), said.get("cvv_code")} else ""


def _country(order: dict[str, Any]) -> str:
    source = (order.get("payment_source") or {}).get("paypal") or order.get("payer") or {}
    return (source.get("address") or {}).get("country_code", "")


@reading()
def trace_of(document: dict[str, Any]) -> Trace:
    """To whom an order or a capture belongs. Raises NoAnswer where it can't be read."""
    is_order = "purchase_units" in document
    unit = document["purchase_units"][0] if is_order else document  # a capture bears label and amount itself
    related = (document.get("supplementary_data") or {}).get("related_ids") or {}
    order_id = document["id"] if is_order else related.get("order_id")
    label, installation = _label(unit.get("custom_id") or "")
    return Trace(
        label=label,
        installation=installation,
        amount=Decimal(unit["amount"]["value"]),
        currency=unit["amount"]["currency_code"],
        references={ORDER: order_id} if order_id else {},
    )


@reading()
def refund_snapshot_of(made: dict[str, Any]) -> RefundSnapshot:
    """What a refund says. Raises NoAnswer where it can't be read."""
    own = (made.get("custom_id") or "").removeprefix("refund-")
    captures = [link["href"].rsplit("/", 1)[-1] for link in made.get("links") or [] if link["rel"] == "up"]
    return RefundSnapshot(
        state=REFUND_STATES.get(made["status"], Refund.State.SUBMITTED),
        provider_refund=made["id"],
        amount=Decimal(made["amount"]["value"]),
        currency=made["amount"]["currency_code"],
        refund=int(own) if own.isdecimal() else None,
        payment=(CAPTURE, captures[0]) if captures else None,
        problem=(made.get("status_details") or {}).get("reason", ""),
    )


@reading()
def dispute_snapshot_of(found: dict[str, Any]) -> DisputeSnapshot:
    """What a dispute says. Raises NoAnswer where it can't be read.

    PayPal takes the money when it has decided for the buyer; a dispute that was given up some other way costs nothing.
    """
    outcome = (found.get("dispute_outcome") or {}).get("outcome_code", "")
    state = DISPUTE_OUTCOMES.get(outcome, Dispute.State.WON) if found["status"] == "RESOLVED" else Dispute.State.OPEN
    due, amount = found.get("seller_response_due_date"), found["dispute_amount"]
    return DisputeSnapshot(
        state=state,
        provider_dispute=found["dispute_id"],
        payment=(CAPTURE, _disputed(found)),
        amount=Decimal(amount["value"]),
        currency=amount["currency_code"],
        reason=found.get("reason") or "",
        is_withdrawn=state == Dispute.State.LOST,
        opened_at=_moment(found["create_time"]),
        respond_by=_moment(due) if due else None,
    )


def _disputed(found: dict[str, Any]) -> str:
    """The capture; empty where the dispute names none that is ours to know, as one about a billing agreement."""
    transactions = found.get("disputed_transactions") or [{}]
    return transactions[0].get("seller_transaction_id") or ""


@reading()
def entry_of_dispute(found: dict[str, Any]) -> Entry:
    """A dispute as a line of the statement: what it took. Raises NoAnswer where it can't be read."""
    snapshot = dispute_snapshot_of(found)
    return Entry(
        subject=Subject.DISPUTE,
        identifier=snapshot.provider_dispute,
        payment=snapshot.payment,
        amount=snapshot.amount if snapshot.is_withdrawn else Decimal(0),
        currency=snapshot.currency,
        at=snapshot.opened_at,
    )


@reading()
def entry_of_transaction(info: dict[str, Any]) -> Entry | None:
    """A transaction as a line of the statement; None for what isn't a buyer's money. Raises NoAnswer."""
    code = info["transaction_event_code"]
    subject = next((subject for beginning, subject in ENTRY_SUBJECTS.items() if code.startswith(beginning)), None)
    if subject is None:
        return None
    value = Decimal(info["transaction_amount"]["value"])
    is_counted = info["transaction_status"] in COUNTED[subject]
    if subject == Subject.PAYMENT and (value <= 0 or not is_counted):
        return None
    label, installation = _label(info.get("custom_field") or "")
    paid = info["transaction_id"] if subject == Subject.PAYMENT else info.get("paypal_reference_id") or ""
    return Entry(
        subject=subject,
        identifier=info["transaction_id"],
        payment=(CAPTURE, paid),
        amount=abs(value) if is_counted else Decimal(0),
        currency=info["transaction_amount"]["currency_code"],
        at=_moment(info["transaction_initiation_date"]),
        label=label,
        installation=installation,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
