"""Adding to the cart, and a whole purchase against the sandboxes: queries, and CPU time of the shop's own thread.

The sandboxes run in other threads, and waiting costs no CPU time: only the shop's own work is counted.
"""

import re
import statistics
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import reverse

from payments.models import Attempt, Reference
from sandbox.client import Client as Sandbox
from shop import orders
from shop.demo.load import load
from tests.benchmarks.figures import Figure
from tests.benchmarks.visitor import Meter, Visitor

OSCAR_ADD_CPU, OSCAR_PURCHASE_CPU = 20.0, 235.0  # milliseconds, measured elsewhere
MOST_ADD_QUERIES, MOST_PURCHASE_QUERIES, MOST_PURCHASE_CPU = 2, 40, 25.0
WARM_UP, TIMES = 3, 20
SKU = "gridtrace-professional"
#: Each way to pay: its provider, what the buyer does there, the query that comes back, and the provider's id.
WAYS = {
    "card": ("stripe", "pay", "session_id", "stripe_session"),
    "paypal": ("paypal", "approve", "token", "paypal_order"),
}


def figures(sandboxes: dict[str, Sandbox]) -> Iterator[Figure]:
    """Adding to the cart, and purchases of 1 and of 50 units by each way to pay."""
    from config.wsgi import application

    load()  # nothing, where the pages were measured before

    yield from _adding(application, "by form", {})
    drawer = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "drawer-body"}
    yield from _adding(application, "with the drawer", drawer)
    for method, (provider, *_) in WAYS.items():
        for quantity in (1, 50):
            yield from _purchases(application, method, quantity, sandboxes[provider])


def _cost(act: Callable[[Meter], None]) -> tuple[float, float]:
    """The queries of an act, the most of a few, and milliseconds of CPU time, the median of many."""
    for _ in range(WARM_UP):
        act(Meter(counts_queries=True))
    totals: dict[bool, list[float]] = {True: [], False: []}
    for counts_queries in [*[True] * WARM_UP, *[False] * TIMES]:
        meter = Meter(counts_queries)
        act(meter)
        totals[counts_queries].append(meter.total)
    return max(totals[True]), statistics.median(totals[False])


def _adding(application: Callable[..., Any], how: str, headers: dict[str, str]) -> Iterator[Figure]:
    def add(meter: Meter) -> None:
        visitor = Visitor(application)
        answer = visitor.post("/cart/add/", {"edition": SKU, "quantity": "1"}, meter, **headers)
        assert (answer.status in {200, 302}, bool(visitor.cookies["cart"].value)) == (True, True), answer

    queries, cpu = _cost(add)
    label = f"add to the cart as a new visitor, {how}"
    yield Figure(f"{label}: queries", queries, "queries", MOST_ADD_QUERIES, at_most=1)
    yield Figure(f"{label}: CPU against django-oscar", cpu, "ms", OSCAR_ADD_CPU, at_most=0.1)


def _purchases(application: Callable[..., Any], method: str, quantity: int, sandbox: Sandbox) -> Iterator[Figure]:
    queries, cpu = _cost(lambda meter: _purchase(Visitor(application), meter, method, quantity, sandbox))
    label = f"purchase by {method}, {quantity} unit{'s' if quantity > 1 else ''}"
    yield Figure(f"{label}: queries", queries, "queries", MOST_PURCHASE_QUERIES, at_most=1)
    yield Figure(f"{label}: own CPU", cpu, "ms", MOST_PURCHASE_CPU, at_most=1)
    yield Figure(f"{label}: own CPU against django-oscar", cpu, "ms", OSCAR_PURCHASE_CPU)


def _purchase(visitor: Visitor, meter: Meter, method: str, quantity: int, sandbox: Sandbox) -> None:
    """From the filled form to the provider's redirect, and from the way back to the key on the page."""
    provider, act, query, kind = WAYS[method]
    visitor.post("/cart/add/", {"edition": SKU, "quantity": str(quantity)})
    form = visitor.get("/checkout/").text
    away = visitor.post("/checkout/", filled(form, method), meter)
    assert away.status == 302, re.findall(r"(?s)class=\"(?:notice|error)[^>]*>(.*?)</div>", away.text)
    attempt = Attempt.objects.select_related("order").latest("pk")
    identifier = Reference.objects.get(attempt=attempt, kind=kind).value
    sandbox.act(act, identifier, country="DE")
    back = reverse("payment_return", args=[provider, orders.token(attempt.order)])
    returned = visitor.get(f"{back}?{query}={identifier}", meter)
    assert returned.status == 302, returned.text
    page = visitor.get(returned.location, meter).text
    assert page.count("data-copy=") >= quantity, f"{quantity} keys are not on the page"


def filled(form: str, method: str) -> dict[str, str]:
    """The form as a buyer in Germany fills it, with what the page hid in it."""
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]+>", form)]
    hidden = {each["name"]: each.get("value", "") for each in inputs if each.get("type") == "hidden" and "name" in each}
    return hidden | {
        "email": "buyer@example.com",
        "name": "Katrin Vogel",
        "country": "DE",
        "street": "Am Sandtorkai 41",
        "postal_code": "20457",
        "city": "Hamburg",
        "payment_method": method,
        "delivery": "at_once",
        "consent": "on",
        "terms": "on",
    }
