"""A thousand random histories of what a provider did and of what the shop heard of it: one end.

What happens at the provider is drawn, act by act; between the acts any event may be delivered, any number of times, in
any order, with any gap, and its object is fetched late as often as not. Whatever was heard, once the reconciler asked,
the shop's rows must be those of a small model that knows the provider's acts alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import LicenseKey
from payments import disputes, providers, refund_submission, settlement, webhooks
from payments.models import Attempt, Dispute, Refund, WebhookEvent
from payments.providers.base import (
    Begun,
    DisputeSnapshot,
    NotFound,
    Parameters,
    Provider,
    RefundSnapshot,
    Snapshot,
    Subject,
    Trace,
)
from privacy import clock
from shop.models import Order, OrderUnit
from tests.payments import paying

PAYMENT, REFUND, DISPUTE = "payment", "refund", "dispute"
PRICE, PART = Decimal(119), Decimal(40)
#: The ways that a payment, a refund and a dispute take at a provider.
PAYMENTS = (
    ("requires_action", "captured"),
    ("requires_action", "processing", "captured"),
    ("requires_action", "failed", "captured"),
    ("requires_action", "processing", "failed"),
    ("requires_action", "expired"),
)
REFUNDS = ((), ("succeeded",), ("submitted", "succeeded"), ("submitted", "failed"), ("succeeded", "failed"))
DISPUTES = ((), ("open",), ("open", "won"), ("open", "lost"), ("open", "lost", "won"))
MOMENT = clock.now()


@dataclass
class Books:
    """What a provider says of each of its objects, now and before."""

    said: dict[str, list[str]] = field(default_factory=lambda: {PAYMENT: [], REFUND: [], DISPUTE: []})
    amount: Decimal = PRICE
    label: str = ""
    lag: int = 0

    def state(self, subject: str) -> str:
        """As it is now, or as it was `lag` acts ago where the answer was slow. Raises NotFound before the first act."""
        if not self.said[subject]:
            raise NotFound("nothing")
        return self.said[subject][max(len(self.said[subject]) - 1 - self.lag, 0)]


class Carrier(Provider):
    """A provider whose books a test writes."""

    name = key_prefix = "carrier"
    sends_webhooks = True
    books = Books()

    def is_live(self) -> bool:
        return False

    def is_configured(self) -> bool:
        return True

    def serves(self, country: str, on: date) -> bool:
        return True

    def parameters(self, order: Order, attempt: Attempt) -> Parameters:
        return {}

    def begin(self, key: str, parameters: Parameters) -> Begun:
        return Begun(url="https://pay.example/", references={"carrier_page": "page"})

    def fetch(self, attempt: Attempt) -> Snapshot:
        state = self.books.state(PAYMENT)
        paid = {"carrier_payment": "paid"} if state == "captured" else {}
        return Snapshot(state=state, label=self.books.label, amount=PRICE, currency="EUR", references=paid)

    def cancel(self, attempt: Attempt) -> Snapshot:
        """No history gives a payment up: it says what became of it."""
        return self.fetch(attempt)

    def fetch_refund(self, provider_refund: str) -> RefundSnapshot:
        return RefundSnapshot(
            state=self.books.state(REFUND),
            provider_refund=provider_refund,
            amount=self.books.amount,
            currency="EUR",
            payment=("carrier_payment", "paid"),
        )

    def fetch_dispute(self, provider_dispute: str) -> DisputeSnapshot:
        state = self.books.state(DISPUTE)
        return DisputeSnapshot(
            state=state,
            provider_dispute=provider_dispute,
            payment=("carrier_payment", "paid"),
            amount=PRICE,
            currency="EUR",
            reason="fraudulent",
            is_withdrawn=state != "won",
            opened_at=MOMENT,
        )

    def subject_of(self, kind: str) -> Subject:
        return {PAYMENT: Subject.PAYMENT, REFUND: Subject.REFUND, DISPUTE: Subject.DISPUTE}[kind]

    def trace(self, kind: str, object_id: str) -> Trace | None:
        return self.trace_payment("carrier_payment", "paid")

    def trace_payment(self, kind: str, value: str) -> Trace | None:
        return Trace(label=self.books.label, amount=PRICE, currency="EUR", references={"carrier_page": "page"})


@dataclass(frozen=True)
class History:
    """Acts in their order, and after each of them which events arrive, with how late their object is fetched."""

    acts: list[tuple[str, str]]
    heard: list[list[tuple[str, int]]]
    amount: Decimal


#: Found by a draw: the dispute of a payment that went back is heard of before the refund.
REFUNDED_AND_DISPUTED = History(
    acts=[(PAYMENT, "requires_action"), (PAYMENT, "captured"), (REFUND, "succeeded"), (DISPUTE, "open")],
    heard=[[], [], [], [(DISPUTE, 0)]],
    amount=PRICE,
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    paid = draw(st.sampled_from(PAYMENTS))
    acts = [(PAYMENT, state) for state in paid]
    if paid[-1] == "captured":
        later = {REFUND: list(draw(st.sampled_from(REFUNDS))), DISPUTE: list(draw(st.sampled_from(DISPUTES)))}
        while any(later.values()):
            subject = draw(st.sampled_from([name for name, left in later.items() if left]))
            acts.append((subject, later[subject].pop(0)))
    event = st.tuples(st.sampled_from([PAYMENT, REFUND, DISPUTE]), st.integers(0, 2))
    heard = [draw(st.lists(event, max_size=2)) for _ in acts]
    return History(acts, heard, draw(st.sampled_from([PRICE, PART])))


def expected(history: History) -> dict[str, Any]:
    """The model: what the acts alone make of it, whatever was heard."""
    last = dict(history.acts)
    state = last[PAYMENT]
    if state != "captured":
        return {"attempt": state, "order": "pending_payment", "refund": None, "dispute": None}
    return {"attempt": state, "order": "paid", "refund": _standing(last.get(REFUND)), "dispute": last.get(DISPUTE)}


def _standing(refund: str | None) -> str | None:
    """A refund that failed gave nothing back: whether the shop ever heard of it makes no difference."""
    return None if refund == "failed" else refund


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    made = Carrier()
    monkeypatch.setitem(providers._PROVIDERS, made.name, made)
    return made


@pytest.mark.django_db
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(history=histories())
@example(history=REFUNDED_AND_DISPUTED)
def test_whatever_was_heard_the_end_is_what_happened(carrier: Carrier, waiting: Attempt, history: History) -> None:
    with transaction.atomic():
        carrier.books = Books(amount=history.amount, label=waiting.label)
        for number, ((subject, state), heard) in enumerate(zip(history.acts, history.heard, strict=True)):
            carrier.books.said[subject].append(state)
            for place, (about, lag) in enumerate(heard):
                carrier.books.lag = lag
                _deliver(f"{number}-{place}", about)
        carrier.books.lag = 0
        _reconcile(carrier, waiting)
        found = _found(waiting)
        connection.check_constraints()
        transaction.set_rollback(True)
    assert found == expected(history) | _keys(history)


@pytest.fixture
def waiting(db: None, carrier: Carrier) -> Attempt:
    attempt = Attempt.objects.create(
        order=paying.order(), number=1, provider="carrier", amount=PRICE, currency="EUR", state="requires_action"
    )
    settlement.save_references(attempt, {"carrier_page": "page"})
    return Attempt.objects.select_related("order").get(pk=attempt.pk)


def _deliver(event_id: str, about: str) -> None:
    webhooks.handle(
        WebhookEvent.objects.create(provider="carrier", event_id=event_id, kind=about, object_id=_object(about))
    )


def _object(about: str) -> str:
    return {PAYMENT: "page", REFUND: "re_1", DISPUTE: "du_1"}[about]


def _reconcile(carrier: Carrier, waiting: Attempt) -> None:
    """Asks once more for everything that the provider has, as the timetable and the provider's list do."""
    settlement.look(Attempt.objects.select_related("order").get(pk=waiting.pk))
    if carrier.books.said[REFUND]:
        refund_submission.look("carrier", _object(REFUND))
    if carrier.books.said[DISPUTE]:
        disputes.look("carrier", _object(DISPUTE))


def _found(waiting: Attempt) -> dict[str, Any]:
    attempt = Attempt.objects.select_related("order").get(pk=waiting.pk)
    refund = Refund.objects.first()
    dispute = Dispute.objects.first()
    return {
        "attempt": attempt.state,
        "order": attempt.order.state,
        "refund": _standing(refund.state if refund else None),
        "dispute": dispute.state if dispute else None,
        "keys": list(LicenseKey.objects.values_list("state", flat=True)),
        "unit": OrderUnit.objects.get().state,
    }


def _keys(history: History) -> Mapping[str, Any]:
    """What becomes of the one key and its unit: a full refund or a lost dispute ends it, what is open suspends it."""
    last = dict(history.acts)
    if last[PAYMENT] != "captured":
        return {"keys": [], "unit": "ordered"}
    refund = last.get(REFUND) if history.amount == PRICE else None
    if refund == "succeeded" or last.get(DISPUTE) == "lost":
        return {"keys": ["revoked"], "unit": "refunded"}
    suspended = refund == "submitted" or last.get(DISPUTE) == "open"
    return {"keys": ["suspended" if suspended else "assigned"], "unit": "fulfilled"}
