"""Who changes an order asks for its row lock first: what waits while another holds it is that, and nothing is written.

A verb that forgot its lock would wait as well, at its first write, with a row that was read before. So it is the
waiting statement that is judged, not that something waits.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from accounts import cases, key_pools, licenses
from accounts.models import Case, LicenseKey
from payments import (
    attempts,
    backorders,
    disputes,
    reconciliation,
    refund_settlement,
    refund_submission,
    refunds,
    settlement,
    webhooks,
)
from payments.fraud import passes
from payments.models import Attempt, Dispute, FraudAssessment, Refund, WebhookEvent
from payments.providers.base import DisputeSnapshot, RefundSnapshot, Snapshot
from privacy import clock, mails
from privacy.models import OutgoingMail
from shop import orders
from shop.models import Order, OrderUnit
from tests.accounts import purchases
from tests.accounts.conftest import person

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def held(table: str, pk: int) -> Iterator[None]:
    """While inside, another transaction has the row's lock; this one waits for a lock at most a fifth of a second."""
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT id FROM {table} WHERE id = %s FOR UPDATE", [pk])
                is_held.set()
                may_end.wait(30)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert is_held.wait(30)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        yield
    finally:
        may_end.set()
        holder.join()
        connection.close()


def waiting_statement(act: Callable[[], Any]) -> str:
    """Runs `act` until it waits for a lock, and returns at which statement. Nothing may have been written before."""
    asked: list[str] = []

    def remember(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        asked.append(" ".join(str(sql).split()))
        return execute(sql, *rest)

    with connection.execute_wrapper(remember), pytest.raises(OperationalError, match="lock timeout"):
        act()
    *before, last = asked
    assert [sql for sql in before if sql.startswith(WRITES)] == []
    return last


def captured(attempt: Attempt) -> Snapshot:
    return Snapshot(state="captured", amount=attempt.amount, currency=attempt.currency, country="DE")


def an_attempt(order: Order, **fields: Any) -> Attempt:
    values = {"number": 1, "provider": "stripe", "amount": order.total, "currency": "EUR", **fields}
    return Attempt.objects.create(order=order, **values)


def a_captured_one(order: Order) -> Attempt:
    return an_attempt(order, state="captured", captured_at=clock.now())


def settles(order: Order) -> Callable[[], Any]:
    attempt = an_attempt(order)
    return lambda: settlement.apply_snapshot(attempt.pk, captured(attempt))


def settles_a_refund(order: Order) -> Callable[[], Any]:
    refund = Refund.objects.create(attempt=a_captured_one(order), kind="amount", amount=Decimal(5))
    snapshot = RefundSnapshot(state="succeeded", provider_refund="re_1", amount=Decimal(5), currency="EUR")
    return lambda: refund_settlement.apply_snapshot(refund.pk, snapshot)


def settles_a_dispute(order: Order) -> Callable[[], Any]:
    attempt = a_captured_one(order)
    snapshot = DisputeSnapshot(
        state=Dispute.State.OPEN,
        provider_dispute="du_1",
        payment=("stripe_charge", "ch_1"),
        amount=order.total,
        is_withdrawn=True,
        currency="EUR",
        reason="fraudulent",
        opened_at=clock.now(),
    )
    return lambda: disputes.apply_snapshot(attempt.pk, snapshot)


def asks_again_for_a_refund(order: Order) -> Callable[[], Any]:
    failed = Refund.objects.create(attempt=a_captured_one(order), kind="amount", amount=Decimal(5), state="failed")
    return lambda: refunds.ask_again(failed.pk, by=None)


def opens_a_key(order: Order) -> Callable[[], Any]:
    purchases.pay(order)
    (key,) = purchases.keys_of(order)
    return lambda: licenses.open_key(key.pk, order=order)


def opens_an_own_key(order: Order) -> Callable[[], Any]:
    owner = person("ada@example.com")
    purchases.pay(order)
    (key,) = purchases.keys_of(order)
    return lambda: licenses.open_own_key(key.pk, user=owner)


def opens_all_keys(order: Order) -> Callable[[], Any]:
    purchases.pay(order)
    return lambda: licenses.open_all(order)


def joins_an_account(order: Order) -> Callable[[], Any]:
    owner = person("ada@example.com")
    return lambda: licenses.join_account(owner, "ada@example.com")


def delivers_late(order: Order) -> Callable[[], Any]:
    purchases.pay(order)
    LicenseKey.objects.filter(unit__line__order=order).delete()
    OrderUnit.objects.filter(line__order=order).delete()
    OrderUnit.objects.create(line=order.lines.get(), position=1, seats=1, state="backordered")
    return licenses.deliver_backorders


def _withdrawn() -> cases.Request:
    return cases.Request(kind="withdrawal", email="ada@example.com", name="Ada")


def confirms_a_withdrawal(order: Order) -> Callable[[], Any]:
    case = cases.ask(_withdrawn())
    Case.objects.filter(pk=case.pk).update(order=order)
    return lambda: cases.prove(case.pk)


def gives_back_for_a_case(order: Order) -> Callable[[], Any]:
    case = cases.receive(_withdrawn(), order, channel="order")
    clerk = person("clerk@example.com")
    return lambda: cases.refund(case.pk, [order.lines.get().pk], by=clerk)


def lets_a_refused_order_in(order: Order) -> Callable[[], Any]:
    orders.cancel(order.pk, by=None, reason="Refused.")
    refused = FraudAssessment.objects.create(
        order=order, verdict="refuse", score=100, reasons=[], settled_at=clock.now()
    )
    clerk = person("clerk@example.com")
    return lambda: passes.let_in(refused.pk, by=clerk, reason="A regular customer.")


#: Each verb with what must stand before it; the order is of one unit and waits for its payment.
VERBS: dict[str, Callable[[Order], Callable[[], Any]]] = {
    "settle a payment": settles,
    "settle a refund": settles_a_refund,
    "settle a dispute": settles_a_dispute,
    "ask again for a refund": asks_again_for_a_refund,
    "let a refused order in": lets_a_refused_order_in,
    "begin to pay": lambda order: lambda: attempts.begin(order, "stripe"),
    "give late deliveries back": lambda order: lambda: backorders._refund(order.pk),
    "hold": lambda order: lambda: orders.hold(order.pk, by=None, reason="It looks odd."),
    "cancel": lambda order: lambda: orders.cancel(order.pk, by=None, reason="As asked."),
    "release": lambda order: lambda: orders.release(order.pk, by=None),
    "expire": lambda order: lambda: orders.expire(order.pk),
    "open a key": opens_a_key,
    "open a key of an account": opens_an_own_key,
    "open all keys": opens_all_keys,
    "join an account": joins_an_account,
    "deliver late": delivers_late,
    "withdraw": lambda order: lambda: cases.receive(_withdrawn(), order, channel="order"),
    "confirm a withdrawal": confirms_a_withdrawal,
    "give back for a case": gives_back_for_a_case,
}


@pytest.mark.parametrize("verb", VERBS)
def test_it_asks_for_the_order_s_lock_first(verb: str) -> None:
    order = Order.objects.select_related("party").get(pk=purchases.order((purchases.edition(), 1)).pk)
    act = VERBS[verb](order)
    with held("shop_order", order.pk):
        statement = waiting_statement(act)
    assert ("FOR UPDATE" in statement, "shop_order" in statement) == (True, True)


def test_units_are_locked_before_they_get_keys() -> None:
    order = purchases.order((purchases.edition(), 1))
    (unit,) = purchases.units_of(order)
    with held("shop_orderunit", unit.pk):
        assert waiting_statement(lambda: _issue(order)).endswith("FOR UPDATE OF unit")


def _issue(order: Order) -> None:
    with transaction.atomic():
        licenses.issue(order)


def test_keys_are_locked_before_they_are_suspended() -> None:
    order = purchases.paid((purchases.edition(), 1))
    (key,) = purchases.keys_of(order)
    with held("accounts_licensekey", key.pk):
        units = purchases.units_of(order)
        statement = waiting_statement(lambda: licenses.suspend(units, reason="dispute", about="dispute:1"))
    assert ("FOR UPDATE" in statement, "accounts_licensekey" in statement) == (True, True)


def test_a_reservation_that_somebody_is_moving_is_passed_over() -> None:
    sold = purchases.edition(pool=2)
    first, second = purchases.units_of(purchases.order((sold, 2)))
    over = clock.now() - timedelta(minutes=1)
    with transaction.atomic():
        key_pools.reserve({first.pk: sold.pk, second.pk: sold.pk}, until=over)
    Order.objects.update(state="expired")
    moving = LicenseKey.objects.get(unit=first)
    with held("accounts_licensekey", moving.pk):
        assert key_pools.release_due() == 1


def test_a_key_that_somebody_is_taking_is_passed_over() -> None:
    sold = purchases.edition(pool=2)
    first, second = LicenseKey.objects.filter(edition=sold).order_by("pk")
    (unit,) = purchases.units_of(purchases.order((sold, 1)))
    with held("accounts_licensekey", first.pk):
        given = key_pools.take({unit.pk: sold.pk}, now=clock.now(), opened_at=None)
    assert given == {unit.pk: second.pk}


def test_an_event_that_somebody_handles_is_passed_over() -> None:
    rows = [WebhookEvent(provider="stripe", event_id=f"evt_{number}", kind="ping", object_id="x") for number in (1, 2)]
    first, second = WebhookEvent.objects.bulk_create(rows)
    with held("payments_webhookevent", first.pk):
        claimed = webhooks._claim()
    assert claimed == second


def test_a_mail_that_somebody_sends_is_passed_over() -> None:
    for number in (1, 2):
        mails.queue("refund_made", number)
    first, second = OutgoingMail.objects.order_by("pk")
    with held("privacy_outgoingmail", first.pk):
        claimed = mails._claim()
    assert claimed == second


def test_of_two_workers_that_saw_the_same_attempt_one_looks_at_it() -> None:
    attempt = an_attempt(purchases.order((purchases.edition(), 1)), next_look_at=clock.now())
    seen = Attempt.objects.get(pk=attempt.pk).next_look_at
    assert seen
    claims = [reconciliation._claim(attempt.pk, seen, attempt.created_at, 0) for _ in range(2)]
    assert claims == [True, False]


def test_of_two_orders_that_saw_the_same_pass_one_uses_it() -> None:
    refused, *others = (purchases.order((purchases.edition(), 1)) for _ in range(3))
    seen = FraudAssessment.objects.create(
        order=refused, verdict="refuse", score=100, reasons=[], settled_at=clock.now(),
        let_in_at=clock.now(), let_in_until=clock.now(), let_in_reason="A regular customer.",
    )  # fmt: skip
    assert [passes._claim(seen, order) for order in others] == [True, False]


def test_of_two_workers_that_saw_the_same_refund_one_sends_it() -> None:
    paid = a_captured_one(purchases.order((purchases.edition(), 1)))
    refund = Refund.objects.create(attempt=paid, kind="amount", amount=Decimal(5))
    seen = Refund.objects.get(pk=refund.pk).next_try_at
    assert seen
    assert [refund_submission._claim(refund.pk, seen, 0) for _ in range(2)] == [True, False]
