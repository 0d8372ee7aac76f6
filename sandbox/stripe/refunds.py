"""Refunds: https://docs.stripe.com/api/refunds."""

from typing import Any

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.answers import EXPAND, retrieve
from sandbox.stripe.balance import post
from sandbox.stripe.errors import StripeError
from sandbox.stripe.events import emit
from sandbox.stripe.identifiers import new
from sandbox.stripe.intents import paid_charge
from sandbox.stripe.parameters import Choice, Fields, Integer, Metadata, Text

CREATE = Fields(
    known={
        "charge": Text(),
        "payment_intent": Text(),
        "amount": Integer(least=1),
        "reason": Choice(values=("duplicate", "fraudulent", "requested_by_customer")),
        "metadata": Metadata(),
        **EXPAND,
    }
)


def create(sandbox: Provider, wishes: dict[str, Any]) -> Document:
    """Gives back `amount` in minor units, or what is left. Raises StripeError when that is more than is left."""
    if ("charge" in wishes) == ("payment_intent" in wishes):
        message = "Exactly one of the parameters charge or payment_intent must be given."
        raise StripeError(message, code="parameter_missing", param="payment_intent")
    if "charge" in wishes:
        charge = retrieve(sandbox, "charge", wishes["charge"], param="charge")
    else:
        intent = retrieve(sandbox, "payment_intent", wishes["payment_intent"], param="payment_intent")
        charge = paid_charge(sandbox, intent["id"])
    return refund(sandbox, charge, wishes.get("amount"), wishes.get("reason"), wishes.get("metadata", {}))


def refund(
    sandbox: Provider, charge: Document, amount: int | None, reason: str | None, metadata: dict[str, str]
) -> Document:
    left = _refundable(charge)
    amount = left if amount is None else amount
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})."
        raise StripeError(message, param="amount", saved=True)
    pending = sandbox.switches["refunds"] == "pending"
    identifier = new("re")
    booked = post(sandbox, "refund", identifier, -amount, charge["currency"])
    made = sandbox.objects.add(
        "refund",
        {
            "id": identifier,
            "object": "refund",
            "amount": amount,
            "balance_transaction": booked["id"],
            "charge": charge["id"],
            "created": sandbox.clock.now(),
            "currency": charge["currency"],
            "destination_details": {"card": {"type": "refund"}, "type": "card"},
            "metadata": metadata,
            "payment_intent": charge["payment_intent"],
            "reason": reason,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "pending" if pending else "succeeded",
            "transfer_reversal": None,
        },
        parent=charge["id"],
    )
    intent = retrieve(sandbox, "payment_intent", charge["payment_intent"])
    sandbox.ledger.add(
        "refund",
        identifier,
        of=charge["id"],
        reference=intent["_reference"],
        amount=amount,
        currency=charge["currency"],
    )
    _count(sandbox, charge, amount)
    emit(sandbox, "refund.created", made)
    emit(sandbox, "charge.refunded", charge)
    return made


def _refundable(charge: Document) -> int:
    if not charge["paid"]:
        raise StripeError(f"Charge {charge['id']} has not been paid.", param="charge", saved=True)
    if charge["disputed"] and charge.get("_withdrawn"):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed", saved=True)
    if charge["refunded"]:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded", saved=True)
    left: int = charge["amount_captured"] - charge["amount_refunded"]
    return left


def _count(sandbox: Provider, charge: Document, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    sandbox.objects.save(charge)


def complete(sandbox: Provider, identifier: str) -> Document:
    """A pending refund reaches the buyer."""
    made = retrieve(sandbox, "refund", identifier)
    if made["status"] != "pending":
        raise StripeError(f"The refund is {made['status']}, not pending.")
    made["status"] = "succeeded"
    sandbox.objects.save(made)
    emit(sandbox, "refund.updated", made)
    return made


def fail(sandbox: Provider, identifier: str) -> Document:
    """The money comes back, even after the refund had succeeded (a closed account, for instance)."""
    made = retrieve(sandbox, "refund", identifier)
    if made["status"] not in {"pending", "succeeded"}:
        raise StripeError(f"The refund is {made['status']}.")
    booked = post(sandbox, "refund_failure", identifier, made["amount"], made["currency"])
    made |= {
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": booked["id"],
    }
    sandbox.objects.save(made)
    sandbox.ledger.reverse("refund", identifier)
    charge = retrieve(sandbox, "charge", made["charge"])
    _count(sandbox, charge, -made["amount"])
    emit(sandbox, "refund.updated", made)
    emit(sandbox, "refund.failed", made)
    return made
