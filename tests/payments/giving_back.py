"""Refunds for the tests of payments: asked for, and looked at."""

from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.test import Client

from payments import refund_shares, refunds
from payments.models import Attempt, Refund
from privacy.models import Alert
from shop import orders
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till


def ask(attempt: Attempt, count: int = 2) -> Refund:
    """Asks to give back the first `count` units."""
    with transaction.atomic():
        order = orders.lock(attempt.order_id)
        attempt.order = order
        shares = refund_shares.units_left(order)[:count]
        return refunds.request_units(attempt, shares, by=None, reason="Asked for.")


def ask_seats(attempt: Attempt, count: int, *, of: int = 0) -> Refund:
    """Asks to give back so many seats of the order's unit at this place."""
    with transaction.atomic():
        order = orders.lock(attempt.order_id)
        attempt.order = order
        shares = refund_shares.of_seats(order, {purchases.units_of(order)[of].pk: count})
        return refunds.request_units(attempt, shares, by=None, reason="Asked for.")


def units(attempt: Attempt) -> list[str]:
    """The states of the order's units."""
    return [unit.state for unit in purchases.units_of(attempt.order)]


def given_back(till: Till) -> int:
    """What the provider gave back, in cents of the euro."""
    given: int = till.sandbox.ledger()["refunds"].get("EUR", 0)
    return given


def alert_kinds() -> list[str]:
    """The kinds of the open alerts."""
    return sorted(Alert.objects.filter(closed_at__isnull=True).values_list("kind", flat=True))


def two(till: Till, client: Client) -> tuple[Refund, Refund]:
    """Two refunds of two orders, both due, the older one first."""
    first, second = (ask(paying.paid(till, client), 1) for _ in range(2))
    return first, second


def refund_row(attempt: Attempt, amount: str, kind: str = "amount", **fields: Any) -> Refund:
    """A refund as raw SQL could write it."""
    return Refund.objects.create(attempt=attempt, amount=Decimal(amount), kind=kind, **fields)


def committed(make: Any, attempt: Attempt) -> None:
    """Makes the rows, with what is checked at the commit."""
    with transaction.atomic():
        make(attempt)
        connection.check_constraints()
