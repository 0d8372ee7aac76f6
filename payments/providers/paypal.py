"""PayPal, through Orders v2 and Payments v2: https://developer.paypal.com/docs/api/orders/v2/.

PayPal gets the total and billing information, nothing else (P10): no products, no VAT number, no purchase-order number.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from payments import links, money
from payments.models import Attempt, Refund
from payments.providers import paypal_signatures, paypal_statement
from payments.providers.base import (
    Begun,
    Choice,
    DisputeSnapshot,
    Entry,
    Forged,
    NoAnswer,
    NotFound,
    Notice,
    Parameters,
    Provider,
    ProviderError,
    RefundSnapshot,
    Snapshot,
    Subject,
    Trace,
    reading,
)
from payments.providers.paypal_objects import (
    CAPTURE,
    ORDER,
    custom_id,
    dispute_snapshot_of,
    payments_of,
    refund_snapshot_of,
    snapshot_of,
    trace_of,
)
from payments.providers.paypal_transport import transport
from shop.models import Order, OrderParty

#: Currencies that PayPal takes without decimals: https://developer.paypal.com/api/rest/reference/currency-codes/.
EXPONENTS = dict.fromkeys(("HUF", "JPY", "TWD"), 0)
LIVE = "https://api-m.paypal.com"
ORDER_KIND = "CHECKOUT.ORDER."
#: Which events are of use, by the beginning of their kind, and what each is about: the first that fits.
SUBJECTS = {
    "PAYMENT.CAPTURE.REFUNDED": Subject.REFUND,
    "PAYMENT.CAPTURE.REVERSED": Subject.REFUND,
    "PAYMENT.REFUND.": Subject.REFUND,
    "CUSTOMER.DISPUTE.": Subject.DISPUTE,
    "PAYMENT.CAPTURE.": Subject.PAYMENT,
    ORDER_KIND: Subject.PAYMENT,
}
WHOLE = {"Prefer": "return=representation"}
NOT_YET = frozenset({"ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"})
#: PayPal's own pattern is longer; an address that this one refuses is left out.
PLAIN_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]{2,}")


class PayPal(Provider):
    """See `payments.providers.base.Provider` for when each method is called."""

    name, key_prefix = "paypal", "ppo"
    remembers = timedelta(hours=6)  # of orders; refunds are remembered longer
    choice = Choice("paypal", "PayPal", "We pass on the total and the billing address, nothing else.", "with PayPal")
    return_query = ("token", ORDER)
    sends_webhooks = True
    statement_delay = timedelta(hours=3)  # https://developer.paypal.com/docs/api/transaction-search/v1/

    def is_live(self) -> bool:
        return settings.PAYPAL_API_BASE in {LIVE, "https://api.paypal.com"}

    def is_configured(self) -> bool:
        return bool(settings.PAYPAL_CLIENT_ID and settings.PAYPAL_CLIENT_SECRET)

    def serves(self, country: str, on: date) -> bool:
        return True

    def parameters(self, order: Order, attempt: Attempt) -> Parameters:
        def amount(value: Decimal) -> dict[str, str]:
            return _amount(value, order.currency)

        return {
            "intent": "CAPTURE",
            "purchase_units": [
                {
                    "custom_id": custom_id(attempt),
                    "invoice_id": custom_id(attempt),  # PayPal may refuse a number twice, whoever wrote it
                    "amount": {
                        **amount(order.total),
                        "breakdown": {"item_total": amount(order.net), "tax_total": amount(order.tax)},
                    },
                }
            ],
            "payment_source": {
                "paypal": {
                    **_payer(order.party, order.country),
                    "experience_context": {
                        "brand_name": settings.STORE_NAME[:127],
                        "user_action": "PAY_NOW",
                        "shipping_preference": "NO_SHIPPING",
                        "return_url": links.back(self.name, order),
                        "cancel_url": links.cancelled(self.name, order),
                    },
                }
            },
        }

    def begin(self, key: str, parameters: Parameters) -> Begun:
        made = transport().post("v2/checkout/orders", parameters, headers={"PayPal-Request-Id": key})
        with reading():
            urls = {link["rel"]: link["href"] for link in made.get("links", [])}
            url = urls.get("payer-action") or urls.get("approve")
            if not url:
                raise ProviderError("no_approval_link", permanent=True)
            return Begun(url=url, references={ORDER: made["id"]})

    def fetch(self, attempt: Attempt) -> Snapshot:
        identifier = attempt.reference(ORDER)
        if not identifier:
            raise NoAnswer("no_order")  # the call that made it has no answer yet
        try:
            return self._snapshot(transport().get(f"v2/checkout/orders/{identifier}"))
        except NotFound:  # PayPal forgets an order that nobody approved in time
            if attempt.state in {Attempt.State.CREATED, Attempt.State.REQUIRES_ACTION}:
                return Snapshot(state=Attempt.State.EXPIRED)
            raise

    def capture(self, attempt: Attempt) -> Snapshot:
        identifier = attempt.reference(ORDER)
        headers = {"PayPal-Request-Id": f"cap:{identifier}", **WHOLE}
        try:
            made = transport().post(f"v2/checkout/orders/{identifier}/capture", {}, headers=headers)
        except ProviderError as error:
            if not error.permanent:
                raise
            if error.code == "ORDER_ALREADY_CAPTURED":
                return self.fetch(attempt)
            if error.code in NOT_YET:
                return Snapshot(state=Attempt.State.REQUIRES_ACTION)
            return Snapshot(state=Attempt.State.FAILED, problem=error.code)
        is_whole = any("amount" in capture for capture in payments_of(made, "captures"))
        return self._snapshot(made) if is_whole else self.fetch(attempt)

    def _snapshot(self, order: dict[str, Any]) -> Snapshot:
        return snapshot_of(order, is_live=self.is_live())

    def cancel(self, attempt: Attempt) -> Snapshot:
        """PayPal can't close an order. One that isn't captured takes no money, and we capture no closed attempt."""
        if not attempt.reference(ORDER):
            return Snapshot(state=Attempt.State.CANCELLED)
        snapshot = self.fetch(attempt)
        if snapshot.state == Attempt.State.REQUIRES_ACTION:
            return Snapshot(state=Attempt.State.CANCELLED)
        return snapshot

    def refund(self, refund: Refund) -> RefundSnapshot:
        capture = refund.attempt.reference(CAPTURE)
        body = {"amount": _amount(refund.amount, refund.attempt.currency), "custom_id": f"refund-{refund.pk}"}
        headers = {"PayPal-Request-Id": refund.idempotency_key, **WHOLE}
        made = transport().post(f"v2/payments/captures/{capture}/refund", body, headers=headers)
        if "amount" in made:
            return refund_snapshot_of(made)
        with reading():
            identifier = made["id"]
        return self.fetch_refund(identifier)

    def refunds_of(self, attempt: Attempt) -> list[RefundSnapshot]:
        """Those that PayPal shows inside the order."""
        order = transport().get(f"v2/checkout/orders/{attempt.reference(ORDER)}")
        return [refund_snapshot_of(document) for document in payments_of(order, "refunds") if "amount" in document]

    def fetch_refund(self, provider_refund: str) -> RefundSnapshot:
        return refund_snapshot_of(transport().get(f"v2/payments/refunds/{provider_refund}"))

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        paypal_signatures.verify(headers, body, webhook_id=settings.PAYPAL_WEBHOOK_ID)
        try:
            event = json.loads(body)
            kind = str(event["event_type"])
            if not kind.startswith(tuple(SUBJECTS)):
                return None
            resource = event["resource"]
            is_dispute = self.subject_of(kind) == Subject.DISPUTE
            return Notice(str(event["id"]), kind, str(resource["dispute_id" if is_dispute else "id"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Forged("not an event") from error

    def subject_of(self, kind: str) -> Subject:
        return next(subject for beginning, subject in SUBJECTS.items() if kind.startswith(beginning))

    def trace(self, kind: str, object_id: str) -> Trace | None:
        if kind.startswith(ORDER_KIND):
            return trace_of(transport().get(f"v2/checkout/orders/{object_id}"))
        return self.trace_payment(CAPTURE, object_id)

    def trace_payment(self, kind: str, value: str) -> Trace | None:
        return trace_of(transport().get(f"v2/payments/captures/{value}"))

    def fetch_dispute(self, provider_dispute: str) -> DisputeSnapshot:
        return dispute_snapshot_of(transport().get(f"v1/customer/disputes/{provider_dispute}"))

    def dashboard(self, provider_dispute: str) -> str:
        return f"https://www.{'' if self.is_live() else 'sandbox.'}paypal.com/resolutioncenter/view/{provider_dispute}"

    def redaction_guide(self) -> Sequence[str]:
        return (
            "Ask PayPal's merchant support to remove the buyer's data from the payments below.",
            "What PayPal keeps of its own customers it decides itself: the person can ask it for that.",
            "Note here when PayPal has answered.",
        )

    def statement(self, since: datetime, until: datetime) -> Iterator[Entry]:
        return paypal_statement.entries(since, until)


def _amount(value: Decimal, currency: str) -> dict[str, str]:
    return {"currency_code": currency, "value": money.to_text(value, currency, EXPONENTS)}


def _payer(party: OrderParty, country: str) -> dict[str, Any]:
    """Billing information (P10): name, e-mail address and postal address, each where there is one."""
    given, _, surname = party.name.rpartition(" ")
    address = {
        "address_line_1": party.street,
        "admin_area_2": party.city,
        "admin_area_1": party.region,
        "postal_code": party.postal_code,
        "country_code": country,
    }
    payer: dict[str, Any] = {"address": _given(address)}
    if party.name:
        payer["name"] = _given({"given_name": given, "surname": surname})
    if PLAIN_EMAIL.fullmatch(party.email):
        payer["email_address"] = party.email
    return payer


def _given(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
