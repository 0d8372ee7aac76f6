"""Cases for the tests: a refund that needs no provider, and requests in a line."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.db import connection

from accounts import cases
from accounts.cases import actions
from accounts.cases.actions import Asked, Offer
from accounts.cases.mails import KINDS
from accounts.models import Case, CaseEvent
from privacy.models import OutgoingMail
from shop.models import Order, OrderUnit
from tests.accounts import purchases

EMAIL = "ada@example.com"


class Till:
    """Gives money back at once, in its own books: what was asked for, by order and units."""

    permission = "payments.request_refund"

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[int]]] = []
        self.seats: dict[int, int] = {}
        self.refuses = ""

    def offers(self, order: Order) -> list[Offer]:
        return [Offer(line.pk, str(line), "€119.00") for line in order.lines.all()]

    def ask(
        self,
        order: Order,
        *,
        units: Sequence[int] = (),
        seats: Mapping[int, int] | None = None,
        lines: Sequence[int] = (),
        by: object,
        reason: str,
    ) -> Asked:
        if self.refuses:
            raise cases.CannotDo(self.refuses)
        assert connection.in_atomic_block
        found = OrderUnit.objects.filter(line__order=order)
        chosen = list((found.filter(line__in=lines) if lines else found.filter(pk__in=units)).order_by("pk"))
        self.asked.append((order.number, [unit.pk for unit in chosen]))
        self.seats.update(seats or {})
        OrderUnit.objects.filter(pk__in=[unit.pk for unit in chosen]).update(state=OrderUnit.State.REFUNDED)
        return Asked(f"refund:{len(self.asked)}-{order.pk}", f"€{119 * len(chosen)}.00")


@pytest.fixture
def till() -> Iterator[Till]:
    """Stands in for `payments`, whose own part is tested with it."""
    before, made = actions.refunds(), Till()
    actions.register_refunds(made)
    yield made
    actions.register_refunds(before)


def sold(count: int = 1, **fields: object) -> Order:
    """A paid order of sealed keys, as the database has it."""
    return Order.objects.select_related("party").get(pk=purchases.paid((purchases.edition(), count), **fields).pk)


def withdraw(order: Order, **fields: object) -> Case:
    """The buyer withdraws by the order's page."""
    return _receive(order, "withdrawal", "", **fields)


def ask(order: Order | None, kind: str = "refund", text: str = "It doesn’t fit.", **fields: object) -> Case:
    """The buyer asks by the order's page."""
    return _receive(order, kind, text, **fields)


def _receive(order: Order | None, kind: str, text: str, **fields: object) -> Case:
    number = order.number if order else ""
    wish = cases.Request(kind=kind, email=EMAIL, name="Ada Lovelace", text=text, stated_order=number, **fields)  # type: ignore[arg-type]
    made = cases.receive(wish, order, channel="order")
    return Case.objects.select_related("party").get(pk=made.pk)


def story(case: Case) -> list[str]:
    """What happened, by kind."""
    return list(CaseEvent.objects.filter(case=case).values_list("kind", flat=True))


def mailed(case: Case) -> list[str]:
    """The kinds of mails that were written about a case."""
    about = OutgoingMail.objects.filter(object_id=case.pk, kind__in=[*KINDS])
    return list(about.order_by("pk").values_list("kind", flat=True))
