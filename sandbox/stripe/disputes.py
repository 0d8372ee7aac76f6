"""Disputes and early fraud warnings: what a buyer's bank does after the payment."""

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.answers import retrieve
from sandbox.stripe.balance import post
from sandbox.stripe.errors import StripeError
from sandbox.stripe.events import emit
from sandbox.stripe.identifiers import new

TIME_TO_ANSWER = 14 * 24 * 60 * 60
EVIDENCE = (
    "access_activity_log",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "product_description",
    "receipt",
    "refund_policy",
    "service_date",
    "service_documentation",
    "uncategorized_text",
)


def open_dispute(sandbox: Provider, charge: Document, reason: str) -> Document:
    """The bank takes back what wasn't refunded. Raises StripeError when nothing is left or a dispute is open."""
    amount = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise StripeError("The charge is disputed already.")
    if amount < 1:
        raise StripeError("Nothing is left of the charge that could be disputed.")
    now = sandbox.clock.now()
    identifier = new("du")
    booked = post(sandbox, "adjustment", identifier, -amount, charge["currency"])
    dispute = sandbox.objects.add(
        "dispute",
        {
            "id": identifier,
            "object": "dispute",
            "amount": amount,
            "balance_transactions": [booked],
            "charge": charge["id"],
            "created": now,
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": dict.fromkeys(EVIDENCE),
            "evidence_details": {
                "due_by": now + TIME_TO_ANSWER,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {
                "card": {
                    "brand": charge["payment_method_details"]["card"]["brand"],
                    "case_type": "chargeback",
                    "network_reason_code": "10.4",
                },
                "type": "card",
            },
            "reason": reason,
            "status": "needs_response",
        },
        parent=charge["id"],
    )
    charge |= {"disputed": True, "_withdrawn": True}
    sandbox.objects.save(charge)
    intent = retrieve(sandbox, "payment_intent", charge["payment_intent"])
    sandbox.ledger.add(
        "dispute",
        identifier,
        of=charge["id"],
        reference=intent["_reference"],
        amount=amount,
        currency=charge["currency"],
    )
    emit(sandbox, "charge.dispute.created", dispute)
    emit(sandbox, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(sandbox: Provider, identifier: str, *, won: bool) -> Document:
    """The bank decides. A lost dispute can still be won later, never the other way round."""
    dispute = retrieve(sandbox, "dispute", identifier)
    wished = "won" if won else "lost"
    if dispute["status"] == "won" or dispute["status"] == wished:
        raise StripeError(f"The dispute is {dispute['status']} already.")
    dispute["status"] = wished
    charge = retrieve(sandbox, "charge", dispute["charge"])
    if won:
        dispute["balance_transactions"].append(
            post(sandbox, "adjustment", identifier, dispute["amount"], dispute["currency"])
        )
        sandbox.ledger.reverse("dispute", identifier)
        charge["_withdrawn"] = False
        dispute["is_charge_refundable"] = True
        sandbox.objects.save(charge)
    sandbox.objects.save(dispute)
    emit(sandbox, "charge.dispute.closed", dispute)
    if won:
        emit(sandbox, "charge.dispute.funds_reinstated", dispute)
    return dispute


def warn_of_fraud(sandbox: Provider, charge: Document) -> Document:
    """The card's issuer suspects fraud; no money moves yet."""
    warning = sandbox.objects.add(
        "radar.early_fraud_warning",
        {
            "id": new("issfr"),
            "object": "radar.early_fraud_warning",
            "actionable": not charge["refunded"] and not charge["disputed"],
            "charge": charge["id"],
            "created": sandbox.clock.now(),
            "fraud_type": "made_with_stolen_card",
            "livemode": False,
            "payment_intent": charge["payment_intent"],
        },
        parent=charge["id"],
    )
    emit(sandbox, "radar.early_fraud_warning.created", warning)
    return warning
