"""News of a payment that come too early, too late, never, many times at once, or in another order."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client

from payments import attempts, webhooks
from payments.models import Attempt, Dispute, Refund, WebhookEvent
from privacy import clock
from privacy.models import Alert
from sandbox.stripe.events import signature
from shop import orders
from tests.faults import buying, forks
from tests.payments import paying
from tests.payments.paying import Till
from tests.payments.test_concurrency import at_once
from tests.payments.test_webhooks import DECISIVE, deliver, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_the_end")]
PAID = ("captured", "paid", ["assigned"] * 3)
WAITS = ("requires_action", "pending_payment", [])


def hear(till: Till, *kinds: str) -> None:
    """All events of these kinds arrive, kind by kind, and are handled one by one."""
    for kind in kinds:
        events = till.events(kind)
        assert events, kind
        for event in events:
            assert deliver(Client(), till, event) == 200
            webhooks.handle_due()


def test_the_same_webhook_fifty_times_at_once(till: Till) -> None:
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    (event,) = till.events(DECISIVE[till.name])
    statuses: list[int] = []
    raised = at_once(*[lambda: statuses.append(deliver(Client(), till, event))] * 50)
    assert (raised, statuses, WebhookEvent.objects.count()) == ([], [200] * 50, 1)
    assert at_once(*[webhooks.handle_due] * 4) == []
    assert (paying.states(attempt), till.captured()) == (PAID, {"EUR": 35700})


REFUNDED = {"stripe": "refund.created", "paypal": "PAYMENT.CAPTURE.REFUNDED"}
DISPUTED = {"stripe": "charge.dispute.created", "paypal": "CUSTOMER.DISPUTE.CREATED"}


@pytest.mark.parametrize("first", ["refund", "dispute"])
def test_refund_and_dispute_before_the_payment_s_own_event(till: Till, first: str) -> None:
    """What is heard of first settles the payment, whose own event then changes nothing."""
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    if till.name == "paypal":  # whose buyer only approves: the money is taken, and that isn't heard of
        forks.kill(lambda: paying.come_back(Client(), till, attempt, identifier), "after fulfilment, before the commit")
    till.sandbox.act("refund", identifier, amount=1000)
    till.sandbox.act("open_dispute", identifier)
    assert paying.states(attempt) == WAITS
    order = [REFUNDED[till.name], DISPUTED[till.name]]
    hear(till, *(order if first == "refund" else reversed(order)), DECISIVE[till.name])
    assert paying.states(attempt) == ("captured", "paid", ["suspended"] * 3)
    assert (Refund.objects.get().state, Dispute.objects.get().state) == ("succeeded", "open")


def test_no_webhook_at_all(till: Till, in_the_end: Callable[[], list[str]]) -> None:
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    assert in_the_end() == []
    assert (paying.states(attempt), WebhookEvent.objects.count()) == (PAID, 0)


def test_a_webhook_before_our_own_commit(till: Till) -> None:
    """The buyer has paid a page whose id we never wrote down."""
    placed = buying.order()
    forks.kill(lambda: attempts.begin(placed, till.name), "after the page exists, before its id is saved")
    (page,) = buying.pages(till)
    till.agree(page["id"])
    hear(till, DECISIVE[till.name])
    assert paying.states(Attempt.objects.get()) == PAID


def test_a_payment_that_comes_after_the_order_was_cancelled_waits_for_a_person(tills: dict[str, Till]) -> None:
    attempt, identifier = buying.begun(tills["stripe"])
    orders.cancel(attempt.order_id, by=None, reason="The buyer called.")
    tills["stripe"].agree(identifier)
    hear(tills["stripe"], DECISIVE["stripe"])
    assert paying.states(attempt) == ("captured", "on_hold", [])
    assert Alert.objects.get().kind == "payment_held"


def test_an_approval_that_comes_after_the_order_was_cancelled_takes_no_money(tills: dict[str, Till]) -> None:
    attempt, identifier = buying.begun(tills["paypal"])
    orders.cancel(attempt.order_id, by=None, reason="The buyer called.")
    tills["paypal"].agree(identifier)
    hear(tills["paypal"], DECISIVE["paypal"])
    assert (tills["paypal"].captured(), paying.states(attempt)[1]) == ({}, "cancelled")


def test_a_payment_that_comes_when_its_keys_are_sold_waits_and_goes_back(
    tills: dict[str, Till], in_the_end: Callable[[], list[str]]
) -> None:
    """The time to pay ended, somebody else had the last keys: the units wait, until their money goes back."""
    attempt, identifier = buying.begun(tills["stripe"])
    pool = attempt.order.lines.earliest("pk").edition
    tills["stripe"].sandbox.faults({"match": "POST /v1/checkout/sessions/*/expire", "action": "down", "times": 9})
    orders.cancel(attempt.order_id, by=None, reason="The buyer called.")
    pool.license_keys.update(state="void")
    tills["stripe"].agree(identifier)
    hear(tills["stripe"], DECISIVE["stripe"])
    orders.release(attempt.order_id, by=None)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])
    assert in_the_end() == []
    assert sum(refund.amount for refund in Refund.objects.filter(state="succeeded")) == 238
    assert tills["stripe"].sandbox.ledger()["refunds"] == {"EUR": 23800}


def pending(till: Till) -> Attempt:
    """A payment that is under way: no key yet."""
    attempt, identifier = buying.begun(till)
    till.agree(identifier, outcome={"stripe": "processing", "paypal": "pending"}[till.name])
    hear(till, DECISIVE[till.name])
    assert paying.states(attempt) == ("processing", "pending_payment", [])
    return attempt


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize(("outcome", "expected"), [("complete", PAID), ("deny", ("failed", "expired", []))])
def test_pending_then_decided(
    till: Till, in_the_end: Callable[[], list[str]], outcome: str, expected: tuple[str, str, list[str]], is_told: bool
) -> None:
    attempt = pending(till)
    till.sandbox.act(outcome, attempt.reference(till.kind))
    if is_told:
        for event in till.events():
            deliver(Client(), till, event)
        webhooks.handle_due()
        assert paying.states(attempt)[0] == expected[0]
    assert in_the_end() == []
    assert paying.states(attempt) == expected


@pytest.mark.parametrize("name", ["stripe", "paypal"])
@pytest.mark.parametrize("minutes", [-10, 10])
def test_our_clock_is_off_by_ten_minutes(
    tills: dict[str, Till], buyer: Client, in_the_end: Callable[[], list[str]], minutes: int, name: str
) -> None:
    """Stripe opens no page that would end in less than half an hour by its own clock: it says the time, and is asked
    anew. However the clocks differ, the page is open for as long as the order waits, or is closed with it."""
    till = tills[name]
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        attempt, _ = buying.begun(till)
        buying.pay(till, buyer)
        assert paying.states(attempt) == PAID
        assert in_the_end() == []


def test_webhooks_of_a_clock_that_is_ten_minutes_slow_are_refused_and_nothing_is_lost(
    tills: dict[str, Till], in_the_end: Callable[[], list[str]]
) -> None:
    """Stripe's signature names the time; what seems too old could be a replay."""
    till = tills["stripe"]
    attempt, identifier = buying.begun(till)
    till.agree(identifier)
    for event in till.events():
        headers, body = till.sandbox.signed(event)
        late = signature(till.sandbox.webhook_secret, body, at=int(clock.now().timestamp()) - 600)
        assert post(Client(), till, body, {**headers, "Stripe-Signature": late}) == 400
    assert (WebhookEvent.objects.count(), in_the_end()) == (0, [])
    assert paying.states(attempt) == PAID


