"""Every pair of a request's states, tried in raw SQL: exactly the moves of the table pass."""

import itertools

import pytest
from django.db import IntegrityError, connection, transaction

from privacy import clock
from privacy.models import DeletionRequest

pytestmark = pytest.mark.django_db
CLOSED = set(DeletionRequest.CLOSED)


def columns(state: str) -> dict[str, object]:
    now = clock.now()
    return {
        "state": state,
        "closed_at": now if state in CLOSED else None,
        "told_at": now,
        "retained": state == "completed_with_retention",
    }


@pytest.mark.parametrize(("start", "end"), list(itertools.permutations(DeletionRequest.State.values, 2)))
def test_exactly_the_allowed_moves_pass(start: str, end: str) -> None:
    request = DeletionRequest.objects.create(channel="mail", due_at=clock.now().replace(year=2100), **columns(start))
    sets = ", ".join(f"{name} = %s" for name in columns(end))

    def move() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE privacy_deletionrequest SET {sets} WHERE id = %s", [*columns(end).values(), request.pk]
            )

    if end in DeletionRequest.TRANSITIONS.get(start, frozenset()):
        move()
        request.refresh_from_db()
        assert request.state == end
    else:
        with pytest.raises(IntegrityError, match="no way from"):
            move()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "completed", "told_at": None}, "completed_is_told"),
        ({"state": "completed", "retained": True}, "completed_says_retention"),
        ({"state": "completed_with_retention", "retained": False}, "completed_says_retention"),
        ({"state": "completed", "closed_at": None}, "closed_iff_over"),
        ({"state": "received", "closed_at": clock.now()}, "closed_iff_over"),
        ({"state": "lost"}, "closed_iff_over"),
    ],
)
def test_a_request_that_says_nonsense_can_not_be_written(changes: dict[str, object], constraint: str) -> None:
    row = columns(str(changes["state"])) | changes
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        DeletionRequest.objects.create(channel="mail", due_at=clock.now().replace(year=2100), **row)
