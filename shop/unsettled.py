"""Orders of which money or keys are under way: what belongs to such an order is needed until it is settled.

The shop knows of payments that may come, holds and keys that are owed; higher apps register what they know.
"""

from collections.abc import Callable, Mapping, Sequence

from shop.models import Order, OrderUnit

Judge = Callable[[Sequence[int]], Mapping[int, str]]
_judges: list[Judge] = []


def register(judge: Judge) -> Judge:
    """Adds who knows of something under way; it may be used as a decorator. It gets orders' ids and gives reasons."""
    _judges.append(judge)
    return judge


def reasons(order_ids: Sequence[int]) -> dict[int, str]:
    """Those of the orders that are under way, each with the first reason."""
    found: dict[int, str] = {}
    for judge in _judges:
        for order_id, reason in judge(order_ids).items():
            found.setdefault(order_id, reason)
    return found


@register
def _of_orders(order_ids: Sequence[int]) -> Mapping[int, str]:
    states = {
        Order.State.PENDING_PAYMENT: "a payment may still come",
        Order.State.ON_HOLD: "the order waits for a person's decision",
    }
    orders = Order.objects.filter(pk__in=order_ids, state__in=list(states))
    return {pk: states[Order.State(state)] for pk, state in orders.values_list("pk", "state")}


@register
def _of_keys(order_ids: Sequence[int]) -> Mapping[int, str]:
    owed = OrderUnit.objects.filter(
        line__order__in=order_ids,
        line__order__state=Order.State.PAID,
        state__in=[OrderUnit.State.ORDERED, OrderUnit.State.BACKORDERED],
    )
    return dict.fromkeys(owed.values_list("line__order", flat=True), "keys are owed")
