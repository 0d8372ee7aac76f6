"""Every pair of states, tried in raw SQL: exactly the moves of the tables beside the enums pass."""

import itertools
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import Attempt, Dispute, Refund
from privacy import clock
from tests.payments import paying

pytestmark = pytest.mark.django_db
MODELS = {"attempt": Attempt, "refund": Refund, "dispute": Dispute}
PAIRS = [
    (name, start, end)
    for name, model in MODELS.items()
    for start, end in itertools.permutations(model.State.values, 2)  # type: ignore[attr-defined]
]


def row(name: str, state: str) -> Any:
    attempt = Attempt.objects.create(
        order=paying.order(),
        number=1,
        provider="stripe",
        amount=119,
        currency="EUR",
        state=state if name == "attempt" else "captured",
        captured_at=clock.now(),
    )
    if name == "attempt":
        return attempt
    if name == "refund":
        return Refund.objects.create(attempt=attempt, amount=1, kind="amount", state=state)
    decided = None if state == "open" else clock.now()
    return Dispute.objects.create(attempt=attempt, amount=1, state=state, decided_at=decided)


def move(made: Any, end: str) -> None:
    changes, values = "state = %s", [end]
    if isinstance(made, Dispute):  # a decision and its moment go together
        changes, values = f"{changes}, decided_at = %s", [end, None if end == "open" else clock.now()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {made._meta.db_table} SET {changes} WHERE id = %s", [*values, made.pk])


@pytest.mark.parametrize(("name", "start", "end"), PAIRS)
def test_exactly_the_allowed_moves_pass(name: str, start: str, end: str) -> None:
    made = row(name, start)
    allowed = end in MODELS[name].TRANSITIONS.get(start, frozenset())  # type: ignore[attr-defined]
    if allowed:
        move(made, end)
        made.refresh_from_db()
        assert made.state == end
    else:
        with pytest.raises(IntegrityError, match="no way from"):
            move(made, end)


@pytest.mark.parametrize("name", MODELS)
def test_canary_without_the_trigger_any_move_passes(name: str) -> None:
    made = row(name, {"attempt": "captured", "refund": "failed", "dispute": "won"}[name])
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER payments_{name}_state_moves ON payments_{name}")
    move(made, {"attempt": "created", "refund": "requested", "dispute": "open"}[name])
    made.refresh_from_db()
    assert made.state in {"created", "requested", "open"}


@pytest.mark.parametrize("name", MODELS)
def test_a_state_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(IntegrityError, match="state_known"), transaction.atomic():
        row(name, "perhaps")


ATTEMPT = {"provider": "stripe", "amount": 119, "currency": "EUR"}


def two_open() -> None:
    order = paying.order()
    for number in (1, 2):
        Attempt.objects.create(order=order, number=number, **ATTEMPT)


def same_number() -> None:
    order = paying.order()
    for state in ("failed", "expired"):
        Attempt.objects.create(order=order, number=1, state=state, **ATTEMPT)


def captured_without_time() -> None:
    Attempt.objects.create(order=paying.order(), number=1, state="captured", **ATTEMPT)


def negative() -> None:
    Attempt.objects.create(order=paying.order(), number=1, **(ATTEMPT | {"amount": -1}))


CONSTRAINTS = {
    "attempt_one_open_per_order": two_open,
    "attempt_number_once": same_number,
    "attempt_captured_has_time": captured_without_time,
    "attempt_amount_not_negative": negative,
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_an_illegal_attempt_is_refused(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CONSTRAINTS[name]()


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_canary_without_its_constraint_the_illegal_attempt_stands(name: str) -> None:
    drop = (
        "DROP INDEX {}" if name == "attempt_one_open_per_order" else "ALTER TABLE payments_attempt DROP CONSTRAINT {}"
    )
    with connection.cursor() as cursor:
        cursor.execute(drop.format(name))
    CONSTRAINTS[name]()
    assert Attempt.objects.exists()
