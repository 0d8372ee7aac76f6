"""Finding, planning and erasing one person among a million orders: the time that the database takes for it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, transaction

from accounts.models import Address, License, User
from privacy import retention
from privacy.erasure import persons, plans, ports, steps
from privacy.erasure.cases import Case
from privacy.people import Person
from shop.models import OrderParty
from tests.benchmarks import sold_orders
from tests.benchmarks.figures import Figure

ORDERS, FEW, PERSONS = 1_000_000, 10_000, 100
MOST, MOST_GROWTH = 100.0, 1.5  # milliseconds; times
WARM_UP = 20  # persons, after which plans and pages are in memory
#: What looks through whole tables is the scan's matter, and Redis isn't the database.
NOT_MEASURED = {"mentions", "cache:limits", "cache:sign-in"}


class NoJournal:
    """Writes nothing: a line in a file is no time of the database."""

    def write(self, kind: str, *, person: Person, rows: Mapping[str, Sequence[Any]], plan: str) -> int:
        return 0


def figures(orders: int = ORDERS, few: int = FEW, people: int = PERSONS) -> Iterator[Figure]:
    """Milliseconds of database time for one person, median, among few orders and among many."""
    before = list(ports._journals)
    ports.register(journal=NoJournal())
    list(retention.run())
    try:
        among = {count: _measured(count, people) for count in (few, orders)}
    finally:
        ports._journals[:] = before
    name = f"find, plan and erase one person among {orders:,} orders"
    yield Figure(f"{name}: database time", among[orders], "ms", MOST, at_most=1)
    yield Figure(f"{name}: against {few:,}", among[orders], "ms", among[few], at_most=MOST_GROWTH)


def _measured(orders: int, people: int) -> float:
    _empty()
    sold_orders.copy(orders, due=0)
    every = orders // (people + WARM_UP)
    emails = [f"buyer-{sold_orders.FIRST + place * every}@example.com" for place in range(people + WARM_UP)]
    for email in emails:
        _account(email)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    times = [_erased(email) for email in emails]
    assert OrderParty.objects.filter(restricted_at__isnull=False).count() == len(emails)
    assert not User.objects.filter(email__in=emails).exists()
    return median(times[WARM_UP:]) * 1000


def _account(email: str) -> None:
    """The buyer has an account, with a saved address, an order and its license."""
    user = User.objects.create(email=email, name="Katrin Vogel")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Address.objects.create(user=user, name="Katrin Vogel", street="Am Sandtorkai 41", city="Hamburg", country="DE")
    OrderParty.objects.filter(email=email).update(user=user)
    License.objects.filter(unit__line__order__party__email=email).update(user=user)


def _erased(email: str) -> float:
    """Seconds that the database took to find, plan and erase this person."""
    with _database_time() as taken:
        person = persons.of_email(email)
        content = plans.make(person)
        planned = frozenset(rows.model for rows in content.rows)
        for step in steps.of_plan(planned):
            if step.name not in NOT_MEASURED:
                with transaction.atomic():
                    step.act(Case(person, covered=planned), "")
    return sum(taken)


@contextmanager
def _database_time() -> Iterator[list[float]]:
    """Collects how long every statement took, and every commit."""
    taken: list[float] = []

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            taken.append(time.perf_counter() - began)

    commit = connection.commit
    connection.commit = lambda: timed(commit)  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(timed):
            yield taken
    finally:
        connection.commit = commit  # type: ignore[method-assign]


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(sold_orders.ROWS)} CASCADE")
