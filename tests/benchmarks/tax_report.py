"""The tax report of a quarter over a hundred thousand documents. It reads documents alone: an order more or less in the
table of orders changes nothing, so all are of one."""

import time
from collections.abc import Iterator

from django.db import connection, transaction

from shop import tax_report
from shop.tax_report import Quarter
from tests.accounts import purchases
from tests.benchmarks.figures import Figure

DOCUMENTS, MOST = 100_000, 3.0  # seconds
QUARTER = Quarter(2026, 4)
_DOCUMENTS = """
    INSERT INTO shop_accountingdocument
           (order_id, kind, series, about, issued_at, supplied_on, is_invoice, currency, net, tax, total)
    SELECT %(order)s, 'receipt', 'R', 'bench:' || n, timestamptz '2026-10-01 12:00Z' + n %% 90 * interval '1 day',
           date '2026-10-01' + n %% 90, false, 'EUR', 100, 19, 119
      FROM generate_series(1, %(count)s) n
"""
_LINES = """
    INSERT INTO shop_documentline (document_id, order_line_id, words, quantity, tax_country, tax_rate, tax_rule,
                                   tax_article, net, tax, total)
    SELECT d.id, %(line)s, 'A license', 1, (ARRAY['DE', 'FR', 'AT', 'IE', 'US'])[1 + d.id %% 5], 19 + d.id %% 3,
           'eu_destination', '', 100, 19, 119
      FROM shop_accountingdocument d WHERE d.about LIKE 'bench:%%'
"""


def figures(documents: int = DOCUMENTS) -> Iterator[Figure]:
    """Seconds until the report is there, of three tries the middle one."""
    with transaction.atomic(), connection.cursor() as cursor:
        order = purchases.paid((purchases.edition(), 1))
        values = {"order": order.pk, "line": order.lines.get().pk, "count": documents}
        cursor.execute(_DOCUMENTS, values)
        cursor.execute(_LINES, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE shop_accountingdocument, shop_documentline")
    taken = sorted(_timed() for _ in range(3))
    yield Figure(f"Tax report of a quarter, {documents:,} documents", taken[1], "s", MOST, at_most=1)


def _timed() -> float:
    began = time.perf_counter()
    rows = tax_report.rows(QUARTER)
    assert rows, "The report is empty."
    return time.perf_counter() - began
