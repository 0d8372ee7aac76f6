"""Many paid orders with all that hangs on them: what the sweep is measured on.

Keys and moments come in by COPY; PostgreSQL makes the rows of every table from them. Triggers and foreign keys rest
meanwhile (`session_replication_role`: for a superuser, as the test servers have it), so the dates that a trigger would
write are in the rows.
"""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from privacy import clock
from privacy.models import RetentionPeriod
from privacy.retention import Rule, all_rules
from shop.models import OrderParty
from tests.accounts import purchases

FIRST = 10_000_001  # of the keys, beyond whatever is there
CHUNK = 20_000
#: Columns of each table, and what they get from a sale's `key` and `placed_at` (`at`). The slowest tables come first.
ROWS = {
    "shop_order": {
        "id": "key",
        "number": "'AO-' || key",
        "state": "'paid'",
        "currency": "'EUR'",
        "country": "'DE'",
        "evidence": "'{}'",
        "is_business": "false",
        "net": "100",
        "tax": "19",
        "total": "119",
        "payment_method": "'card'",
        "delivery": "'sealed'",
        "consent_version": "''",
        "policy_version": "'1'",
        "placed_at": "at",
        "paid_at": "at",
        "captured_at": "at",
        "expires_at": "at",
        "link_hash": "md5(key::text)",
        "terms_id": "%(terms)s",
    },
    "accounts_licensekey": {
        "id": "key",
        "edition_id": "%(edition)s",
        "state": "'assigned'",
        "ciphertext": "'x'",
        "digest": "md5(key::text)",
        "is_generated": "true",
        "license_id": "key",
        "unit_id": "key",
        "assigned_at": "at",
    },
    "shop_orderparty": {
        "id": "key",
        "order_id": "key",
        "email": "'buyer-' || key || '@example.com'",
        "delivery_email": "''",
        "name": "'Katrin Vogel ' || key",
        "link_nonce": "gen_random_uuid()",
        "checkout_token": "gen_random_uuid()",
        **dict.fromkeys(
            "company vat_number purchase_order street postal_code city region browser_family".split(), "''"
        ),
        "expires_at": "privacy_period_end(at, '{\"years\": 3}')",
    },
    "accounts_license": {
        "id": "key",
        "unit_id": "key",
        "edition_id": "%(edition)s",
        "product_name": "'Tool'",
        "edition_name": "'Team'",
        "mark": "repeat('x', 25)",
        "seats": "1",
        "devices": "1",
        "starts_at": "at",
        "link_hash": "md5(key::text)",
    },
    "payments_reference": {
        "id": "key",
        "attempt_id": "key",
        "kind": "'stripe_session'",
        "value": "'cs_' || key",
    },
    "shop_orderevent": {"id": "key", "order_id": "key", "kind": "'paid'", "at": "at", "detail": "''"},
    "shop_orderline": {
        "id": "key",
        "order_id": "key",
        "edition_id": "%(edition)s",
        "sku": "'tool-pro'",
        "product_name": "'Tool'",
        "edition_name": "'Team'",
        "mark": "repeat('x', 25)",
        "sold_per": "'license'",
        **dict.fromkeys(("seats", "devices", "quantity"), "1"),
        "unit_price": "119",
        "net": "100",
        "tax": "19",
        "total": "119",
        "tax_rate": "19",
        "tax_rule": "'eu_destination'",
        "tax_country": "'DE'",
    },
    "shop_orderunit": {"id": "key", "line_id": "key", "position": "1", "seats": "1", "state": "'fulfilled'"},
    "payments_attempt": {
        "id": "key",
        "order_id": "key",
        "number": "1",
        "provider": "'stripe'",
        "state": "'captured'",
        "amount": "119",
        "currency": "'EUR'",
        "is_live": "false",
        "problem": "''",
        "created_at": "at",
        "captured_at": "at",
        "looks": "0",
    },
    "payments_refund": {
        "id": "key",
        "attempt_id": "key",
        "kind": "'amount'",
        "state": "'succeeded'",
        "amount": "5",
        "tax": "0",
        "reason": "'Asked for.'",
        "requested_at": "at",
        "finished_at": "at",
        "tries": "0",
        "problem": "''",
        "provider_refund": "'re_' || key",
    },
    "shop_orderhold": {
        "id": "key",
        "order_id": "key",
        "reason": "'Looks odd.'",
        "placed_at": "at",
        "released_at": "at",
    },
}
#: Of these only every so many orders have one.
EVERY = {"payments_refund": 10, "shop_orderhold": 50}


def copy(count: int, *, due: int) -> None:
    """Writes `count` paid orders, of which `due` are older than three years, and says that their dates are written."""
    first = purchases.order((purchases.edition(), 1))
    known = {"edition": first.lines.get().edition_id, "terms": first.terms_id}
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE bench_sale (key bigint, at timestamptz)")
        lines = (f"{key}\t{at}\n" for key, at in sales(count, due=due))
        for chunk in iter(lambda: "".join(islice(lines, CHUNK)), ""):
            cursor.copy_expert("COPY bench_sale FROM STDIN", io.StringIO(chunk))
        cursor.execute("ANALYZE bench_sale")
        with ThreadPoolExecutor(2) as workers:
            list(workers.map(lambda table: _fill(table, known), ROWS))
        cursor.execute("DROP TABLE bench_sale")
        cursor.execute(f"ANALYZE {', '.join(ROWS)}")
    for rule in rules():
        RetentionPeriod.objects.filter(rule=rule.name).update(period=rule.period, target=None)


def sales(count: int, *, due: int) -> Iterator[tuple[int, datetime]]:
    """Keys and moments: the first `due` orders ended their three years in the last 300 days, the others didn't."""
    now = clock.now()
    for number in range(count):
        days, place, of = (1400, number, due) if number < due else (1000, number - due, count - due)
        yield FIRST + number, now - timedelta(days=days - 290 * place / of)


def rules() -> list[Rule]:
    """The rules about the person of an order."""
    return [rule for rule in all_rules() if rule.model is OrderParty]


def _fill(table: str, known: dict[str, int]) -> None:
    columns = ROWS[table]
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM bench_sale "
        f"WHERE key %% {EVERY.get(table, 1)} = 0 ORDER BY key"
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
            _use_indexes(cursor, table, False)  # building them afterwards takes a fraction of the time
            cursor.execute(sql, known)
            _use_indexes(cursor, table, True)
            cursor.execute(f"REINDEX TABLE {table}")
    finally:
        connections.close_all()


def _use_indexes(cursor: CursorWrapper, table: str, is_ready: bool) -> None:
    cursor.execute("UPDATE pg_index SET indisready = %s WHERE indrelid = %s::regclass", [is_ready, table])
