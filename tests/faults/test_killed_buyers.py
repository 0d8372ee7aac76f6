"""SIGKILL while a buyer waits for an answer: nothing is lost, and whoever comes again pays once."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from payments import attempts
from payments.models import Attempt, ProviderCall, Reference
from shop import orders
from shop.models import Order
from tests.faults import buying, forks
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_the_end")]
BEGINNING = ("after the attempt, before the call", "after the page exists, before its id is saved")
WRITING = (
    "after the money is taken, before it is written",
    "after the order is paid, before the commit",
    "in the middle of fulfilment",
    "after fulfilment, before the commit",
)


def test_before_the_order_commits(till: Till, buyer: Client) -> None:
    """Nothing was placed and no key is reserved; the same form, sent again and again, places one order."""
    sold, form = buying.form(buyer, till.method)
    forks.kill(lambda: buyer.post(reverse("checkout"), form), "before the order commits")
    assert (Order.objects.count(), sold.license_keys.get().state) == (0, "available")
    for _ in range(2):
        assert buyer.post(reverse("checkout"), form)["Location"].startswith(till.sandbox.base_url)
    attempt = buying.pay(till, buyer)
    assert (Order.objects.count(), paying.states(attempt)) == (1, ("captured", "paid", ["assigned"]))


@pytest.mark.parametrize("place", BEGINNING)
def test_while_the_payment_begins(till: Till, buyer: Client, place: str) -> None:
    """The next click repeats the stored call under its key: one attempt, one page at the provider."""
    placed = buying.order()
    forks.kill(lambda: attempts.begin(placed, till.name), place)
    assert (Attempt.objects.get().state, ProviderCall.objects.count(), Reference.objects.count()) == ("created", 1, 0)
    attempts.begin(placed, till.name)
    assert (Attempt.objects.count(), ProviderCall.objects.count(), len(buying.pages(till))) == (1, 0, 1)
    assert paying.states(buying.pay(till, buyer)) == ("captured", "paid", ["assigned"] * 3)


@pytest.mark.parametrize("place", BEGINNING)
def test_a_buyer_who_never_clicks_again_has_paid_nothing(
    till: Till, in_the_end: Callable[[], list[str]], place: str
) -> None:
    placed = buying.order()
    forks.kill(lambda: attempts.begin(placed, till.name), place)
    assert in_the_end() == []
    placed.refresh_from_db()
    assert (placed.state, till.captured(), ProviderCall.objects.count()) == ("expired", {}, 0)
    assert buying.free_keys(placed) == 2


@pytest.mark.parametrize("comes_again", [True, False])
@pytest.mark.parametrize("place", WRITING)
def test_after_the_capture_and_before_the_commit(
    till: Till, buyer: Client, in_the_end: Callable[[], list[str]], place: str, comes_again: bool
) -> None:
    """Nothing was written. The buyer who comes again has the keys at once, the other one in minutes."""
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    forks.kill(lambda: paying.come_back(buyer, till, attempt, identifier), place)
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])
    assert till.captured() == {"EUR": 35700}
    if comes_again:
        paying.come_back(buyer, till, attempt, identifier)
    else:
        assert in_the_end() == []
    assert paying.states(attempt) == ("captured", "paid", ["assigned"] * 3)
    shown = buyer.get(orders.path(attempt.order)).content.decode()
    assert shown.count("data-copy=") >= 3


def test_after_the_commit_and_before_the_answer(till: Till, buyer: Client) -> None:
    """The buyer, who saw nothing, comes again and finds what is paid."""
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    forks.kill(lambda: paying.come_back(buyer, till, attempt, identifier), "after the commit, before the answer")
    for _ in range(2):
        assert paying.states(attempt) == ("captured", "paid", ["assigned"] * 3)
        assert paying.come_back(buyer, till, attempt, identifier)["Location"] == orders.path(attempt.order)
    assert till.captured() == {"EUR": 35700}
