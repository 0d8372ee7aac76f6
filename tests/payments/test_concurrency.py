"""Two at once: the same answer twice, webhook beside return page, two buttons, two workers, two refunds."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections
from django.db.models import QuerySet
from django.test import Client

from payments import attempts, refund_submission, refunds, settlement, webhooks
from payments.models import Attempt, Refund, WebhookEvent
from payments.providers.base import Snapshot
from privacy.models import Alert, OutgoingMail
from shop.models import Order
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import DECISIVE, deliver

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[Exception]:
    """Runs the deeds in threads that start together; answers what they raised."""
    start, raised = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], Any]) -> None:
        try:
            start.wait()
            deed()
        except Exception as error:  # noqa: BLE001  (whatever it is, the test judges it)
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def captured(attempt: Attempt) -> Snapshot:
    return Snapshot(
        state="captured", label=attempt.label, amount=attempt.amount, currency=attempt.currency, country="DE"
    )


def test_the_same_answer_twice_at_once_gives_the_keys_once(stripe_sandbox: Any) -> None:
    attempt, _ = paying.begun(Till("stripe", stripe_sandbox), paying.order(3))
    raised = at_once(*[lambda: settlement.apply_snapshot(attempt.pk, captured(attempt))] * 8)
    assert raised == []
    assert paying.states(attempt) == ("captured", "paid", ["assigned"] * 3)
    assert [kind for kind, _ in purchases.events(attempt.order)].count("paid") == 1
    assert OutgoingMail.objects.filter(kind="order_confirmation").count() == 1
    assert (Refund.objects.count(), Alert.objects.count()) == (0, 0)


def test_canary_without_the_order_s_lock_it_is_paid_twice(stripe_sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt, _ = paying.begun(Till("stripe", stripe_sandbox))
    both = threading.Barrier(2, timeout=5)

    def unlocked(rows: QuerySet[Any], **_options: Any) -> QuerySet[Any]:
        if rows.model is Order:
            both.wait()  # both have begun, and read what neither has changed yet
        return rows

    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
    at_once(*[lambda: settlement.apply_snapshot(attempt.pk, captured(attempt))] * 2)
    assert [kind for kind, _ in purchases.events(attempt.order)].count("paid") == 2


def test_webhook_and_return_page_at_once_settle_once(till: Till) -> None:
    attempt, identifier = paying.begun(till, paying.order(2))
    till.agree(identifier)
    (event,) = till.events(DECISIVE[till.name])
    deliver(Client(), till, event)
    WebhookEvent.objects.update(handled_at=None, tries=0, next_try_at="2020-01-01T00:00:00Z")
    raised = at_once(
        webhooks.handle_due, lambda: paying.come_back(Client(), till, attempt, identifier), webhooks.handle_due
    )
    assert raised == []
    assert paying.states(attempt) == ("captured", "paid", ["assigned", "assigned"])
    assert (till.captured(), Refund.objects.count()) == ({"EUR": 23800}, 0)


def test_the_same_webhook_fifty_times_at_once_is_kept_once(stripe_sandbox: Any) -> None:
    till = Till("stripe", stripe_sandbox)
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    headers, body = stripe_sandbox.signed(till.events(DECISIVE["stripe"])[0])
    raised = at_once(*[lambda: webhooks.receive("stripe", headers, body)] * 50)
    assert (raised, WebhookEvent.objects.count()) == ([], 1)
    at_once(*[webhooks.handle_due] * 4)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_two_buttons_at_once_open_one_page(till: Till) -> None:
    order = paying.order()
    urls: list[str] = []
    raised = at_once(*[lambda: urls.append(attempts.begin(Order.objects.get(pk=order.pk), till.name))] * 2)
    assert len(urls) + len(raised) == 2
    assert Attempt.objects.filter(order=order, state="requires_action").count() == 1
    if till.name == "stripe":
        sessions = till.sandbox.provider.objects.of("checkout.session")
        assert [session["status"] for session in sessions].count("open") == 1


def test_two_workers_send_a_refund_once(till: Till) -> None:
    attempt = paying.paid(till, Client())
    with_order = Attempt.objects.select_related("order").get(pk=attempt.pk)
    refunds.request_amount(with_order, Decimal("10.00"), by=None, reason="A discount.")
    raised = at_once(*[refund_submission.submit_due] * 4)
    assert raised == []
    assert Refund.objects.get().state == "succeeded"
    assert till.sandbox.ledger()["refunds"] == {"EUR": 1000}


def test_two_refunds_at_once_stay_within_what_was_taken(stripe_sandbox: Any) -> None:
    """Without the order's lock, by rows alone: the trigger locks the attempt and counts."""
    attempt = paying.paid(Till("stripe", stripe_sandbox), Client())
    raised = at_once(*[lambda: Refund.objects.create(attempt=attempt, amount=Decimal("70.00"), kind="amount")] * 2)
    assert [type(error) for error in raised] == [IntegrityError]
    assert Refund.objects.count() == 1


def test_no_lock_is_held_while_the_provider_is_slow(till: Till) -> None:
    """While a call waits, another connection may lock the order at once."""
    match = {"stripe": "POST /v1/checkout/sessions", "paypal": "POST /v2/checkout/orders"}[till.name]
    till.sandbox.faults({"match": match, "action": "slow", "seconds": 1})
    order = paying.order()
    locked: list[bool] = []

    def look() -> None:
        with connection.cursor() as cursor:
            for _ in range(8):
                threading.Event().wait(0.1)
                cursor.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
                    " WHERE datname = current_database() AND granted AND mode = 'RowShareLock'"
                )
                locked.append(cursor.fetchone()[0] > 0)

    raised = at_once(lambda: attempts.begin(order, till.name), look)
    assert raised == []
    assert not any(locked[2:])
