"""The reads and writes of giving out keys: each one statement for any number of units, because a buyer waits for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from shop.models import Edition, Order

# The units are locked; what they get follows from their lines.
_UNITS = """
    SELECT unit.id, unit.state, edition.id, edition.key_source
    FROM shop_orderunit unit
    JOIN shop_orderline line ON line.id = unit.line_id
    LEFT JOIN shop_edition edition ON edition.id = line.edition_id
    WHERE line.order_id = %(order)s
    ORDER BY unit.line_id, unit.position
    FOR UPDATE OF unit
"""
# A license copies what was sold. Keys from a pool belong to their unit already; those made for the sale come with it.
_GIVE = """
    WITH granted AS (
        INSERT INTO accounts_license (
            user_id, unit_id, edition_id, product_name, edition_name, mark, seats, devices, starts_at, ends_at,
            link_hash
        )
        SELECT %(user)s, unit.id, line.edition_id, line.product_name, line.edition_name, line.mark, unit.seats,
            line.devices, %(now)s,
            (%(now)s AT TIME ZONE 'UTC' + make_interval(months => line.term_months)) AT TIME ZONE 'UTC', %(link_hash)s
        FROM shop_orderunit unit JOIN shop_orderline line ON line.id = unit.line_id
        WHERE unit.id = ANY(%(units)s)
        ORDER BY unit.line_id, unit.position
        RETURNING id, unit_id, edition_id
    ), made AS (
        INSERT INTO accounts_licensekey (
            edition_id, state, ciphertext, digest, is_generated, license_id, unit_id, assigned_at, opened_at
        )
        SELECT granted.edition_id, 'assigned', key.ciphertext, key.digest, true, granted.id, granted.unit_id, %(now)s,
            %(opened_at)s
        FROM unnest(%(made_for)s::bigint[], %(ciphertexts)s::bytea[], %(digests)s::text[])
            AS key (unit_id, ciphertext, digest)
        JOIN granted ON granted.unit_id = key.unit_id
    ), pooled AS (
        UPDATE accounts_licensekey SET license_id = granted.id
        FROM granted WHERE accounts_licensekey.unit_id = granted.unit_id AND state = 'assigned'
    )
    UPDATE shop_orderunit SET state = 'fulfilled' WHERE id = ANY(%(units)s)
"""


class Unit(NamedTuple):
    """A unit of an order, with its edition where that still exists."""

    pk: int
    state: str
    edition_id: int | None
    key_source: Edition.KeySource | None


def lock_units(order: Order) -> list[Unit]:
    """The units of an order in their order, locked."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, {"order": order.pk})
        return [Unit(*row) for row in cursor.fetchall()]


def give(
    units: Sequence[int],
    keys: Mapping[int, Mapping[str, object]],
    *,
    user_id: int | None,
    link_hash: str,
    now: datetime,
    opened_at: datetime | None,
) -> None:
    """Gives each of `units` a license, which has its key, and calls it delivered.

    `keys` are the new ones, by unit, as `license_keys.sealed` makes them; the other units have theirs from a pool. The
    caller has locked the units.
    """
    values: dict[str, Any] = {
        "units": list(units),
        "made_for": list(keys),
        "ciphertexts": [key["ciphertext"] for key in keys.values()],
        "digests": [key["digest"] for key in keys.values()],
        "user": user_id,
        "link_hash": link_hash,
        "now": now,
        "opened_at": opened_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, values)
