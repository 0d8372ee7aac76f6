"""Cards, through Stripe's hosted Checkout: https://docs.stripe.com/api/checkout/sessions.

The card is typed on Stripe's page (P11b), and only for billing countries of the European Union (P11a).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import stripe
from django.conf import settings

from payments import links, money
from payments.models import Attempt, Refund
from payments.models.events import FROM_LIST
from payments.providers.base import (
    Begun,
    Choice,
    DisputeSnapshot,
    Entry,
    Forged,
    NoAnswer,
    Notice,
    Parameters,
    Provider,
    ProviderError,
    Redaction,
    RefundSnapshot,
    Snapshot,
    Subject,
    Trace,
    reading,
)
from payments.providers.stripe_objects import (
    CHARGE,
    EXPONENTS,
    PAYMENT,
    SESSION,
    dispute_snapshot_of,
    entry_of_charge,
    entry_of_dispute,
    entry_of_refund,
    refund_snapshot_of,
    snapshot_of,
    trace_of,
    warned_payment_of,
)
from payments.providers.stripe_transport import ask, client
from privacy import clock
from shop import eu_members, orders
from shop.models import Order, OrderLine

SHORTEST, LONGEST = timedelta(minutes=31), timedelta(hours=23, minutes=55)  # Stripe: 30 minutes to 24 hours
TOLERANCE, PAGE = 300, 100
#: A buyer waits for these two calls: their answers are read as plain data, without the package's objects around them.
SESSIONS = "/v1/checkout/sessions"
REDACTIONS = "/v1/privacy/redaction_jobs"
PREVIEW = "2026-10-28.preview"
#: Under which name a redaction job lists the ids of each kind. A session takes its payment along.
REDACTED = {SESSION: "checkout_sessions", PAYMENT: "payment_intents"}
EXPAND = {"expand": ["payment_intent.latest_charge"]}
WARNING = "radar.early_fraud_warning.created"
#: Which events are of use, by the beginning of their kind, and what each is about: the first that fits.
SUBJECTS = {
    "charge.dispute.": Subject.DISPUTE,
    "charge.refund.": Subject.REFUND,
    "refund.": Subject.REFUND,
    WARNING: Subject.FRAUD_WARNING,
    "checkout.session.": Subject.PAYMENT,
    "payment_intent.": Subject.PAYMENT,
    "charge.": Subject.PAYMENT,
}


class Stripe(Provider):
    """See `payments.providers.base.Provider` for when each method is called."""

    name, key_prefix = "stripe", "cs"
    remembers = timedelta(hours=24)  # https://docs.stripe.com/api/idempotent_requests
    choice = Choice(
        "card", "Card", "You type the number on Stripe’s page. It never passes through this shop.", "by card"
    )
    return_query = ("session_id", SESSION)
    sends_webhooks = True
    needs_country = True  # P11a is judged once more by what the payment brought back

    def is_live(self) -> bool:
        return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))

    def is_configured(self) -> bool:
        return bool(settings.STRIPE_SECRET_KEY)

    def serves(self, country: str, on: date) -> bool:
        return eu_members.is_member(country, on)

    def parameters(self, order: Order, attempt: Attempt) -> Parameters:
        now = clock.now()
        metadata = {"order": order.number, "attempt": str(attempt.number), "shop": settings.INSTALLATION}
        return {
            "mode": "payment",
            "client_reference_id": attempt.label,
            "line_items": [_line_item(line, order.currency) for line in orders.lines_of(order)],
            "allowed_payment_method_types": ["card"],
            "adaptive_pricing": {"enabled": False},  # the buyer pays the currency and the sum that the order names
            "billing_address_collection": "required",
            "customer_email": order.party.email,
            "locale": "auto",
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
            "expires_at": int(min(max(order.expires_at, now + SHORTEST), now + LONGEST).timestamp()),
            "success_url": f"{links.back(self.name, order)}?session_id={{CHECKOUT_SESSION_ID}}",
            "cancel_url": links.cancelled(self.name, order),
        }

    def moved(self, parameters: Parameters, ahead: timedelta) -> Parameters:
        return {**parameters, "expires_at": parameters["expires_at"] + round(ahead.total_seconds())}

    def begin(self, key: str, parameters: Parameters) -> Begun:
        session = ask(lambda: client().raw_request("post", SESSIONS, idempotency_key=key, **parameters))
        with reading():
            return Begun(url=session["url"], references={SESSION: session["id"]})

    def fetch(self, attempt: Attempt) -> Snapshot:
        identifier = attempt.reference(SESSION)
        if not identifier:
            raise NoAnswer("no_session")  # the call that made it has no answer yet
        return snapshot_of(ask(lambda: client().raw_request("get", f"{SESSIONS}/{quote(identifier)}", **EXPAND)))

    def cancel(self, attempt: Attempt) -> Snapshot:
        identifier = attempt.reference(SESSION)
        if not identifier:
            return Snapshot(state=Attempt.State.CANCELLED)
        try:
            return snapshot_of(ask(lambda: client().v1.checkout.sessions.expire(identifier, params=EXPAND)))  # type: ignore[arg-type]
        except ProviderError as error:
            if not error.permanent:
                raise
        return self.fetch(attempt)  # it isn't open any more: paid, or expired

    def refund(self, refund: Refund) -> RefundSnapshot:
        parameters = {
            "payment_intent": refund.attempt.reference(PAYMENT),
            "amount": money.to_minor(refund.amount, refund.attempt.currency, EXPONENTS),
            "metadata": {"refund": str(refund.pk)},
        }
        options = {"idempotency_key": refund.idempotency_key}
        return refund_snapshot_of(ask(lambda: client().v1.refunds.create(params=parameters, options=options)))  # type: ignore[arg-type]

    def refunds_of(self, attempt: Attempt) -> list[RefundSnapshot]:
        payment = attempt.reference(PAYMENT)
        listed = ask(lambda: client().v1.refunds.list(params={"payment_intent": payment, "limit": 100}))
        with reading():
            return [refund_snapshot_of(document) for document in listed["data"]]

    def fetch_refund(self, provider_refund: str) -> RefundSnapshot:
        return refund_snapshot_of(ask(lambda: client().v1.refunds.retrieve(provider_refund)))

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        try:
            event = stripe.Webhook.construct_event(
                body, headers.get("Stripe-Signature"), settings.STRIPE_WEBHOOK_SECRET, TOLERANCE
            ).to_dict()
            kind = str(event["type"])
            is_ours = event.get("livemode", False) == self.is_live() and not event.get("account")
            if not is_ours or not kind.startswith(tuple(SUBJECTS)):
                return None
            return Notice(str(event["id"]), kind, str(event["data"]["object"]["id"]))
        except stripe.SignatureVerificationError as error:
            raise Forged(error.user_message or "bad signature") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Forged("not an event") from error

    def subject_of(self, kind: str) -> Subject:
        return next(subject for beginning, subject in SUBJECTS.items() if kind.startswith(beginning))

    def trace(self, kind: str, object_id: str) -> Trace | None:
        if kind.startswith("checkout.session."):
            return trace_of(ask(lambda: client().v1.checkout.sessions.retrieve(object_id)))
        if kind.startswith("payment_intent."):
            return self.trace_payment(PAYMENT, object_id)
        return self.trace_payment(CHARGE, object_id)

    def trace_payment(self, kind: str, value: str) -> Trace | None:
        """With the session by which an attempt is looked at: a payment doesn't name it, the list of sessions does."""
        if kind == CHARGE:
            return trace_of(ask(lambda: client().v1.charges.retrieve(value)))
        found = trace_of(ask(lambda: client().v1.payment_intents.retrieve(value)))
        listed = ask(lambda: client().v1.checkout.sessions.list(params={"payment_intent": value, "limit": 1}))
        with reading():
            sessions = [session["id"] for session in listed["data"]]
        return replace(found, references={SESSION: sessions[0]} if sessions else {})

    def refunds_behind(self, kind: str, object_id: str) -> list[str]:
        """Accounts of older versions of the interface send `charge.refunded` alone, with the charge."""
        if kind != "charge.refunded":
            return []
        listed = ask(lambda: client().v1.refunds.list(params={"charge": object_id, "limit": 100}))
        with reading():
            return [document["id"] for document in listed["data"]]

    def fetch_dispute(self, provider_dispute: str) -> DisputeSnapshot:
        return dispute_snapshot_of(ask(lambda: client().v1.disputes.retrieve(provider_dispute)))

    def warned_payment(self, object_id: str) -> tuple[str, str]:
        return warned_payment_of(ask(lambda: client().v1.radar.early_fraud_warnings.retrieve(object_id)))

    def fraud_warnings(self, since: datetime, until: datetime) -> Iterator[Notice]:
        for document in _pages(client().v1.radar.early_fraud_warnings.list, since, until):
            with reading():
                yield Notice(f"{FROM_LIST}{document['id']}", WARNING, str(document["id"]))

    def dashboard(self, provider_dispute: str) -> str:
        return f"https://dashboard.stripe.com/{'' if self.is_live() else 'test/'}disputes/{provider_dispute}"

    def redact(self, key: str, references: Mapping[str, Sequence[str]]) -> str:
        objects = {REDACTED[kind]: list(values) for kind, values in references.items() if kind in REDACTED}
        asked = {"idempotency_key": key, "stripe_version": PREVIEW, "objects": objects}
        job = ask(lambda: client().raw_request("post", REDACTIONS, **asked))
        with reading():
            return str(job["id"])

    def redaction(self, job: str) -> Redaction:
        address, asked = f"{REDACTIONS}/{quote(job)}", {"stripe_version": PREVIEW}
        found = ask(lambda: client().raw_request("get", address, **asked))
        if found.get("status") == "ready":
            found = ask(lambda: client().raw_request("post", f"{address}/run", **asked))
        with reading():
            ends = {"succeeded": Redaction.DONE, "failed": Redaction.REFUSED, "canceled": Redaction.REFUSED}
            return ends.get(found["status"], Redaction.GOES_ON)

    def redaction_guide(self) -> Sequence[str]:
        return (
            "Ask Stripe's support to redact the payments below; docs.stripe.com/privacy says what it can do.",
            "Note here when Stripe has confirmed it.",
        )

    def statement(self, since: datetime, until: datetime) -> Iterator[Entry]:
        v1 = client().v1
        lists: tuple[tuple[Callable[..., Any], Callable[[dict[str, Any]], Entry | None]], ...] = (
            (v1.charges.list, entry_of_charge),
            (v1.refunds.list, entry_of_refund),
            (v1.disputes.list, entry_of_dispute),
        )
        for listed, read in lists:
            for document in _pages(listed, since, until):
                entry = read(document)
                if entry is not None:
                    yield entry


def _pages(listed: Callable[..., Any], since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """Every object of a list that was made from one moment on and before another, the newest first."""
    window = {"created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())}, "limit": PAGE}
    page: dict[str, Any] = ask(lambda: listed(params=window))
    last = ""
    while True:
        with reading():
            documents, has_more = list(page["data"]), page.get("has_more")
            previous, last = last, documents[-1]["id"] if documents else ""
        if last == previous and documents:
            raise NoAnswer("endless_list")
        yield from documents
        if not has_more or not documents:
            return
        after = {**window, "starting_after": last}
        page = ask(lambda after=after: listed(params=after))  # type: ignore[misc]


def _line_item(line: OrderLine, currency: str) -> dict[str, Any]:
    """A line with its gross total. Where the total isn't the quantity times a whole price (it was rounded once), the
    quantity stands in the name."""
    total, name = money.to_minor(line.total, currency, EXPONENTS), f"{line.product_name} {line.edition_name}"
    price, rest = divmod(total, line.quantity)
    quantity = line.quantity
    if rest:
        price, quantity, name = total, 1, f"{line.quantity} × {name}"
    return {
        "price_data": {"currency": currency.lower(), "unit_amount": price, "product_data": {"name": name}},
        "quantity": quantity,
    }
