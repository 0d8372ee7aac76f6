"""The two writes of beginning to pay. Each is one statement, whole by itself, because a buyer waits for it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from payments.models import Attempt
from payments.providers.base import Begun

# The order is locked and looked at again. Another attempt that is open, or has the number, makes this write none. What
# the fraud review counts by is written along.
_INSERT = """
    WITH payable AS (
        SELECT id FROM shop_order
        WHERE id = %(order)s AND state = 'pending_payment' AND expires_at > %(now)s
        FOR UPDATE
    ), waits AS (
        UPDATE shop_order SET expires_at = %(expires_at)s
        WHERE id IN (SELECT id FROM payable) AND expires_at <> %(expires_at)s
    ), seen AS (
        INSERT INTO payments_fraudsighting (order_id, kind, hash, seen_at)
        SELECT payable.id, given.kind, given.hash, %(now)s
        FROM payable, unnest(%(kinds)s::text[], %(hashes)s::text[]) AS given (kind, hash)
        ON CONFLICT DO NOTHING
    ), attempt AS (
        INSERT INTO payments_attempt (
            order_id, number, provider, state, amount, currency, is_live, problem, created_at, next_look_at, looks
        )
        SELECT id, %(number)s, %(provider)s, 'created', %(amount)s, %(currency)s, %(is_live)s, '', %(now)s, %(look)s, 0
        FROM payable
        ON CONFLICT DO NOTHING
        RETURNING id
    )
    INSERT INTO payments_providercall (key, attempt_id, parameters, made_at)
    SELECT %(key)s, id, %(parameters)s, %(now)s FROM attempt
    RETURNING attempt_id
"""
# The call has its answer: the ids are kept, the parameters go, the attempt waits for its buyer.
_ANSWERED = """
    WITH kept AS (
        INSERT INTO payments_reference (attempt_id, kind, value)
        SELECT %(attempt)s, * FROM unnest(%(kinds)s, %(values)s) ON CONFLICT DO NOTHING
    ), answered AS (
        DELETE FROM payments_providercall WHERE key = %(key)s
    )
    UPDATE payments_attempt SET state = 'requires_action' WHERE id = %(attempt)s AND state = 'created'
"""


def insert(attempt: Attempt, *, key: str, parameters: dict[str, Any], now: datetime, seen: Mapping[str, str]) -> bool:
    """Writes a new attempt with the call that will begin it, and gives it its id.

    `seen` are the hashes of its order by their kind (`payments.fraud.hashes`). The order waits as long as
    `attempt.order` says. False, and no attempt written, where the order can't be paid any more or has another attempt
    in the way.
    """
    values: dict[str, Any] = {
        "order": attempt.order_id,
        "number": attempt.number,
        "provider": attempt.provider,
        "amount": attempt.amount,
        "currency": attempt.currency,
        "is_live": attempt.is_live,
        "now": now,
        "look": attempt.next_look_at,
        "expires_at": attempt.order.expires_at,
        "key": key,
        "parameters": json.dumps(parameters),
        "kinds": list(seen),
        "hashes": list(seen.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        row = cursor.fetchone()
    attempt.pk = row[0] if row else None
    return row is not None


def answered(attempt: Attempt, *, key: str, begun: Begun) -> bool:
    """Keeps what the provider answered. False where the attempt no longer waits for that: it was closed, or is paid."""
    kinds, values = [str(kind) for kind in begun.references], list(begun.references.values())
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, {"attempt": attempt.pk, "key": key, "kinds": kinds, "values": values})
        return cursor.rowcount == 1
