"""A journal, a scan and a notice that remember what they were asked, in place of those outside of the database."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from privacy.erasure import ports
from tests.privacy.erasure.people import Neighbors


@pytest.fixture
def neighbors(settings: object) -> Iterator[Neighbors]:
    """Stands in for the neighbors, for one test."""
    settings.ERASURE_SETTLE_SECONDS = 0  # type: ignore[attr-defined]
    before = [list(known) for known in (ports._journals, ports._scans, ports._notices)]
    made = Neighbors()
    ports.register(journal=made, scan=made, notice=made.notices)
    yield made
    for known, was in zip((ports._journals, ports._scans, ports._notices), before, strict=True):
        known[:] = was


@pytest.fixture
def dump() -> Callable[[], str]:
    """Every value that the database has, as text."""

    def read() -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
                "WHERE relkind = 'r' AND nspname = current_schema() ORDER BY relname"
            )
            found = []
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                found += [f"{table}: {row}" for (row,) in cursor.fetchall()]
        return "\n".join(found)

    return read
