"""How many queries a payment costs: pinned, and the same for one unit and for fifty."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.celery import app
from payments import attempts
from payments.models import Reference
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db(transaction=True)


def statements(captured: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without BEGIN and COMMIT."""
    return [query["sql"] for query in captured if query["sql"] not in {"BEGIN", "COMMIT"}]


@pytest.mark.parametrize("quantity", [1, 50])
def test_beginning_costs_the_same_for_any_number_of_units(till: Till, quantity: int) -> None:
    order = paying.order(quantity)
    with CaptureQueriesContext(connection) as captured:
        attempts.begin(order, till.name)
    assert len(captured) == {"stripe": 3, "paypal": 2}[till.name]  # Stripe is told the lines, PayPal isn't (P10)


@pytest.fixture
def worker_elsewhere() -> Iterator[None]:
    """Tasks go to a worker, which isn't there, as in the shop; the tests' own way runs them at once."""
    usual = app.conf.task_always_eager
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = usual


@pytest.mark.usefixtures("worker_elsewhere")
def test_coming_back_costs_the_same_for_one_unit_and_for_fifty(till: Till) -> None:
    """Eight are the payment's, its fraud review included, two the receipt's; the rest gives out the keys."""
    counts = []
    for quantity in (1, 50):
        attempt, identifier = paying.begun(till, paying.order(quantity))
        till.agree(identifier)
        with CaptureQueriesContext(connection) as captured:
            paying.come_back(Client(), till, attempt, identifier)
        asked = statements(captured)
        own = [sql for sql in asked if "payments_" in sql or '"shop_order"' in sql or "'paid'" in sql]
        assert len(own) == 10, own
        counts.append(len(asked))
        assert paying.states(attempt)[1] == "paid"
        assert Reference.objects.filter(attempt=attempt).count() == {"stripe": 3, "paypal": 2}[till.name]
    assert counts[0] == counts[1]