def agreed_tabs(tills: dict[str, Till]) -> list[tuple[Till, Attempt, str]]:
    """A card's page that couldn't be closed, then PayPal's, for one order; its buyer pays on both."""
    placed = buying.order()
    tills["stripe"].sandbox.faults({"match": "POST /v1/checkout/sessions/*/expire", "action": "down", "times": 9})
    tabs = [(till, *buying.begun(till, placed)) for till in (tills["stripe"], tills["paypal"])]
    for till, _, identifier in tabs:
        till.agree(identifier)
    return tabs


@pytest.mark.parametrize("pays_first", [0, 1])
def test_two_tabs_pay_one_order_by_two_providers(tills: dict[str, Till], buyer: Client, pays_first: int) -> None:
    """The second capture is written down and goes back."""
    tabs = agreed_tabs(tills)
    tabs = tabs[::-1] if pays_first else tabs
    for till, attempt, identifier in tabs:
        paying.come_back(buyer, till, attempt, identifier)
    assert paying.states(tabs[0][1]) == PAID
    if pays_first == 0:  # PayPal takes no money before we ask it to, and an order that is paid asks for none
        assert (tills["paypal"].captured(), Refund.objects.count()) == ({}, 0)
    else:
        assert Refund.objects.get().attempt == tabs[1][1]
        assert [till.captured() for till, _, _ in tabs] == [{"EUR": 35700}] * 2


def test_two_tabs_are_paid_at_once(tills: dict[str, Till]) -> None:
    """Both providers have the money, and both buyers come back at the same moment: one pays, one goes back."""
    tabs = agreed_tabs(tills)
    raised = at_once(*[partial(paying.come_back, Client(), *tab) for tab in tabs])
    assert raised == []
    assert [state for _, attempt, _ in tabs for state in paying.states(attempt)[1:]] == [*PAID[1:]] * 2
    taken = sum(till.captured().get("EUR", 0) for till in tills.values())
    assert sum(refund.amount for refund in Refund.objects.all()) * 100 == taken - 35700


def test_the_older_tab_s_approval_takes_no_money(tills: dict[str, Till], buyer: Client) -> None:
    """PayPal's page can't be closed. Who approves there after turning to the card pays by the card alone."""
    placed = buying.order()
    older, identifier = buying.begun(tills["paypal"], placed)
    newer, _ = buying.begun(tills["stripe"], placed)
    tills["paypal"].agree(identifier)
    paying.come_back(buyer, tills["paypal"], older, identifier)
    buying.pay(tills["stripe"], buyer)
    assert (paying.states(newer), tills["paypal"].captured(), Refund.objects.count()) == (PAID, {}, 0)
