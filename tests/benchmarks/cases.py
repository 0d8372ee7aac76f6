"""The queue of cases with a hundred thousand of them: queries, and the time of our own CPU, for each part of it."""

import time
from collections.abc import Iterator

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import cases
from accounts.models import CaseParty
from tests import desk
from tests.benchmarks.figures import Figure

CASES, MOST_QUERIES, MOST_CPU = 100_000, 15, 300.0  # milliseconds
PARTS = ("", "?part=waits", "?part=late", "?part=closed", "?kind__exact=complaint", "?part=closed&p=1000")
_CASES = """
    INSERT INTO accounts_case
           (kind, state, outcome, channel, received_at, due_at, closed_at, needs_person, link_hash, mail_hash)
    SELECT (ARRAY['refund', 'complaint', 'withdrawal', 'question'])[1 + n %% 4], states.state,
           CASE states.state WHEN 'closed' THEN 'answered' ELSE '' END, 'form', now() - n * interval '5 minutes',
           now() + (n %% 1000 - 500) * interval '10 minutes' + interval '400 days',
           CASE states.state WHEN 'closed' THEN now() - n * interval '1 minute' END, false, 'bench:' || n, 'bench:' || n
      FROM generate_series(1, %(count)s) n,
           LATERAL (SELECT (ARRAY['received', 'waiting', 'closed', 'closed', 'closed'])[1 + n %% 5] AS state) states
"""
_PARTIES = """
    INSERT INTO accounts_caseparty (case_id, email, name, stated_order, link_nonce, mail_nonce, ended_at)
    SELECT id, 'bench-' || id || '@example.com', 'Person ' || id, '', gen_random_uuid(), gen_random_uuid(), closed_at
      FROM accounts_case WHERE link_hash LIKE 'bench:%%'
"""


def figures(count: int = CASES) -> Iterator[Figure]:
    """Each part of the queue, a search by address, and the page of one case: of three tries the middle one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CASES, {"count": count})
        cursor.execute(_PARTIES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_case, accounts_caseparty")
    client, queue = desk.at_desk("Support"), reverse("admin:accounts_case_changelist")
    email = CaseParty.objects.order_by("-pk")[0].email
    one = cases.receive(cases.Request(kind="question", email=email, text="Hello"), None, channel="form")
    found = desk.search(client, queue, email)
    pages = {f"queue of cases {part or 'that need us'}": f"{queue}{part}" for part in PARTS}
    pages |= {"search for a case": found, "page of a case": reverse("admin:accounts_case_change", args=[one.pk])}
    for name, address in pages.items():
        queries, cpu = sorted(measured(client, address) for _ in range(3))[1]
        most = MOST_QUERIES if name != "page of a case" else 2 * MOST_QUERIES
        yield Figure(f"{name}, {count:,} cases: queries", queries, "queries", most, at_most=1)
        yield Figure(f"{name}, {count:,} cases: CPU", cpu, "ms", MOST_CPU, at_most=1)


def measured(client: Client, address: str) -> tuple[int, float]:
    """The queries of a page of the desk, and milliseconds of CPU time of this process."""
    with CaptureQueriesContext(connection) as queries:
        began = time.process_time()
        answer = client.get(address)
        cpu = (time.process_time() - began) * 1000
    assert answer.status_code == 200, address
    return len(queries), cpu
