"""Disputes v1: https://developer.paypal.com/docs/api/customer-disputes/v1/."""

from urllib.parse import urlencode

from sandbox.clock import iso
from sandbox.objects import Document, shown
from sandbox.paypal.amounts import money
from sandbox.paypal.captures import find_capture
from sandbox.paypal.errors import PayPalError
from sandbox.paypal.events import emit
from sandbox.paypal.identifiers import MERCHANT_EMAIL, MERCHANT_ID, dispute_id
from sandbox.provider import Provider

TIME_TO_ANSWER = 10 * 24 * 60 * 60
REASONS = (
    "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
    "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED",
    "UNAUTHORISED",
    "CREDIT_NOT_PROCESSED",
    "DUPLICATE_TRANSACTION",
    "INCORRECT_AMOUNT",
    "PAYMENT_BY_OTHER_MEANS",
    "CANCELED_RECURRING_BILLING",
    "OTHER",
)
OUTCOMES = {True: "RESOLVED_SELLER_FAVOUR", False: "RESOLVED_BUYER_FAVOUR"}
# The shorter form in which lists show a dispute.
IN_LISTS = (
    "dispute_id",
    "create_time",
    "update_time",
    "reason",
    "status",
    "dispute_state",
    "dispute_amount",
    "dispute_life_cycle_stage",
    "dispute_channel",
    "seller_response_due_date",
    "links",
)


def find(sandbox: Provider, identifier: str) -> Document:
    """The stored dispute. Raises PayPalError 404."""
    dispute = sandbox.objects.find("dispute", identifier)
    if dispute is None:
        raise PayPalError("INVALID_RESOURCE_ID")
    return dispute


def open_dispute(sandbox: Provider, made: Document, reason: str) -> Document:
    """The buyer complains about what wasn't refunded of a capture. Raises PayPalError."""
    if reason not in REASONS:
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/reason", value=reason)
    amount = made["_minor"] - made["_refunded"]
    if made["_disputed"] or made["status"] not in {"COMPLETED", "PARTIALLY_REFUNDED"}:
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/status", value=made["status"])
    now = sandbox.clock.now()
    identifier = dispute_id()
    payer = made["_payer"]["name"]
    dispute = sandbox.objects.add(
        "dispute",
        {
            "id": identifier,
            "dispute_id": identifier,
            "create_time": iso(now),
            "update_time": iso(now),
            "disputed_transactions": [
                {
                    "seller_transaction_id": made["id"],
                    "create_time": made["create_time"],
                    "transaction_status": "COMPLETED",
                    "gross_amount": made["amount"],
                    **({"custom": made["custom_id"]} if "custom_id" in made else {}),
                    "buyer": {"name": f"{payer['given_name']} {payer['surname']}"},
                    "seller": {"email": MERCHANT_EMAIL, "merchant_id": MERCHANT_ID, "name": "AzureOps sandbox"},
                }
            ],
            "reason": reason,
            "status": "WAITING_FOR_SELLER_RESPONSE",
            "dispute_state": "REQUIRED_ACTION",
            "dispute_amount": money(amount, made["amount"]["currency_code"]),
            "dispute_life_cycle_stage": "CHARGEBACK",
            "dispute_channel": "INTERNAL",
            "seller_response_due_date": iso(now + TIME_TO_ANSWER),
            "links": [
                {"href": f"{sandbox.base_url}/v1/customer/disputes/{identifier}", "rel": "self", "method": "GET"}
            ],
            "_minor": amount,
            "_capture": made["id"],
        },
        parent=made["id"],
    )
    sandbox.objects.save({**made, "_disputed": True})
    emit(sandbox, "CUSTOMER.DISPUTE.CREATED", "dispute", presented(dispute))
    return dispute


def resolve(sandbox: Provider, identifier: str, *, won: bool) -> Document:
    """PayPal decides. A lost dispute can still be won by an appeal, never the other way round."""
    dispute = find(sandbox, identifier)
    outcome = dispute.get("dispute_outcome", {}).get("outcome_code")
    if outcome in {OUTCOMES[True], OUTCOMES[won]}:
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/dispute_outcome/outcome_code", value=outcome)
    made = find_capture(sandbox, dispute["_capture"])
    currency = made["amount"]["currency_code"]
    if not won:
        sandbox.ledger.add(
            "dispute",
            identifier,
            of=made["id"],
            reference=made.get("custom_id"),
            amount=dispute["_minor"],
            currency=currency,
        )
    elif outcome:
        sandbox.ledger.reverse("dispute", identifier)
    dispute |= {
        "status": "RESOLVED",
        "dispute_state": "RESOLVED",
        "update_time": iso(sandbox.clock.now()),
        "dispute_outcome": {
            "outcome_code": OUTCOMES[won],
            "amount_refunded": money(0 if won else dispute["_minor"], currency),
        },
    }
    sandbox.objects.save(dispute)
    sandbox.objects.save({**made, "_disputed": not won})
    emit(sandbox, "CUSTOMER.DISPUTE.RESOLVED", "dispute", presented(dispute))
    return dispute


def presented(dispute: Document) -> Document:
    """As the interface answers it: under `dispute_id`, without a plain `id`."""
    return {name: value for name, value in shown(dispute).items() if name not in {"id", "dispute_state"}}


def listed(sandbox: Provider, query: dict[str, str]) -> Document:
    """Filtered by transaction, state and times; the newest first. Raises PayPalError."""
    if "start_time" in query and "disputed_transaction_id" in query:
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/start_time")
    states = query["dispute_state"].split(",") if "dispute_state" in query else None
    found = [
        {name: dispute[name] for name in IN_LISTS}
        for dispute in reversed(sandbox.objects.of("dispute"))
        if query.get("disputed_transaction_id") in {None, dispute["_capture"]}
        and (states is None or dispute["dispute_state"] in states)
        and query.get("start_time", "") <= dispute["create_time"]
        and query.get("update_time_after", "") <= dispute["update_time"]
        and dispute["update_time"] <= query.get("update_time_before", "9")
    ]
    size = int(query["page_size"]) if query.get("page_size", "").isdecimal() else 10
    size, token = min(max(size, 1), 50), query.get("next_page_token", "0")
    if not token.isdecimal():
        raise PayPalError("INVALID_PARAMETER_VALUE", field="/next_page_token", value=token)
    start, address = int(token), f"{sandbox.base_url}/v1/customer/disputes"
    links = [{"href": address, "rel": "self", "method": "GET"}]
    if start + size < len(found):
        following = urlencode({**query, "next_page_token": start + size})
        links.append({"href": f"{address}?{following}", "rel": "next", "method": "GET"})
    return {"items": found[start : start + size], "links": links}
