"""Workers that die after every step, two at once, and two requests of one person."""

import os
import signal
import threading
import time
from typing import NoReturn

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, connections

from accounts.models import User
from privacy.erasure import execution
from privacy.models import DeletionRequest, DeletionStep
from shop.models import OrderParty
from tests.faults import forks
from tests.privacy.erasure import people
from tests.privacy.erasure.people import ADA, HOME, Neighbors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("P12c")]
State = DeletionRequest.State


def die(*_arguments: object, **_named: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL was survived")


def killed(request_id: int, *, within_step: bool) -> None:
    """A process goes one step further, and is killed: in the step, before its transaction ends, or right after it."""
    forks.let_go()
    pid = os.fork()
    if pid == 0:
        if within_step:
            execution._done = die  # type: ignore[assignment]
        execution.advance(request_id)
        die()
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def is_erased(user: User) -> bool:
    """Whether of a customer nothing is left but what the law needs."""
    parties = list(OrderParty.objects.values_list("email", "name", "street", "user"))
    return parties == [(ADA, HOME["name"], "", None)] and not User.objects.filter(pk=user.pk).exists()


def test_a_worker_that_is_killed_in_and_after_every_step_loses_nothing(neighbors: Neighbors) -> None:
    user = people.account()
    people.sold(user=user)
    people.expired(user=user)
    request = people.approved(by=people.staff())
    kills = 0
    while request.state != State.NOTIFYING:
        before = request.steps.filter(state="done").count()
        if request.state == State.EXECUTING:
            killed(request.pk, within_step=True)
            kills += 1
            if request.steps.filter(kind="local", state="pending").exists():
                assert request.steps.filter(state="done").count() == before
        killed(request.pk, within_step=False)
        kills += 1
        request.refresh_from_db()
        assert kills < 60
    steps = DeletionStep.objects.filter(request=request, kind="local")
    assert kills > 2 * steps.count()
    assert set(steps.values_list("state", flat=True)) == {"done"}
    assert is_erased(user)


def at_once(*ids: int) -> None:
    """A worker for each of these requests, all at the same time."""
    start = threading.Barrier(len(ids))

    def work(request_id: int) -> None:
        try:
            start.wait()
            for _ in range(200):
                execution.carry_out(request_id)
                if DeletionRequest.objects.get(pk=request_id).state == State.NOTIFYING:
                    return
                time.sleep(0.05)  # the other has the person's lock; a job would come again in a minute
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(request_id,)) for request_id in ids]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_two_workers_at_one_request_do_each_step_once(neighbors: Neighbors) -> None:
    user = people.account()
    people.sold(user=user)
    request = people.approved(by=people.staff())
    at_once(request.pk, request.pk)
    request.refresh_from_db()
    assert (request.state, request.problem) == (State.NOTIFYING, "")
    assert neighbors.notices.written == [request.pk]
    assert is_erased(user)
    counts = dict(request.steps.filter(name__startswith="rows:").values_list("name", "count"))
    assert counts["rows:accounts.User"] == counts["rows:shop.OrderParty"] == 1


def test_two_requests_of_one_person_at_once(neighbors: Neighbors) -> None:
    user = people.account()
    EmailAddress.objects.create(user=user, email="ada@work.example", verified=True)
    people.sold(user=user)
    sue = people.staff()
    first, second = people.approved(ADA, by=sue), people.approved("ada@work.example", by=sue)
    at_once(first.pk, second.pk)
    assert set(DeletionRequest.objects.values_list("state", "problem")) == {(State.NOTIFYING, "")}
    assert sorted(neighbors.notices.written) == [first.pk, second.pk]
    assert is_erased(user)


def test_the_lock_of_a_person_keeps_others_out_and_tells_nobody_who(neighbors: Neighbors) -> None:
    people.sold()
    request = people.approved(by=people.staff())
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        from privacy.erasure import locks, persons

        with transaction.atomic():
            assert locks.try_person(persons.of_request(request.pk))
            taken.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert taken.wait(20)
        assert execution.carry_out(request.pk) == 0
        request.refresh_from_db()
        assert (request.state, request.problem) == (State.APPROVED, "")
    finally:
        done.set()
        holder.join()
    execution.carry_out(request.pk)
    request.refresh_from_db()
    assert request.state == State.NOTIFYING
