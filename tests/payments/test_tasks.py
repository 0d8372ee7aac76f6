"""The worker's sweeps, and what happens when nobody can wake it."""

import time

import pytest
from celery import Celery
from django.conf import settings as project
from django.test import Client

from config.celery import app
from payments import tasks
from payments.models import Attempt
from privacy import clock
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_webhooks import DECISIVE, deliver

pytestmark = pytest.mark.django_db


def test_the_timetable_names_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values() if entry["task"].startswith("payments.")}
    own = (
        "handle_webhooks",
        "reconcile_attempts",
        "submit_refunds",
        "compare_statements",
        "refund_backorders",
        "expire_orders",
        "return_tax",
    )
    assert named == {f"payments.tasks.{name}" for name in own}
    assert named <= set(app.tasks)


def test_each_sweep_says_how_much_it_did(till: Till) -> None:
    attempt, _ = paying.begun(till)
    Attempt.objects.filter(pk=attempt.pk).update(next_look_at=clock.now())
    assert [tasks.handle_webhooks(), tasks.reconcile_attempts(), tasks.submit_refunds(), tasks.expire_orders()] == [
        0,
        1,
        0,
        0,
    ]


@pytest.mark.django_db(transaction=True)
def test_a_webhook_wakes_the_worker(till: Till) -> None:
    assert project.CELERY_TASK_ALWAYS_EAGER
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    assert deliver(Client(), till, till.events(DECISIVE[till.name])[0]) == 200
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_nothing_but_time(caplog: pytest.LogCaptureFixture) -> None:
    """The row stands, and the timetable finds it."""
    lost = Celery("lost", broker="redis://127.0.0.1:9/0", set_as_current=False)
    lost.conf.broker_transport_options = {"socket_connect_timeout": 1}
    begun = time.monotonic()
    tasks.nudge(lost.task(lambda: None, name="lost"))
    assert time.monotonic() - begun < 5
    assert "on_commit" in caplog.text
