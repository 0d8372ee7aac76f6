"""Payments v2: captures and refunds, https://developer.paypal.com/docs/api/payments/v2/."""

from typing import Any

from sandbox.clock import iso
from sandbox.objects import Document, shown
from sandbox.paypal import fields
from sandbox.paypal.amounts import minor, money
from sandbox.paypal.errors import PayPalError
from sandbox.paypal.events import emit
from sandbox.paypal.identifiers import MERCHANT_EMAIL, MERCHANT_ID, new
from sandbox.provider import Provider

# 2.99 % and 39 cents: believable, so that net is not gross.
FEE_PER_TEN_THOUSAND, FIXED_FEE = 299, 39
REFUNDABLE = ("COMPLETED", "PARTIALLY_REFUNDED")


def capture_order(sandbox: Provider, order: Document, *, pending: bool) -> Document:
    """The capture of an approved order; pending ones are finished by `finish`."""
    unit, now = order["purchase_units"][0], iso(sandbox.clock.now())
    made = sandbox.objects.add(
        "capture",
        {
            "id": new(),
            "status": "PENDING" if pending else "COMPLETED",
            **({"status_details": {"reason": "PENDING_REVIEW"}} if pending else {}),
            "amount": {name: unit["amount"][name] for name in ("currency_code", "value")},
            "final_capture": True,
            "seller_protection": _protection(order["_protection"]),
            **{name: unit[name] for name in ("custom_id", "invoice_id") if name in unit},
            "create_time": now,
            "update_time": now,
            "_minor": order["_minor"],
            "_refunded": 0,
            "_order": order["id"],
            "_payer": order["payer"],
            "_disputed": False,
        },
        parent=order["id"],
    )
    if pending:
        emit(sandbox, "PAYMENT.CAPTURE.PENDING", "capture", shown_capture(sandbox, made))
    else:
        _settle(sandbox, made)
    return made


def _protection(status: str) -> Document:
    """What PayPal bears of disputes; one that isn't eligible names none."""
    categories = ["ITEM_NOT_RECEIVED", "UNAUTHORIZED_TRANSACTION"]
    return {"status": status} | ({} if status == "NOT_ELIGIBLE" else {"dispute_categories": categories})


