"""Transaction Search v1: https://developer.paypal.com/docs/api/transaction-search/v1/."""

from datetime import datetime, timedelta

from sandbox.clock import iso
from sandbox.objects import Document
from sandbox.paypal.amounts import money
from sandbox.paypal.errors import PayPalError
from sandbox.paypal.identifiers import MERCHANT_ID
from sandbox.provider import Provider

LONGEST_RANGE = timedelta(days=31)
LARGEST_PAGE = 500
PAYMENT, REFUND = "T0006", "T1107"
STATUS_OF_CAPTURE = {"PENDING": "P", "DECLINED": "D"}
STATUS_OF_REFUND = {"PENDING": "P", "FAILED": "D"}


def _moment(query: dict[str, str], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(query[name].upper().replace("Z", "+00:00"))
    except KeyError:
        raise PayPalError("MISSING_REQUIRED_PARAMETER", field=f"/{name}") from None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PayPalError("INVALID_PARAMETER_SYNTAX", field=f"/{name}", value=query[name])
    return moment


def _number(query: dict[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise PayPalError("INVALID_PARAMETER_VALUE", field=f"/{name}", value=text)
    return int(text)


def _transaction(document: Document, code: str, status: str, sign: int, reference: str | None = None) -> Document:
    currency = document["amount"]["currency_code"]
    info = {
        "transaction_id": document["id"],
        "transaction_event_code": code,
        "transaction_initiation_date": document["create_time"],
        "transaction_updated_date": document["update_time"],
        "transaction_amount": money(sign * document["_minor"], currency),
        "transaction_status": status,
    }
    if fee := document.get("seller_receivable_breakdown", {}).get("paypal_fee"):
        info["fee_amount"] = {**fee, "value": f"-{fee['value']}"}
    if reference:
        info |= {"paypal_reference_id": reference, "paypal_reference_id_type": "TXN"}
    for name, source in (("custom_field", "custom_id"), ("invoice_id", "invoice_id")):
        if source in document:
            info[name] = document[source]
    return {"transaction_info": info}


def search(sandbox: Provider, query: dict[str, str]) -> Document:
    """Captures and refunds by the time they were made, a page at a time. Raises PayPalError."""
    if not sandbox.switches["reporting"]:
        raise PayPalError(status=403)
    start, end = _moment(query, "start_date"), _moment(query, "end_date")
    if end < start or end - start > LONGEST_RANGE:
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/end_date", value=query["end_date"])
    size, page = _number(query, "page_size", 100, LARGEST_PAGE), _number(query, "page", 1, 10_000)
    found = [
        _transaction(made, PAYMENT, STATUS_OF_CAPTURE.get(made["status"], "S"), 1)
        for made in sandbox.objects.of("capture")
    ] + [
        _transaction(made, REFUND, STATUS_OF_REFUND.get(made["status"], "S"), -1, made["_capture"])
        for made in sandbox.objects.of("refund")
    ]
    chosen = [entry for entry in found if _wanted(entry["transaction_info"], query, start, end)]
    chosen.sort(key=lambda entry: entry["transaction_info"]["transaction_initiation_date"])
    pages = max(1, -(-len(chosen) // size))
    return {
        "transaction_details": chosen[(page - 1) * size : page * size],
        "account_number": MERCHANT_ID,
        "start_date": query["start_date"],
        "end_date": query["end_date"],
        "last_refreshed_datetime": iso(sandbox.clock.now()),
        "page": page,
        "total_items": len(chosen),
        "total_pages": pages,
        "links": [{"href": f"{sandbox.base_url}/v1/reporting/transactions", "rel": "self", "method": "GET"}],
    }


def _wanted(info: Document, query: dict[str, str], start: datetime, end: datetime) -> bool:
    made = datetime.fromisoformat(info["transaction_initiation_date"].replace("Z", "+00:00"))
    return (
        start <= made <= end
        and query.get("transaction_id") in {None, info["transaction_id"]}
        and query.get("transaction_status") in {None, info["transaction_status"]}
        and query.get("transaction_currency") in {None, info["transaction_amount"]["currency_code"]}
    )
