"""A real worker, killed with a task in hand."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from local.processes import Child, start
from payments.models import Refund
from payments.tasks import nudge, submit_refunds
from privacy import clock
from tests.chaos import workers
from tests.faults import buying
from tests.launcher import PROJECT
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_the_end")]
QUIET = ("--without-mingle", "--without-gossip", "--without-heartbeat", "--concurrency", "1")
PATIENCE = 60.0


def worker(folder: Path, settings: Any) -> Child:
    """A worker of the database, the broker and the provider of this test."""
    database = connection.settings_dict
    env = os.environ | {
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database['NAME']}",
        "STRIPE_API_BASE": settings.STRIPE_API_BASE,
        "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", *QUIET]
    return start("Worker", command, log=folder / "worker.log", env=env, cwd=PROJECT)


def wait_until(true: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_with_a_task_in_hand(tills: dict[str, Till], buyer: Client, tmp_path: Path, settings: Any) -> None:
    """It dies while the provider works on its refund. The next sweep repeats the call, and the money goes back once."""
    till = tills["stripe"]
    buying.begun(till)
    attempt = buying.pay(till, buyer)
    workers.give_back(attempt.order_id)
    till.sandbox.faults({"match": "POST /v1/refunds", "action": "slow", "seconds": 2})
    hand = worker(tmp_path, settings)
    try:
        nudge(submit_refunds)
        wait_until(lambda: not till.sandbox.provider.faults.left())
        os.killpg(hand.process.pid, signal.SIGKILL)
    finally:
        hand.stop()
    refund = Refund.objects.get()
    assert (refund.state, refund.tries, paying.states(attempt)[2]) == ("requested", 1, ["suspended"] * 3)
    wait_until(lambda: till.sandbox.ledger()["refunds"])
    with clock.at(refund.next_try_at or clock.now()):
        submit_refunds()
    refund.refresh_from_db()
    assert (refund.state, paying.states(attempt)[2]) == ("succeeded", ["revoked"] * 3)
    assert till.sandbox.ledger()["refunds"] == {"EUR": 35700}
