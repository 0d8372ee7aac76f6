"""After the storm: the reconciler and the sweepers run on a clock that is moved forward, until everything is quiet."""

import random
from collections import Counter
from datetime import timedelta

from payments import reckoning
from privacy import clock
from shop.models import Order
from tests.chaos import workers
from tests.chaos.sandboxes import Sandboxes

#: From the first looks to the end of the week in which an attempt is looked at, and of the wait for a key.
MOMENTS = tuple(timedelta(minutes=minutes) for minutes in (3, 20, 90, 7 * 60, 25 * 60, 4 * 1440, 8 * 1440, 9 * 1440))
#: Before the keys of those who never pay are free again: what a manager accepts may have to wait for its key.
DESK_AT = MOMENTS[0]


def settle(sandboxes: Sandboxes, chance: random.Random) -> Counter[str]:
    """Does all that is due at each moment; at one of them a manager decides about what is held. Returns the steps."""
    began, ahead, steps = clock.now(), timedelta(), Counter[str]()
    for moment in MOMENTS:
        sandboxes.advance(int((moment - ahead).total_seconds()))
        ahead = moment
        with clock.at(began + moment):
            if moment == DESK_AT:
                _decide(chance)
            report = reckoning.run()
        steps.update(report.steps)
        if report.unreachable:
            raise RuntimeError("A sandbox could not be asked though the weather is fair.")
    return steps


def _decide(chance: random.Random) -> None:
    for order_id in Order.objects.filter(state=Order.State.ON_HOLD).values_list("pk", flat=True):
        workers.decide(order_id, is_accepted=chance.random() < 0.5)
