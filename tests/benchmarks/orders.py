"""The lists of orders and of fraud reviews with a hundred thousand rows: queries, and the time of our own CPU."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.urls import reverse

from shop.models import OrderParty
from tests import desk
from tests.accounts import purchases
from tests.benchmarks.cases import MOST_CPU, MOST_QUERIES, measured
from tests.benchmarks.figures import Figure

ORDERS = 100_000
_ORDERS = """
    INSERT INTO shop_order
           (number, state, currency, country, evidence, is_business, net, tax, total, payment_method, delivery,
            consent_version, policy_version, placed_at, paid_at, ended_at, captured_at, expires_at, link_hash, terms_id)
    SELECT 'BENCH-' || n, (ARRAY['paid', 'paid', 'paid', 'on_hold', 'cancelled'])[1 + n %% 5], 'EUR', 'DE', '{}',
           n %% 3 = 0, 100, 19, 119, (ARRAY['card', 'paypal'])[1 + n %% 2], 'sealed', '', '1', at, at, at, at, at,
           md5('bench' || n), %(terms)s
      FROM generate_series(1, %(count)s) n, LATERAL (SELECT now() - n * interval '5 minutes' AS at) moments
"""
_PARTIES = """
    INSERT INTO shop_orderparty (order_id, email, delivery_email, name, company, vat_number, purchase_order, street,
                                 postal_code, city, region, browser_family, link_nonce, checkout_token)
    SELECT id, 'bench-' || id || '@example.com', '', 'Person ' || id, '', '', '', '', '', '', '', '',
           gen_random_uuid(), gen_random_uuid()
      FROM shop_order WHERE number LIKE 'BENCH-%%'
"""
_REVIEWS = """
    INSERT INTO payments_fraudassessment (order_id, score, verdict, reasons, made_at, settled_at)
    SELECT id, 60, CASE state WHEN 'on_hold' THEN 'hold' ELSE 'pass' END, '[]', placed_at,
           CASE state WHEN 'on_hold' THEN NULL ELSE placed_at END
      FROM shop_order WHERE number LIKE 'BENCH-%%'
"""
ORDER_LISTS = {
    "list of orders": "",
    "orders on hold": "?state__exact=on_hold",
    "orders held by fraud review": "?fraud=held",
    "orders that wait for keys": "?keys=waiting",
    "a late page of orders": "?p=1500",
}
REVIEW_LISTS = {
    "list of fraud reviews": "",
    "fraud reviews that wait": "?look=needed",
    "a late page of them": "?p=1500",
}


def figures(count: int = ORDERS) -> Iterator[Figure]:
    """Each list as a manager reads it, a search by address, and the start page: of three tries the middle one."""
    with transaction.atomic(), connection.cursor() as cursor:
        known = {"count": count, "terms": purchases.order((purchases.edition(), 1)).terms_id}
        for statement in (_ORDERS, _PARTIES, _REVIEWS):
            cursor.execute(statement, known)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE shop_order, shop_orderparty, payments_fraudassessment")
    client, orders = desk.at_desk("Shop Manager"), reverse("admin:shop_order_changelist")
    reviews = reverse("admin:payments_fraudassessment_changelist")
    terms = {"an address": OrderParty.objects.order_by("-pk")[0].email, "a number": "BENCH-4711"}
    found = {f"a search for {what}": desk.search(client, orders, term) for what, term in terms.items()}
    pages = {name: f"{orders}{query}" for name, query in ORDER_LISTS.items()}
    pages |= {name: f"{reviews}{query}" for name, query in REVIEW_LISTS.items()} | found
    for name, address in pages.items():
        queries, cpu = sorted(measured(client, address) for _ in range(3))[1]
        yield Figure(f"{name}, {count:,} orders: queries", queries, "queries", MOST_QUERIES, at_most=1)
        yield Figure(f"{name}, {count:,} orders: CPU", cpu, "ms", MOST_CPU, at_most=1)
