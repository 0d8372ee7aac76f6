"""Two at once: sweeps, holds, other periods, writers in the middle of a transaction, and workers that are killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections, transaction
from django.test import override_settings

from payments.models import Reference
from privacy import clock, holds, retention
from privacy.models import RetentionPeriod
from privacy.retention import Step, locks, periods
from shop.models import Order, OrderParty
from shop.orders import lock as lock_order
from tests.privacy.retention.old_orders import (
    NOTHING,
    NOW,
    PARTY,
    everything,
    left_of,
    period,
    rule,
    settle,
    sold,
    sql,
    sweep,
    years_ago,
)

pytestmark = pytest.mark.django_db(transaction=True)
PROJECT = Path(__file__).resolve().parents[3]
PARTIES = holds.Kind(OrderParty, "order", lambda typed: OrderParty.objects.filter(pk=typed))


@pytest.fixture(autouse=True)
def batches_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "BATCH", 1)


@contextmanager
def meanwhile(deed: Callable[[], object]) -> Iterator[threading.Thread]:
    """Does it in another thread, on a connection of its own; waits for its end."""

    def run() -> None:
        try:
            deed()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(30)
        assert not thread.is_alive()


def elsewhere(deed: Callable[[], object]) -> None:
    """Does it on another connection, to the end."""
    with meanwhile(deed):
        pass


def four_due() -> list[Order]:
    """Orders that are due, oldest first, in a shop whose periods are in force."""
    made = [sold(years_ago(4 - number / 10)) for number in range(4)]
    settle()
    return made


def steps() -> Iterator[Step]:
    """A sweep of the orders' people, batch for batch."""
    with clock.at(NOW):
        yield from retention.run(rules=[rule()])


def kept(orders: list[Order]) -> list[bool]:
    """Which of them still name a person; each must be whole or gone."""
    found = [left_of(order) for order in orders]
    assert all(left in (NOTHING, everything(order)) for left, order in zip(found, orders, strict=True))
    return [left != NOTHING for left in found]


def test_a_second_sweep_says_so_and_leaves_everything_to_the_first() -> None:
    orders, refused = four_due(), []

    def second() -> None:
        try:
            list(steps())
        except retention.SweepRuns:
            refused.append(kept(orders))

    first = steps()
    next(first)
    elsewhere(second)
    assert refused == [[False, True, True, True]]
    list(first)
    assert kept(orders) == [False] * 4


def test_canary_without_the_lock_two_sweeps_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    orders, seen = four_due(), []
    monkeypatch.setattr(locks, "_ask", lambda _sql, _lock: True)
    first = steps()
    next(first)
    elsewhere(lambda: seen.extend(list(steps())))
    assert (len(seen), kept(orders)) == (3, [False] * 4)
    assert list(first) == []


def test_a_hold_that_is_set_while_the_sweep_runs_keeps_its_order() -> None:
    orders = four_due()
    first = steps()
    next(first)
    elsewhere(lambda: holds.place(PARTIES, str(orders[2].party.pk), by=None, reason="Claim."))
    list(first)
    assert kept(orders) == [False, False, True, False]


def test_a_batch_waits_for_a_hold_that_is_being_set_on_its_row() -> None:
    orders = four_due()
    is_set, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            holds.place(PARTIES, str(orders[0].party.pk), by=None, reason="Claim.")
            is_set.set()
            may_end.wait(10)

    with meanwhile(hold):
        assert is_set.wait(10)
        with meanwhile(lambda: list(steps())) as sweeping:
            sweeping.join(0.3)
            assert (sweeping.is_alive(), OrderParty.objects.count()) == (True, 4)
            may_end.set()
    assert kept(orders) == [True, False, False, False]


def test_a_hold_that_comes_too_late_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = four_due()
    said: list[str] = []
    key = str(orders[0].party.pk)
    is_removed, may_end = threading.Event(), threading.Event()
    remember = retention.sweep._remember

    def slowly(*arguments: object) -> None:
        is_removed.set()
        may_end.wait(10)
        remember(*arguments)  # type: ignore[arg-type]

    def hold() -> None:
        try:
            holds.place(PARTIES, key, by=None, reason="Claim.")
        except holds.CannotHold as refusal:
            said.append(str(refusal))

    monkeypatch.setattr(retention.sweep, "_remember", slowly)
    with meanwhile(lambda: list(steps())):
        assert is_removed.wait(10)
        with meanwhile(hold) as holding:
            holding.join(0.3)
            assert (holding.is_alive(), said) == (True, [])
            may_end.set()
    assert said == ["Nothing is left to hold of this order. Check what you typed."]
    assert kept(orders) == [False] * 4


def test_three_years_to_ten_in_mid_sweep_and_back() -> None:
    orders = four_due()
    first = steps()
    next(first)
    with override_settings(ORDER_RETENTION_YEARS=10):
        retention.announce([rule()])  # by a process that was started with the new setting
    with pytest.raises(retention.PeriodChanged):
        next(first)
    assert kept(orders) == [False, True, True, True]
    with override_settings(ORDER_RETENTION_YEARS=10):
        half = steps()
        assert [next(half).is_computing, next(half).is_computing] == [True, True]
        half.close()  # stopped in the middle of its dates
        assert period().target == {"years": 10, "unless": {"days": 30}}
        list(steps())
        assert (period().period, period().target) == ({"years": 10, "unless": {"days": 30}}, None)
        assert {party.expires_at.year for party in OrderParty.objects.all()} == {2032}
    assert kept(orders) == [False, True, True, True]
    list(steps())
    assert (period().period, kept(orders)) == ({"years": 3, "unless": {"days": 30}}, [False] * 4)


