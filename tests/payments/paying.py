"""Paying in tests: one provider with its sandbox, and orders on their way to be paid."""

from typing import Any, NoReturn

from django.db import connection
from django.test import Client
from django.urls import reverse

from payments import attempts
from payments.models import Attempt, Reference, Refund
from payments.providers.stripe import Stripe
from shop import orders
from shop.models import Order
from tests.accounts import purchases


class Till:
    """One provider with its sandbox, so that a test can be written once for both."""

    def __init__(self, name: str, sandbox: Any) -> None:
        self.name, self.sandbox = name, sandbox

    @property
    def method(self) -> str:
        """As the buyer chooses it."""
        return {"stripe": "card", "paypal": "paypal"}[self.name]

    @property
    def kind(self) -> str:
        """Of the reference by which the provider knows the payment."""
        return {"stripe": "stripe_session", "paypal": "paypal_order"}[self.name]

    def agree(self, identifier: str, **fields: Any) -> None:
        """The buyer pays on the provider's page."""
        fields = {"country": "DE"} | fields
        self.sandbox.act("pay" if self.name == "stripe" else "approve", identifier, **fields)

    def query(self, identifier: str) -> dict[str, str]:
        """What the provider adds to the address that the buyer comes back to."""
        return {"session_id": identifier} if self.name == "stripe" else {"token": identifier, "PayerID": "X"}

    def captured(self) -> dict[str, int]:
        """What the provider's books say was taken, in cents."""
        return self.sandbox.ledger()["captures"]

    def events(self, kind: str = "") -> list[str]:
        """The ids of all events so far, or of those of a kind."""
        return [row["event"] for row in self.sandbox.deliveries() if kind in row["type"]]


def order(quantity: int = 1, **fields: Any) -> Order:
    """An order that waits for its payment, 119.00 EUR a unit, as the database has it."""
    placed = purchases.order((purchases.edition(), quantity), **fields)
    return Order.objects.select_related("party").get(pk=placed.pk)


def begun(till: Till, placed: Order | None = None) -> tuple[Attempt, str]:
    """An attempt whose buyer is on the provider's page, and the provider's id of it."""
    placed = placed or order()
    attempts.begin(placed, till.name)
    attempt = Attempt.objects.select_related("order").filter(order=placed).latest("number")
    return attempt, Reference.objects.get(attempt=attempt, kind=till.kind).value


def come_back(client: Client, till: Till, attempt: Attempt, identifier: str) -> Any:
    """The buyer lands on the return page."""
    address = reverse("payment_return", args=[till.name, orders.token(attempt.order)])
    return client.get(address, till.query(identifier))


def paid(till: Till, client: Client, placed: Order | None = None) -> Attempt:
    """A captured attempt, whose buyer came back."""
    attempt, identifier = begun(till, placed)
    till.agree(identifier)
    come_back(client, till, attempt, identifier)
    return Attempt.objects.select_related("order").get(pk=attempt.pk)


class Deadly(Stripe):
    """A provider in whose call the worker is killed."""

    def fetch(self, attempt: Attempt) -> NoReturn:
        raise SystemExit

    def refund(self, refund: Refund) -> NoReturn:
        raise SystemExit


def garble(till: Till, identifier: str) -> None:
    """From now on what the provider answers about this payment lacks what it can't be read without."""
    objects = till.sandbox.provider.objects
    document = objects.find(*{"stripe": ("checkout.session", identifier), "paypal": ("order", identifier)}[till.name])
    if till.name == "stripe":
        del document["payment_status"]
    else:
        document["purchase_units"] = [None]
    objects.save(document)


def refuse(table: str, condition: str) -> None:
    """From now on the database refuses the rows of a table that meet a condition, as by a fault of ours."""
    connection.check_constraints()  # an altered table has no checks waiting
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT refused_today CHECK (NOT ({condition})) NOT VALID")


def states(attempt: Attempt) -> tuple[str, str, list[str]]:
    """The attempt's state, its order's, and those of the keys, read anew."""
    attempt = Attempt.objects.select_related("order").get(pk=attempt.pk)
    return attempt.state, attempt.order.state, purchases.states(attempt.order)
