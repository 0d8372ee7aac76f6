"""Every pair of a case's states in raw SQL, and the rows that the database refuses."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.cases import links
from accounts.models import Case, CaseRefund
from privacy import clock
from tests.accounts.cases import asking

pytestmark = pytest.mark.django_db
PAIRS = list(permutations(Case.State.values, 2))


def at(state: str) -> Case:
    """A case that is in this state."""
    made, now = links.new(), clock.now()
    ended = {"closed_at": now, "outcome": "answered"} if state == "closed" else {}
    hashes = {"link_hash": made.link_hash, "mail_hash": made.mail_hash}
    facts = {"kind": "question", "channel": "form", "received_at": now, "due_at": now + timedelta(days=1)}
    return Case.objects.create(state=state, **facts, **hashes, **ended)


def write(case: Case, sets: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_case SET {sets} WHERE id = %s", [*values, case.pk])


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_exactly_the_allowed_moves_pass(start: str, end: str) -> None:
    case = at(start)
    sets = (
        "state = %s, closed_at = now(), outcome = 'answered'"
        if end == "closed"
        else ("state = %s, closed_at = NULL, outcome = ''")
    )
    if end in Case.TRANSITIONS.get(start, frozenset()):
        write(case, sets, end)
        case.refresh_from_db()
        assert case.state == end
    else:
        with pytest.raises(IntegrityError, match="no way from"):
            write(case, sets, end)


@pytest.mark.parametrize(
    ("sets", "constraint"),
    [
        ("closed_at = now()", "case_closed_"),
        ("state = 'closed'", "case_closed_iff_over"),
        ("outcome = 'refunded'", "case_closed_with_outcome"),
        ("kind = 'wish'", "case_kind_known"),
        ("due_at = received_at", "case_due_after_receipt"),
    ],
)
def test_the_database_refuses(sets: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        write(asking.ask(None, "question"), sets)


def test_an_order_has_one_withdrawal(till: asking.Till) -> None:
    order = asking.sold()
    asking.withdraw(order)
    second = asking.ask(order, "complaint")
    with pytest.raises(IntegrityError, match="case_one_withdrawal_of_all"):
        write(second, "kind = 'withdrawal'")


def test_a_refund_belongs_to_one_case() -> None:
    case = asking.ask(None, "question")
    CaseRefund.objects.create(case=case, about="refund:1", amount="€1.00")
    with pytest.raises(IntegrityError, match="about"), transaction.atomic():
        CaseRefund.objects.create(case=case, about="refund:1", amount="€1.00")
    with pytest.raises(IntegrityError, match="caserefund_ended_either_way"), transaction.atomic():
        CaseRefund.objects.update(succeeded=True)