def _settle(sandbox: Provider, made: Document) -> None:
    currency = made["amount"]["currency_code"]
    fee = min(made["_minor"], made["_minor"] * FEE_PER_TEN_THOUSAND // 10_000 + FIXED_FEE)
    made["seller_receivable_breakdown"] = {
        "gross_amount": made["amount"],
        "paypal_fee": money(fee, currency),
        "net_amount": money(made["_minor"] - fee, currency),
    }
    sandbox.objects.save(made)
    sandbox.ledger.add(
        "capture",
        made["id"],
        of=made["id"],
        reference=made.get("custom_id"),
        amount=made["_minor"],
        currency=currency,
    )
    emit(sandbox, "PAYMENT.CAPTURE.COMPLETED", "capture", shown_capture(sandbox, made))


def finish(sandbox: Provider, made: Document, *, arrived: bool) -> Document:
    """A pending capture is completed or denied. Raises PayPalError when it isn't pending."""
    if made["status"] != "PENDING":
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/status", value=made["status"])
    made.pop("status_details")
    made |= {"status": "COMPLETED" if arrived else "DECLINED", "update_time": iso(sandbox.clock.now())}
    if arrived:
        _settle(sandbox, made)
    else:
        sandbox.objects.save(made)
        emit(sandbox, "PAYMENT.CAPTURE.DENIED", "capture", shown_capture(sandbox, made))
    return made


def find_capture(sandbox: Provider, identifier: str) -> Document:
    """The stored capture. Raises PayPalError 404."""
    made = sandbox.objects.find("capture", identifier)
    if made is None:
        raise PayPalError("INVALID_RESOURCE_ID")
    return made


def find_refund(sandbox: Provider, identifier: str) -> Document:
    """The stored refund. Raises PayPalError 404."""
    made = sandbox.objects.find("refund", identifier)
    if made is None:
        raise PayPalError("INVALID_RESOURCE_ID")
    return made


def refund(sandbox: Provider, identifier: str, body: Any) -> Document:
    """Gives back `amount`, or what is left. Raises PayPalError when that is more than is left."""
    fields.REFUND.check(body)
    made = find_capture(sandbox, identifier)
    currency = made["amount"]["currency_code"]
    left = _refundable(made)
    amount = left
    if "amount" in body:
        if body["amount"]["currency_code"] != currency:
            raise PayPalError("REFUND_CAPTURE_CURRENCY_MISMATCH", field="/amount/currency_code")
        amount = minor(body["amount"], "/amount", zero=False)
    if amount > left:
        raise PayPalError("REFUND_AMOUNT_EXCEEDED", field="/amount/value", value=body["amount"]["value"])
    if made["_disputed"] and amount < made["_minor"]:
        raise PayPalError("TRANSACTION_DISPUTED")
    return _add_refund(sandbox, made, amount, body)


def _refundable(made: Document) -> int:
    if made["status"] == "PENDING":
        raise PayPalError("PENDING_CAPTURE")
    if made["status"] == "REFUNDED":
        raise PayPalError("CAPTURE_FULLY_REFUNDED")
    if made["status"] not in REFUNDABLE:
        raise PayPalError("REFUND_NOT_ALLOWED")
    left: int = made["_minor"] - made["_refunded"]
    return left


def _add_refund(sandbox: Provider, made: Document, amount: int, body: dict[str, Any]) -> Document:
    currency, now = made["amount"]["currency_code"], iso(sandbox.clock.now())
    pending = sandbox.switches["refunds"] == "pending"
    named = {name: body.get(name, made.get(name)) for name in ("custom_id", "invoice_id")}
    given_back = sandbox.objects.add(
        "refund",
        {
            "id": new(),
            "status": "PENDING" if pending else "COMPLETED",
            **({"status_details": {"reason": "ECHECK"}} if pending else {}),
            "amount": money(amount, currency),
            **{name: value for name, value in named.items() if value},
            **({"note_to_payer": body["note_to_payer"]} if "note_to_payer" in body else {}),
            "seller_payable_breakdown": {
                "gross_amount": money(amount, currency),
                "paypal_fee": money(0, currency),
                "net_amount": money(amount, currency),
                "total_refunded_amount": money(made["_refunded"] + amount, currency),
            },
            "create_time": now,
            "update_time": now,
            "_minor": amount,
            "_capture": made["id"],
        },
        parent=made["id"],
    )
    _count(sandbox, made, amount)
    sandbox.ledger.add(
        "refund",
        given_back["id"],
        of=made["id"],
        reference=made.get("custom_id"),
        amount=amount,
        currency=currency,
    )
    kind = "PAYMENT.REFUND.PENDING" if pending else "PAYMENT.CAPTURE.REFUNDED"
    emit(sandbox, kind, "refund", shown_refund(sandbox, given_back))
    return given_back


def _count(sandbox: Provider, made: Document, amount: int) -> None:
    refunded = made["_refunded"] + amount
    status = "REFUNDED" if refunded == made["_minor"] else "PARTIALLY_REFUNDED" if refunded else "COMPLETED"
    made |= {"_refunded": refunded, "status": status, "update_time": iso(sandbox.clock.now())}
    sandbox.objects.save(made)


def finish_refund(sandbox: Provider, identifier: str, *, arrived: bool) -> Document:
    """A pending refund reaches the buyer; or one fails, even after it was completed. Raises PayPalError."""
    given_back = find_refund(sandbox, identifier)
    allowed = {"PENDING"} if arrived else {"PENDING", "COMPLETED"}
    if given_back["status"] not in allowed:
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/status", value=given_back["status"])
    given_back.pop("status_details", None)
    given_back |= {"status": "COMPLETED" if arrived else "FAILED", "update_time": iso(sandbox.clock.now())}
    sandbox.objects.save(given_back)
    if not arrived:
        sandbox.ledger.reverse("refund", identifier)
        _count(sandbox, find_capture(sandbox, given_back["_capture"]), -given_back["_minor"])
    kind = "PAYMENT.CAPTURE.REFUNDED" if arrived else "PAYMENT.REFUND.FAILED"
    emit(sandbox, kind, "refund", shown_refund(sandbox, given_back))
    return given_back


def shown_capture(sandbox: Provider, made: Document, *, inside_order: bool = False) -> Document:
    """As the interface answers it; alone it also names its order and the merchant."""
    own = f"{sandbox.base_url}/v2/payments/captures/{made['id']}"
    order = f"{sandbox.base_url}/v2/checkout/orders/{made['_order']}"
    links = [
        {"href": own, "rel": "self", "method": "GET"},
        {"href": f"{own}/refund", "rel": "refund", "method": "POST"},
        {"href": order, "rel": "up", "method": "GET"},
    ]
    alone = {
        "supplementary_data": {"related_ids": {"order_id": made["_order"]}},
        "payee": {"email_address": MERCHANT_EMAIL, "merchant_id": MERCHANT_ID},
    }
    return {**shown(made), **({} if inside_order else alone), "links": links}


def shown_refund(sandbox: Provider, given_back: Document) -> Document:
    payments = f"{sandbox.base_url}/v2/payments"
    links = [
        {"href": f"{payments}/refunds/{given_back['id']}", "rel": "self", "method": "GET"},
        {"href": f"{payments}/captures/{given_back['_capture']}", "rel": "up", "method": "GET"},
    ]
    return {**shown(given_back), "links": links}
