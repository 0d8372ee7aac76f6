"""Balance transactions: what each charge, refund and dispute did to the account, fees included."""

from sandbox.objects import Document
from sandbox.provider import Provider
from sandbox.stripe.identifiers import new

# 1.5 % and 25 cents: believable, so that net is not gross.
PERCENT, FIXED = 15, 25


def post(sandbox: Provider, kind: str, source: str, amount: int, currency: str) -> Document:
    """`amount` in minor units; negative for what leaves the account."""
    fee = amount * PERCENT // 1000 + FIXED if kind == "charge" else 0
    details = {"amount": fee, "application": None, "currency": currency, "description": "Fee", "type": "stripe_fee"}
    now = sandbox.clock.now()
    return sandbox.objects.add(
        "balance_transaction",
        {
            "id": new("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": now,
            "balance_type": "payments",
            "created": now,
            "currency": currency,
            "description": None,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details] if fee else [],
            "net": amount - fee,
            "reporting_category": {"adjustment": "dispute"}.get(kind, kind),
            "source": source,
            "status": "available",
            "type": kind,
        },
        parent=source,
    )
