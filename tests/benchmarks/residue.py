"""The scan for what is left of one person among a million orders: those that the sweep's figures left, or new ones."""

import resource
import time
from collections.abc import Iterator

from privacy import people, residue
from shop.models import OrderParty
from tests.benchmarks import sold_orders
from tests.benchmarks.figures import Figure

ORDERS = 1_000_000
MOST_SCAN = 60.0  # seconds
MOST_MEMORY = 60_000  # KiB that a scan may add, however many rows there are


def figures(orders: int = ORDERS) -> Iterator[Figure]:
    """Seconds to search every table, cache and file for one buyer, and the memory that it takes."""
    if not OrderParty.objects.filter(pk__gte=sold_orders.FIRST).exists():
        sold_orders.copy(orders, due=0)
    count = OrderParty.objects.count()
    buyer = OrderParty.objects.order_by("-pk").values_list("email", flat=True).first() or ""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    report = residue.scan(people.of_address(buyer))
    took = time.perf_counter() - began
    assert len(report.findings) == 1, report.findings
    about = f"{count:,} orders"
    yield Figure(f"{about}: scan for what is left of one buyer", took, "s", MOST_SCAN, at_most=1)
    added = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    yield Figure(f"{about}: memory of that scan", added, "KiB", MOST_MEMORY, at_most=1)
