"""The pools of imported keys: taking from them without ever giving one key to two buyers, and counting what is left."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from accounts.models import LicenseKey
from shop.models import Edition

# How often, and after which pause in seconds, keys are asked for again that another buyer has locked but may let go.
RETRIES, PAUSE = 6, 0.05

# The rows are chosen and locked in a materialized step of their own: inside the UPDATE's WHERE, the planner may run the
# LIMIT again for each row. Units and keys are paired by their place within the edition.
TAKE = """
    WITH wanted AS MATERIALIZED (
        SELECT unit_id, edition_id, row_number() OVER (PARTITION BY edition_id ORDER BY unit_id) AS place
        FROM unnest(%(units)s::bigint[], %(editions)s::bigint[]) AS asked (unit_id, edition_id)
    ), taken AS MATERIALIZED (
        SELECT free.id, demand.edition_id
        FROM (SELECT edition_id, count(*) AS units FROM wanted GROUP BY edition_id) AS demand
        CROSS JOIN LATERAL (
            SELECT id FROM accounts_licensekey
            WHERE edition_id = demand.edition_id AND state = 'available'
            ORDER BY id LIMIT demand.units {lock}
        ) AS free
    ), placed AS (
        SELECT id, edition_id, row_number() OVER (PARTITION BY edition_id ORDER BY id) AS place FROM taken
    )
    UPDATE accounts_licensekey AS key
    SET state = 'assigned', unit_id = wanted.unit_id, assigned_at = %(now)s, opened_at = %(opened_at)s
    FROM placed JOIN wanted USING (edition_id, place)
    WHERE key.id = placed.id
    RETURNING key.unit_id, key.id
"""
LOCK = "FOR UPDATE SKIP LOCKED"


def take(wanted: Mapping[int, int], *, now: datetime, opened_at: datetime | None) -> dict[int, int]:
    """Assigns a free key to each unit of `wanted` (edition id by unit id); returns key ids by unit id.

    One statement for any number of units. A unit that isn't in the answer found its pool empty. Rows that another buyer
    holds for the moment are skipped and asked for again for at most a third of a second.
    """
    given: dict[int, int] = {}
    for attempt in range(RETRIES + 1):
        missing = {unit: edition for unit, edition in wanted.items() if unit not in given}
        given |= _take_once(missing, now, opened_at)
        left = [edition for unit, edition in wanted.items() if unit not in given]
        # Still available to our eyes, yet not ours: another transaction holds it and may give it back.
        if (
            not left
            or attempt == RETRIES
            or not LicenseKey.objects.filter(edition__in=left, state="available").exists()
        ):
            break
        time.sleep(PAUSE)
    return given


def _take_once(wanted: Mapping[int, int], now: datetime, opened_at: datetime | None) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE.format(lock=LOCK),
            {"units": list(wanted), "editions": list(wanted.values()), "now": now, "opened_at": opened_at},
        )
        rows: Sequence[tuple[int, int]] = cursor.fetchall()
    return dict(rows)


def left(edition_ids: Iterable[int]) -> dict[int, int]:
    """Free keys by edition id, for the editions that are sold from a pool; the others have no limit."""
    return dict(
        Edition.objects.filter(pk__in=list(edition_ids), key_source=Edition.KeySource.POOL)
        .annotate(left=Count("license_keys", filter=Q(license_keys__state=LicenseKey.State.AVAILABLE)))
        .values_list("pk", "left")
        .order_by()
    )
