"""The desk's lists of 100,000 posts, and a product's page with 2,000 reviews: made anew, and kept for everybody."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import roles
from tests import desk
from tests.accounts import purchases
from tests.benchmarks.figures import Figure

POSTS, OF_ONE_PRODUCT = 100_000, 2_000
MOST_QUERIES, MOST_CPU = 15, 300.0  # queries, milliseconds
MOST_COLD = 8  # queries; once the page is kept, none
_TIMES = 50
_PRODUCTS = """
    INSERT INTO shop_product (slug, name, tagline, category_id, mark, description, facts, requirements, drawing,
                              is_published, position, updated_at)
    SELECT 'bench-' || n, 'Bench ' || n, 'B.', %(category)s, %(mark)s, 'B.', '[]', '[]', '', true, 0, now()
      FROM generate_series(0, %(products)s) n
"""
_POSTS = """
    INSERT INTO shop_post (product_id, kind, state, by_shop, stars, title, text, signals, points, written_at,
                           published_at, reported_at, reason)
    SELECT p.id, 'review', CASE WHEN n %% 50 = 0 THEN 'pending' ELSE 'published' END, false, 1 + n %% 5, 'Title ' || n,
           'It traced a formula through nine sheets, and said which cell was wrong. ' || n, '[]', 0,
           now() - n * interval '1 minute', now() - n * interval '1 minute', NULL, ''
      FROM generate_series(1, %(count)s) n
      JOIN shop_product p ON p.slug = 'bench-' || (n / %(each)s)
"""
_AUTHORS = """
    INSERT INTO shop_postauthor (post_id, product_id, is_review, email, shown_as, wish, written_at)
    SELECT id, product_id, true, 'buyer-' || id || '@bench.example', 'Numbers', 'erase', written_at FROM shop_post
"""


def figures(posts: int = POSTS) -> Iterator[Figure]:
    """Queries and our own CPU time of both lists, and queries of the page."""
    each = int(OF_ONE_PRODUCT / 0.98) + 1  # one in fifty isn't published
    with transaction.atomic(), connection.cursor() as cursor:
        category = purchases.edition().product.category_id
        values = {"category": category, "mark": "x" * 25, "count": posts, "each": each, "products": posts // each}
        for statement in (_PRODUCTS, _POSTS, _AUTHORS):
            cursor.execute(statement, values)
        client = desk.at_desk(roles.ADMINISTRATOR)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE shop_post, shop_postauthor, shop_product")
    client.defaults["SERVER_NAME"] = urlsplit(settings.SITE_URL).hostname or ""
    for words, path in (("that wait", "/admin/shop/post/"), ("of all", "/admin/shop/post/?part=all")):
        queries, cpu = _measured(client, path)
        yield Figure(f"Desk list {words}, {posts:,} posts: queries", queries, "queries", MOST_QUERIES, at_most=1)
        yield Figure(f"Desk list {words}, {posts:,} posts: our CPU", cpu, "ms", MOST_CPU, at_most=1)
    visitor = Client(SERVER_NAME=client.defaults["SERVER_NAME"])
    queries, cpu = _measured(visitor, "/p/bench-1/")
    yield Figure(f"Product page with {OF_ONE_PRODUCT:,} reviews, cold", queries, "queries", MOST_COLD, at_most=1)
    yield Figure(f"Product page with {OF_ONE_PRODUCT:,} reviews, cold: our CPU", cpu, "ms", MOST_CPU)
    queries, cpu = _warm("/p/bench-1/", client.defaults["SERVER_NAME"])
    yield Figure(f"Product page with {OF_ONE_PRODUCT:,} reviews, warm", queries, "queries", MOST_COLD, at_most=0)
    yield Figure(f"Product page with {OF_ONE_PRODUCT:,} reviews, warm: our CPU", cpu, "ms", MOST_CPU)


def _warm(path: str, host: str) -> tuple[int, float]:
    """The same through all that a web server calls (`config.wsgi`): the queries of 50 answers after the first, and the
    milliseconds of one."""
    from config.wsgi import application  # which freezes what was loaded, so nothing else of the bench may come before

    asked = RequestFactory().get(path, secure=settings.SITE_URL.startswith("https"), HTTP_HOST=host).environ
    first = _answer(application, asked)
    assert f"{OF_ONE_PRODUCT:,} reviews".replace(",", "") in first.decode(), "It shows other reviews."
    with CaptureQueriesContext(connection) as captured:
        began = time.process_time()
        for _ in range(_TIMES):
            assert _answer(application, asked) == first
        taken = time.process_time() - began
    return len(captured), taken * 1000 / _TIMES


def _answer(application: Any, asked: dict[str, Any]) -> bytes:
    said: list[str] = []
    body = application(dict(asked), lambda status, _headers, *_: said.append(status))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    assert said == ["200 OK"], said
    return content


def _measured(client: Client, path: str) -> tuple[int, float]:
    """Queries, and milliseconds of this process's CPU time, of five tries the middle one; the first is left out."""
    taken = []
    for _ in range(6):
        with CaptureQueriesContext(connection) as captured:
            began = time.process_time()
            response = client.get(path, secure=settings.SITE_URL.startswith("https"))
            taken.append((time.process_time() - began) * 1000)
        assert response.status_code == 200, f"{path} answered {response.status_code}."
    return len(captured), sorted(taken[1:])[2]
