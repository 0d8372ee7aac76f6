"""PayPal's objects, read: https://developer.paypal.com/docs/api/orders/v2/ and https://developer.paypal.com/docs/api/payments/v2/."""

from decimal import Decimal
from typing import Any

from payments.models import Attempt, Reference, Refund
from payments.providers.base import RefundSnapshot, Snapshot, Trace, reading

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
    references: dict[str, str] = {Reference.Kind.PAYPAL_ORDER: order["id"]}
    if capture:
        references[Reference.Kind.PAYPAL_CAPTURE] = capture["id"]
    return Snapshot(
        state=_state(order["status"], capture),
        label=capture.get("custom_id") or unit.get("custom_id") or "",
        amount=Decimal(amount["value"]) if amount else None,
        currency=amount.get("currency_code", ""),
        is_live=is_live,
        country=_country(order),
        references=references,
        problem=(capture.get("status_details") or {}).get("reason", ""),
        is_approved=order["status"] == "APPROVED" and not capture,
    )


def _state(status: str, capture: dict[str, Any]) -> str:
    if capture:
        return CAPTURE_STATES.get(capture["status"], Attempt.State.PROCESSING)
    return Attempt.State.CANCELLED if status == "VOIDED" else Attempt.State.REQUIRES_ACTION


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
    return Trace(
        label=unit.get("custom_id") or "",
        amount=Decimal(unit["amount"]["value"]),
        currency=unit["amount"]["currency_code"],
        references={Reference.Kind.PAYPAL_ORDER: order_id} if order_id else {},
    )


@reading()
def refund_snapshot_of(made: dict[str, Any]) -> RefundSnapshot:
    """What a refund says. Raises NoAnswer where it can't be read."""
    own = made.get("custom_id", "").removeprefix("refund-")
    captures = [link["href"].rsplit("/", 1)[-1] for link in made.get("links", []) if link["rel"] == "up"]
    return RefundSnapshot(
        state=REFUND_STATES.get(made["status"], Refund.State.SUBMITTED),
        provider_refund=made["id"],
        amount=Decimal(made["amount"]["value"]),
        currency=made["amount"]["currency_code"],
        refund=int(own) if own.isdecimal() else None,
        payment=(Reference.Kind.PAYPAL_CAPTURE, captures[0]) if captures else None,
        problem=(made.get("status_details") or {}).get("reason", ""),
    )
