"""Providers that are slow, silent or broken at any call: nobody waits on a lock, and money moves once."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from payments import attempts, refund_submission
from payments.models import Attempt, Refund
from privacy import clock
from shop.payment_methods import PaymentUnavailable
from tests.chaos import workers
from tests.faults import buying
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_the_end")]
BEGIN, SETTLE, REFUND = STEPS = ("begin", "settle", "refund")
#: The call of each step that moves something there, or, of a card, asks what the buyer moved.
CALLS = {
    ("stripe", BEGIN): "POST /v1/checkout/sessions",
    ("stripe", SETTLE): "GET /v1/checkout/sessions/*",
    ("stripe", REFUND): "POST /v1/refunds",
    ("paypal", BEGIN): "POST /v2/checkout/orders",
    ("paypal", SETTLE): "POST /v2/checkout/orders/*/capture",
    ("paypal", REFUND): "POST /v2/payments/captures/*/refund",
}
#: A call is repeated once by itself: `times` says whether that was enough.
RULES: dict[str, dict[str, Any]] = {
    "the answer is dropped": {"action": "drop"},
    "two answers are dropped": {"action": "drop", "times": 2},
    "500 then success": {"action": "error"},
    "500 twice": {"action": "error", "times": 2},
}
LOCKS = """
    SELECT activity.state, locks.mode, locks.relation::regclass::text
    FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)
    WHERE activity.datname = current_database() AND pid <> pg_backend_pid()
"""


class Purchase:
    """A purchase and its refund, each step of which is tried twice if it has to be."""

    def __init__(self, till: Till, buyer: Client, *, pause: float = 0.0) -> None:
        """`pause`: seconds before the second try."""
        self.till, self.buyer, self.order, self.pause = till, buyer, buying.order(), pause

    def begin(self) -> None:
        try:
            attempts.begin(self.order, self.till.name)
        except PaymentUnavailable:
            time.sleep(self.pause)
            attempts.begin(self.order, self.till.name)

    def settle(self) -> None:
        attempt = buying.pay(self.till, self.buyer)
        if paying.states(attempt)[0] != "captured":
            time.sleep(self.pause)
            paying.come_back(self.buyer, self.till, attempt, buying.latest(self.till)[1])

    def refund(self) -> None:
        workers.give_back(self.order.pk)
        refund_submission.submit_due()
        asked = Refund.objects.get()
        if asked.next_try_at is not None:
            time.sleep(self.pause)
            with clock.at(asked.next_try_at):
                refund_submission.submit_due()

    def walk(self, *, before: str, prepare: Callable[[], None]) -> None:
        for step in STEPS:
            if step == before:
                prepare()
            getattr(self, step)()

    def check(self) -> None:
        """It was paid once and given back once, and its keys, which the buyer has seen, work no more."""
        captured = Attempt.objects.get(order=self.order, state="captured")
        assert paying.states(captured) == ("captured", "paid", ["revoked"] * 3)
        books = self.till.sandbox.ledger()
        assert (books["captures"], books["refunds"]) == ({"EUR": 35700}, {"EUR": 35700})


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("rule", RULES)
def test_a_call_goes_wrong(till: Till, buyer: Client, step: str, rule: str) -> None:
    purchase, match = Purchase(till, buyer), CALLS[till.name, step]
    purchase.walk(before=step, prepare=lambda: till.sandbox.faults({"match": match, **RULES[rule]}))
    assert till.sandbox.faults_left() == []
    purchase.check()
    assert len(buying.pages(till)) == 1


def test_an_error_that_stripe_keeps_for_its_key_is_answered_by_another_key(
    tills: dict[str, Till], buyer: Client
) -> None:
    """Stripe replays a 500 to whoever repeats the call: the next click needs a call of its own."""
    till = tills["stripe"]
    match = {"match": CALLS["stripe", BEGIN], "action": "error", "saved": True}
    Purchase(till, buyer).walk(before=BEGIN, prepare=lambda: till.sandbox.faults(match))
    assert list(Attempt.objects.order_by("number").values_list("state", flat=True)) == ["failed", "captured"]


@pytest.mark.parametrize("step", STEPS)
def test_no_lock_is_held_while_a_provider_is_slow(till: Till, buyer: Client, settings: Any, step: str) -> None:
    """The provider takes longer than we wait. Meanwhile no transaction is open, and afterwards nothing is lost."""
    settings.PROVIDER_TIMEOUT = 0.5
    found: list[Any] = []
    watching = threading.Thread(target=_look_for_locks, args=[till, found])

    def prepare() -> None:
        till.sandbox.faults({"match": CALLS[till.name, step], "action": "slow", "seconds": 1.0})
        watching.start()

    purchase = Purchase(till, buyer, pause=0.7)
    purchase.walk(before=step, prepare=prepare)
    watching.join()
    assert found == [[]] * 3
    purchase.check()


def _look_for_locks(till: Till, found: list[Any]) -> None:
    """Three times while the provider doesn't answer: which locks others hold."""
    while till.sandbox.provider.faults.left():
        threading.Event().wait(0.01)
    try:
        for _ in range(3):
            threading.Event().wait(0.08)
            with connection.cursor() as cursor:
                cursor.execute(LOCKS)
                found.append(cursor.fetchall())
    finally:
        connections.close_all()


def test_a_provider_that_stays_away_leaves_the_order_to_be_paid_otherwise(
    tills: dict[str, Till], buyer: Client
) -> None:
    """The page says that nothing was taken, and the other way to pay works."""
    tills["stripe"].sandbox.faults({"match": "* /v1/*", "action": "down", "times": 99})
    placed = buying.order()
    with suppress(PaymentUnavailable):
        attempts.begin(placed, "stripe")
    buying.begun(tills["paypal"], placed)
    assert paying.states(buying.pay(tills["paypal"], buyer)) == ("captured", "paid", ["assigned"] * 3)
    assert tills["stripe"].captured() == {}
