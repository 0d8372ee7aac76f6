"""The pools of imported keys: reserving and taking without giving one key to two buyers, and counting what is left."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet

from accounts.models import LicenseKey
from privacy import clock
from shop import stock_words
from shop.models import Edition, Order
from shop.stock import SoldOut

# How often, and after which pause in seconds, keys are asked for again that another buyer has locked but may let go.
RETRIES, PAUSE = 6, 0.05

# The rows are chosen and locked in a materialized step of their own: inside the UPDATE's WHERE, the planner may run the
# LIMIT again for each row. Units and keys are paired by their place within the edition.
_CHOICE = """
    taken AS MATERIALIZED (
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
"""
_ASKED = """
    SELECT unit_id, edition_id, row_number() OVER (PARTITION BY edition_id ORDER BY unit_id) AS place
    FROM unnest(%(units)s::bigint[], %(editions)s::bigint[]) AS asked (unit_id, edition_id)
"""
# What was reserved for a unit is its key; only units without one take another.
TAKE = f"""
    WITH own AS (
        UPDATE accounts_licensekey
        SET state = 'assigned', assigned_at = %(now)s, opened_at = %(opened_at)s, reserved_until = NULL
        WHERE unit_id = ANY(%(units)s::bigint[]) AND state = 'reserved'
        RETURNING unit_id, id
    ), wanted AS MATERIALIZED (
        {_ASKED} WHERE unit_id NOT IN (SELECT own.unit_id FROM own)
    ), {_CHOICE}, assigned AS (
        UPDATE accounts_licensekey AS key
        SET state = 'assigned', unit_id = wanted.unit_id, assigned_at = %(now)s, opened_at = %(opened_at)s
        FROM placed JOIN wanted USING (edition_id, place)
        WHERE key.id = placed.id
        RETURNING key.unit_id, key.id
    )
    SELECT unit_id, id, false FROM own UNION ALL SELECT unit_id, id, true FROM assigned
"""  # noqa: S608  (made of the constants above)
RESERVE = f"""
    WITH wanted AS MATERIALIZED ({_ASKED}), {_CHOICE}
    UPDATE accounts_licensekey AS key
    SET state = 'reserved', unit_id = wanted.unit_id, reserved_until = %(until)s
    FROM placed JOIN wanted USING (edition_id, place)
    WHERE key.id = placed.id
    RETURNING key.unit_id, key.id, true
"""  # noqa: S608
LOCK = "FOR UPDATE SKIP LOCKED"


def take(wanted: Mapping[int, int], *, now: datetime, opened_at: datetime | None) -> dict[int, int]:
    """Assigns a key to each unit of `wanted` (edition id by unit id): the one that is reserved for it, else a free one.

    Returns key ids by unit id; a unit that isn't in the answer found its pool empty. One statement for any number of
    units.
    """
    given = _take(TAKE, wanted, {"now": now, "opened_at": opened_at})
    if was_free := {wanted[unit] for unit, key in given.items() if key.was_free}:
        stock_words.changed(was_free)
    return {unit: key.pk for unit, key in given.items()}


def reserve(wanted: Mapping[int, int], *, until: datetime) -> None:
    """Keeps a free key for each unit of `wanted` (edition id by unit id). Needs a transaction, which SoldOut ends.

    Raises SoldOut where fewer are free.
    """
    if len(_take(RESERVE, wanted, {"until": until})) < len(wanted):
        raise SoldOut
    stock_words.changed(set(wanted.values()))


class _Given(NamedTuple):
    """A key, and whether it was free before rather than reserved."""

    pk: int
    was_free: bool


def _take(statement: str, wanted: Mapping[int, int], values: Mapping[str, datetime | None]) -> dict[int, _Given]:
    """Rows that another buyer holds for the moment are skipped and asked for again for at most a third of a second."""
    given: dict[int, _Given] = {}
    for attempt in range(RETRIES + 1):
        missing = {unit: edition for unit, edition in wanted.items() if unit not in given}
        given |= _take_once(statement, missing, values)
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


def _take_once(statement: str, wanted: Mapping[int, int], values: Mapping[str, datetime | None]) -> dict[int, _Given]:
    with connection.cursor() as cursor:
        asked = {"units": list(wanted), "editions": list(wanted.values())}
        cursor.execute(statement.format(lock=LOCK), {**asked, **values})
        return {unit: _Given(*key) for unit, *key in cursor.fetchall()}


# --- Reservations -----------------------------------------------------------------------------------------------------


def keep(order: Order, *, until: datetime) -> None:
    """Says until when an order's reserved keys are kept."""
    _reserved().filter(unit__line__order=order).update(reserved_until=until)


def release(order: Order) -> None:
    """The keys that are reserved for an order are free again, in the transaction in which it ends."""
    _release(_reserved().filter(unit__line__order=order))


def release_units(units: Iterable[int]) -> None:
    """The same for units, by id, that get no key any more."""
    _release(_reserved().filter(unit__in=list(units)))


@transaction.atomic
def release_due(limit: int = 1000) -> int:
    """Frees keys whose time is over and whose order neither waits for its payment nor for a person; returns how many.

    An order that ends frees them itself. This finds what was left for another reason, such as a unit that was removed.
    """
    waits = Q(unit__line__order__state__in=[Order.State.PENDING_PAYMENT, Order.State.ON_HOLD])
    over = _reserved().filter(reserved_until__lte=clock.now()).exclude(waits).order_by("reserved_until", "pk")
    return _release(over.select_for_update(of=("self",), skip_locked=True)[:limit])


def _reserved() -> QuerySet[LicenseKey]:
    return LicenseKey.objects.filter(state=LicenseKey.State.RESERVED)


def _release(keys: QuerySet[LicenseKey]) -> int:
    found = dict(keys.values_list("pk", "edition_id"))
    if found:
        free = {"state": LicenseKey.State.AVAILABLE, "unit": None, "reserved_until": None}
        _reserved().filter(pk__in=found).update(**free)
        stock_words.changed(set(found.values()))
    return len(found)


def left(edition_ids: Iterable[int]) -> dict[int, int]:
    """Free keys by edition id, for the editions that are sold from a pool; the others have no limit."""
    return dict(
        Edition.objects.filter(pk__in=list(edition_ids), key_source=Edition.KeySource.POOL)
        .annotate(left=Count("license_keys", filter=Q(license_keys__state=LicenseKey.State.AVAILABLE)))
        .values_list("pk", "left")
        .order_by()
    )
