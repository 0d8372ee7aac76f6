"""A provider is one file and one line: this one is written as docs/adding_a_provider.md says, and everything works."""

import importlib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import clear_url_caches, reverse

import config.urls
import payments.urls
from payments import methods, providers, reconciliation, refund_submission, refunds, returns, settlement, webhooks
from payments.models import Attempt, Refund
from payments.providers.base import Begun, Choice, Forged, Notice, Parameters, Provider, RefundSnapshot, Snapshot
from privacy import clock
from shop import orders, payment_methods
from shop.models import Order
from tests.accounts import purchases
from tests.payments import paying

pytestmark = pytest.mark.django_db
PAGE = "https://pay.example/p/"


class Pigeon(Provider):
    """Takes money by pigeon; `paid` is its book."""

    name = key_prefix = "pigeon"
    choice = Choice("pigeon", "Pigeon", "A pigeon comes for the money.", "by pigeon")
    return_query = ("feather", "pigeon_feather")
    sends_webhooks = True
    paid: set[str] = set()

    def is_live(self) -> bool:
        return False

    def is_configured(self) -> bool:
        return True

    def serves(self, country: str, on: date) -> bool:
        return country == "DE"

    def parameters(self, order: Order, attempt: Attempt) -> Parameters:
        return {"label": attempt.label}

    def begin(self, key: str, parameters: Parameters) -> Begun:
        return Begun(url=f"{PAGE}{parameters['label']}", references={"pigeon_feather": parameters["label"]})

    def fetch(self, attempt: Attempt) -> Snapshot:
        if attempt.label not in self.paid:
            return Snapshot(state="requires_action")
        return Snapshot(state="captured", label=attempt.label, amount=attempt.amount, currency=attempt.currency)

    def cancel(self, attempt: Attempt) -> Snapshot:
        return Snapshot(state="cancelled")

    def refund(self, refund: Refund) -> RefundSnapshot:
        return RefundSnapshot(
            state="succeeded",
            provider_refund=f"feather-{refund.pk}",
            amount=refund.amount,
            currency=refund.attempt.currency,
            refund=refund.pk,
        )

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        if headers.get("X-Feather") != "real":
            raise Forged("no feather of ours")
        return Notice("1", "pigeon.landed", body.decode())


def wire() -> None:
    """What a start of the shop does with the list of providers."""
    methods.register()
    importlib.reload(payments.urls)
    importlib.reload(config.urls)
    clear_url_caches()


@pytest.fixture
def pigeon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pigeon]:
    made = Pigeon()
    made.paid = set()
    with monkeypatch.context() as patched:
        patched.setitem(providers._PROVIDERS, made.name, made)
        wire()
        yield made
        payment_methods._methods.pop("pigeon")
    wire()


@pytest.fixture
def waiting(pigeon: Pigeon) -> Attempt:
    placed = paying.order()
    assert methods.pay_again(placed, "pigeon", address="") == f"{PAGE}{placed.number}-1"
    return Attempt.objects.select_related("order").get(order=placed)


def test_it_is_offered_where_it_serves(pigeon: Pigeon) -> None:
    assert ["pigeon" in [one.name for one in payment_methods.offered(country, "EUR")] for country in ("DE", "US")] == [
        True,
        False,
    ]


def test_its_buyers_come_back(waiting: Attempt, pigeon: Pigeon, client: Client) -> None:
    pigeon.paid.add(waiting.label)
    address = reverse("payment_return", args=["pigeon", orders.token(waiting.order)])
    assert client.get(address, {"feather": waiting.label})["Location"] == orders.path(waiting.order)
    assert paying.states(waiting) == ("captured", "paid", ["assigned"])
    assert returns.find("pigeon", "x", {"feather": "none"}) == (None, None)


def test_its_webhooks_settle(waiting: Attempt, pigeon: Pigeon, client: Client) -> None:
    pigeon.paid.add(waiting.label)

    def send(feather: str) -> int:
        headers = {"X-Feather": feather}
        sent = client.post(reverse("pigeon_webhook"), waiting.label, content_type="text/plain", headers=headers)
        return sent.status_code

    assert (send("plastic"), send("real"), webhooks.handle_due()) == (400, 200, 1)
    assert paying.states(waiting) == ("captured", "paid", ["assigned"])


def test_the_reconciler_finds_its_payments(waiting: Attempt, pigeon: Pigeon) -> None:
    pigeon.paid.add(waiting.label)
    assert waiting.next_look_at is not None
    with clock.at(waiting.next_look_at):
        reconciliation.look_at_due()
    assert paying.states(waiting) == ("captured", "paid", ["assigned"])


def test_its_money_goes_back(waiting: Attempt, pigeon: Pigeon) -> None:
    pigeon.paid.add(waiting.label)
    settlement.look(waiting)
    waiting.order = orders.lock(waiting.order_id)
    refunds.give_back(waiting.order, by=None, reason="Asked for.")
    refund_submission.submit_due()
    assert [(refund.state, refund.amount) for refund in Refund.objects.all()] == [("succeeded", Decimal(119))]
    assert purchases.states(waiting.order) == ["revoked"]
