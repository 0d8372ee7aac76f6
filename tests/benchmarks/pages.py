"""Anonymous pages: warm against the bare Django, and cold by their queries. Imported when Django is ready."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.demo.load import clear, load
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Speed, measure
from tests.benchmarks.servers import serving

PAGES = {"home": "/", "category": "/c/excel/", "product": "/p/gridtrace/"}
SIZES = (12, 1000)
ROUNDS, SECONDS = 3, 3.0
MOST_COLD_QUERIES = 8
OSCAR_LIST_CPU = 260.0  # milliseconds, of its list of products, measured elsewhere


def figures(folder: Path) -> Iterator[Figure]:
    """Every page with 12 and with 1,000 products."""
    for size in SIZES:
        clear()
        load(size)
        yield from _cold(size)
        yield from _warm(size, folder / str(size))


def _cold(size: int) -> Iterator[Figure]:
    client = Client()
    for name, path in PAGES.items():
        client.get(path)  # templates and imports
        with CaptureQueriesContext(connection) as queries:
            body = client.get(path)
        assert body.status_code == 200
        label = f"{name} page, {size} products, cold"
        yield Figure(f"{label}: queries", len(queries), "queries", MOST_COLD_QUERIES, at_most=1)
        began = time.thread_time()
        for _ in range(20):
            client.get(path)
        yield Figure(f"{label}: CPU", (time.thread_time() - began) * 1000 / 20, "ms", OSCAR_LIST_CPU)


def _warm(size: int, folder: Path) -> Iterator[Figure]:
    bare_pages = folder / "bare"
    bare_pages.mkdir(parents=True)
    shop_env = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.shop_settings"}
    with serving("config.wsgi:application", "/", env=shop_env, folder=folder) as shop:
        client = Client()
        for name, path in PAGES.items():
            (bare_pages / f"{name}.html").write_bytes(client.get(path).content)
        bare_env = {"BENCH_BARE_PAGES": str(bare_pages)}
        with serving("tests.benchmarks.bare:application", "/home/", env=bare_env, folder=folder) as bare:
            for name, path in PAGES.items():
                own, plain = [], []
                for _ in range(ROUNDS):  # in turn, so that a noisy neighbor disturbs both
                    own.append(measure(f"{shop.url}{path}", seconds=SECONDS, server=shop.pid))
                    plain.append(measure(f"{bare.url}/{name}/", seconds=SECONDS, server=bare.pid))
                yield from _speeds(f"{name} page, {size} products, warm", own, plain)


def _speeds(label: str, own: list[Speed], plain: list[Speed]) -> Iterator[Figure]:
    per_second = [statistics.median(speed.per_second for speed in speeds) for speeds in (own, plain)]
    cpu = [statistics.median(speed.cpu for speed in speeds) for speeds in (own, plain)]
    yield Figure(
        f"{label}: speed against a constant in a bare Django view", *_with(per_second, "requests/s"), at_least=0.5
    )
    yield Figure(f"{label}: CPU of the server against the same", *_with(cpu, "ms"))


def _with(pair: list[float], unit: str) -> tuple[float, str, float]:
    return pair[0], unit, pair[1]
