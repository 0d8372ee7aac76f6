"""The sweep over a million orders of which a fifth are due, with all that hangs on them."""

import resource
import time
from collections.abc import Callable, Iterator

from privacy import retention
from tests.benchmarks import sold_orders
from tests.benchmarks.figures import Figure

ORDERS, DUE = 1_000_000, 200_000
MOST_COPY, MOST_SWEEP, MOST_SECOND = 60.0, 20.0, 0.2  # seconds
WARM_UP = 5  # batches, after which the process has all the memory that it needs


def figures(orders: int = ORDERS, due: int = DUE) -> Iterator[Figure]:
    """Seconds to make the data, to sweep it, and to sweep again; and memory at the end of it."""
    list(retention.run())  # whatever else is due, and the first computation of all dates
    about = f"{orders:,} orders, {due:,} due"
    yield Figure(f"{about}: made by COPY", _timed(lambda: sold_orders.copy(orders, due=due)), "s", MOST_COPY, at_most=1)
    removed: list[int] = []
    peaks: list[int] = []

    def sweep() -> None:
        for step in retention.run():
            removed.append(step.count)
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    yield Figure(f"{about}: sweep over all tables", _timed(sweep), "s", MOST_SWEEP, at_most=1)
    assert sum(removed) == due, f"{sum(removed)} of {due} were removed"
    warm = peaks[min(WARM_UP, len(peaks)) - 1]
    yield Figure(f"{about}: memory at the end against its {WARM_UP}th batch", peaks[-1], "KiB", warm, at_most=1.1)
    yield Figure(
        f"{about}: second sweep, nothing due", _timed(lambda: list(retention.run())), "s", MOST_SECOND, at_most=1
    )


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
