"""What a person reads of a storm: who was killed where, what was healed, and what is wrong."""

import sys
from collections import Counter
from collections.abc import Mapping

from payments.models import Refund
from shop.models import Order, OrderEvent
from tests.chaos.books import Verdict
from tests.chaos.storm import Toll

ZERO = ("captured_without_key", "key_given_twice", "double_charges", "ledger_difference_cents")


def tell(toll: Toll, steps: Counter[str], *, seed: int, raged: float, settled: float, second_captures: int) -> None:
    """Prints the whole story to standard error."""
    backordered = OrderEvent.objects.filter(kind=OrderEvent.Kind.BACKORDERED).count()
    _table(f"{toll.killed.total()} checkouts were killed", toll.killed)
    _table("Lives of other processes that ended by a kill", toll.others)
    _table("What became of the buyers", toll.outcomes)
    _table("What the reconciler and the sweepers did afterwards", steps)
    _table("Orders at the end", Counter(Order.objects.values_list("state", flat=True)))
    _table("Refunds at the end", Counter(Refund.objects.values_list("state", flat=True)))
    print(
        f"{len(toll.keys)} keys were shown; {second_captures} captures beyond an order's first; "
        f"{backordered} orders waited for a key.\n"
        f"Storm {raged:.0f} s, reconciling {settled:.0f} s, seed {seed}.",
        file=sys.stderr,
    )


def _table(title: str, rows: Mapping[str, int]) -> None:
    print(f"{title}:", file=sys.stderr)
    for name, count in sorted(rows.items(), key=lambda row: -row[1]):
        print(f"  {count:6}  {name}", file=sys.stderr)


#: Of fewer checkouts no share is asked for.
ENOUGH = 100


def complaints(verdict: Verdict, wrong: Mapping[str, int]) -> list[str]:
    """A sentence for each thing that fails the run."""
    figures = verdict.line()
    found = [f"{name} is {figures[name]}, not 0." for name in ZERO if figures[name]]
    found += [f"Unexpected: {name}, {count} times." for name, count in sorted(wrong.items())]
    if not verdict.reconciled:
        found.append("The reconciler healed nothing: this run proves nothing.")
    if verdict.checkouts >= ENOUGH and verdict.killed < verdict.checkouts * 4 / 5:
        found.append(f"{verdict.killed} of {verdict.checkouts} were killed, fewer than four in five.")
    return found