def test_back_before_the_dates_were_done_computes_all_of_them_again() -> None:
    orders = four_due()
    with override_settings(ORDER_RETENTION_YEARS=10):
        half = steps()
        next(half)
        half.close()
    list(steps())
    assert kept(orders) == [False] * 4


def test_what_is_written_while_dates_are_computed_anew_gets_the_new_period() -> None:
    four_due()
    with override_settings(ORDER_RETENTION_YEARS=10):
        half = steps()
        next(half)
        sold(years_ago(1))
        assert OrderParty.objects.latest("pk").expires_at.year == 2035
        half.close()


def _written_across_a_change() -> int:
    """The year in which an order ends that was written with the former period and committed after the change."""
    settle()
    is_written, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            sold(years_ago(1))
            is_written.set()
            may_commit.wait(10)

    with meanwhile(write):
        assert is_written.wait(10)
        with override_settings(ORDER_RETENTION_YEARS=10):
            with meanwhile(lambda: retention.announce([rule()])) as announcing:
                announcing.join(0.5)
                if not announcing.is_alive():
                    list(steps())  # all dates that can be seen are computed
                may_commit.set()
            list(steps())
    return OrderParty.objects.get().expires_at.year


def test_a_changed_period_waits_for_whoever_still_writes_with_the_former() -> None:
    assert _written_across_a_change() == 2035


def test_canary_without_waiting_an_order_keeps_the_former_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "change_periods", lambda: None)
    assert _written_across_a_change() == 2028


def test_a_row_written_behind_a_sweep_that_runs_is_not_passed() -> None:
    four_due()
    is_written, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            sold(years_ago(5))
            is_written.set()
            may_commit.wait(10)

    with meanwhile(write):
        assert is_written.wait(10)
        with meanwhile(lambda: list(steps())) as sweeping:
            sweeping.join(0.3)
            assert sweeping.is_alive()  # it waits: it can't see the row yet, and must not pass it
            may_commit.set()
    assert not OrderParty.objects.exists()


def _left_of_late_money(order: Order) -> int:
    """How many references an order has after a sweep that met somebody who was writing one, under the order's lock."""
    is_written, may_commit = threading.Event(), threading.Event()

    def settle_late() -> None:
        with transaction.atomic():
            lock_order(order.pk)
            Reference.objects.create(attempt=order.attempts.get(), kind="stripe_intent", value="pi_late")
            is_written.set()
            may_commit.wait(10)

    with meanwhile(settle_late):
        assert is_written.wait(10)
        with meanwhile(lambda: list(steps())) as sweeping:
            sweeping.join(0.5)
            may_commit.set()
    return Reference.objects.filter(attempt__order=order).count()


def test_a_batch_waits_for_whoever_writes_about_its_order_and_takes_that_along() -> None:
    orders = four_due()
    assert _left_of_late_money(orders[0]) == 0
    assert kept(orders) == [False] * 4


def test_canary_without_the_orders_lock_what_is_written_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = four_due()
    monkeypatch.setattr(locks, "lock_above", lambda *_arguments: None)
    assert _left_of_late_money(orders[0]) == 1


def test_a_deadlock_costs_the_sweep_one_try() -> None:
    """A writer that holds a row takes the lock of the rule second, the sweep first: it is the one that is undone."""
    orders = four_due()
    has_row, may_go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            sql("SET LOCAL deadlock_timeout = '1min'")
            OrderParty.objects.select_for_update().get(order=orders[0])
            has_row.set()
            may_go_on.wait(10)
            RetentionPeriod.objects.select_for_update().get(rule=PARTY)

    def sweep_patiently() -> None:
        sql("SET deadlock_timeout = '3s'")  # it looks once: when both wait, however slow the machine is
        list(steps())

    with meanwhile(write):
        assert has_row.wait(10)
        with meanwhile(sweep_patiently) as sweeping:
            sweeping.join(0.3)
            assert sweeping.is_alive()
            may_go_on.set()
    assert kept(orders) == [False] * 4


KILLED = """
import os, sys, time
import django
django.setup()
from privacy import clock, retention
from privacy.retention import periods, sweep
from tests.privacy.retention.old_orders import NOW, rule
periods.BATCH = 1
if sys.argv[1] == "inside":
    def stuck(*_arguments):
        print("reached", flush=True)
        time.sleep(60)
    sweep._remember = stuck
with clock.at(NOW):
    for step in retention.run(rules=[rule()]):
        print("reached", flush=True)
        time.sleep(60)
"""


def killed(where: str) -> None:
    """A worker in a process of its own that is killed after its first batch, or inside of it before the commit."""
    of_shop = urlsplit(os.environ["DATABASE_URL"])
    of_test = f"{of_shop.path.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    address = urlunsplit(of_shop._replace(path=of_test))
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, where],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "reached\n"
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(10) == -signal.SIGKILL


@pytest.mark.slow
def test_a_worker_that_is_killed_after_each_batch_leaves_whole_batches_and_no_lock() -> None:
    orders = four_due()
    for gone in range(1, 5):
        killed("after")
        assert kept(orders) == [False] * gone + [True] * (4 - gone)
    assert sweep() == {}


@pytest.mark.slow
def test_a_worker_that_is_killed_inside_a_batch_leaves_it_undone() -> None:
    orders = four_due()
    killed("inside")
    assert kept(orders) == [True] * 4
    assert period().watermark_at is None or period().watermark_at < orders[0].placed_at.replace(year=2025)
    assert sweep() == {PARTY: 4}
    assert kept(orders) == [False] * 4
