"""What a provider says becomes what the shop knows: once, completely, and never more than what was asked for."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from payments import providers, refunds, settlement
from payments.models import Attempt, Refund, WebhookEvent
from payments.providers.base import Snapshot
from privacy import clock
from privacy.models import Alert, OutgoingMail
from shop import orders
from shop.models import Order, OrderHold
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db


def captured(attempt: Attempt, **changes: Any) -> Snapshot:
    """What a provider says of money that is right in every way."""
    right = Snapshot(
        state="captured",
        label=attempt.label,
        amount=attempt.amount,
        currency=attempt.currency,
        is_live=False,
        country="DE",
    )
    return replace(right, **changes)


def alert_kinds() -> list[str]:
    return list(Alert.objects.values_list("kind", flat=True))


@pytest.fixture
def attempt(stripe_sandbox: Any) -> Attempt:
    return paying.begun(Till("stripe", stripe_sandbox))[0]


@pytest.mark.parametrize("quantity", [1, 50])
def test_the_buyer_pays_comes_back_and_holds_the_keys(till: Till, client: Client, quantity: int) -> None:
    attempt = paying.paid(till, client, paying.order(quantity))
    assert paying.states(attempt) == ("captured", "paid", ["assigned"] * quantity)
    assert attempt.next_look_at is None
    assert till.captured() == {"EUR": 11900 * quantity}
    assert attempt.order.evidence["payment"] == "DE"
    assert OutgoingMail.objects.filter(kind="order_confirmation").count() == 1


def test_the_same_answer_again_changes_nothing(attempt: Attempt) -> None:
    settlement.apply_snapshot(attempt.pk, captured(attempt))
    story = purchases.events(attempt.order)
    settlement.apply_snapshot(attempt.pk, captured(attempt))
    assert purchases.events(attempt.order) == story
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])
    assert Refund.objects.count() == 0


@pytest.mark.parametrize("late", ["requires_action", "processing", "failed", "expired", "cancelled"])
def test_an_answer_that_comes_too_late_changes_nothing(attempt: Attempt, late: str) -> None:
    settlement.apply_snapshot(attempt.pk, captured(attempt))
    settlement.apply_snapshot(attempt.pk, Snapshot(state=late))
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"amount": Decimal("118.99")}, "amount_mismatch"),
        ({"amount": Decimal("119.01")}, "amount_mismatch"),
        ({"amount": None}, "amount_mismatch"),
        ({"currency": "USD"}, "currency_mismatch"),
        ({"is_live": True}, "live_mode_mismatch"),
        ({"label": "AO-1-1"}, "order_mismatch"),
        ({"country": "US"}, "country_not_served"),
        ({"country": ""}, "country_missing"),
    ],
)
@pytest.mark.promise("P11a")
def test_money_that_is_not_what_was_asked_for_gives_no_key(
    attempt: Attempt, changes: dict[str, Any], problem: str
) -> None:
    settlement.apply_snapshot(attempt.pk, captured(attempt, **changes))
    assert paying.states(attempt) == ("captured", "on_hold", [])
    attempt.refresh_from_db()
    assert attempt.problem == problem
    assert attempt.amount == (changes.get("amount") or Decimal(119))
    assert OrderHold.objects.get(order=attempt.order).reason == settlement.OBJECTIONS[problem]
    assert alert_kinds() == ["payment_held"]


@pytest.mark.parametrize(("country", "problem"), [("US", "country_not_served"), (None, "country_missing")])
@pytest.mark.promise("P11a")
def test_a_card_of_a_country_outside_the_union_or_of_none_waits_for_a_person(
    stripe_sandbox: Any, client: Client, country: str | None, problem: str
) -> None:
    attempt, identifier = paying.begun(Till("stripe", stripe_sandbox))
    stripe_sandbox.act("pay", identifier, country=country)
    paying.come_back(client, Till("stripe", stripe_sandbox), attempt, identifier)
    assert paying.states(attempt) == ("captured", "on_hold", [])
    attempt.refresh_from_db()
    assert (attempt.problem, alert_kinds()) == (problem, ["payment_held"])


def test_paypal_needs_no_country(paypal_sandbox: Any) -> None:
    attempt = paying.begun(Till("paypal", paypal_sandbox))[0]
    settlement.apply_snapshot(attempt.pk, captured(attempt, country=""))
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_a_released_order_gets_its_keys_and_a_cancelled_one_its_money_back(attempt: Attempt) -> None:
    settlement.apply_snapshot(attempt.pk, captured(attempt, amount=Decimal("118.00")))
    orders.release(attempt.order_id, by=None)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])
    orders.hold(attempt.order_id, by=None, reason="A second look.")
    orders.cancel(attempt.order_id, by=None, reason="Not as agreed.")
    assert paying.states(attempt) == ("captured", "cancelled", ["suspended"])
    assert [(refund.kind, refund.amount) for refund in Refund.objects.all()] == [("units", Decimal("118.000"))]


def test_money_that_comes_after_the_time_to_pay_still_pays(attempt: Attempt) -> None:
    Order.objects.filter(pk=attempt.order_id).update(state="expired")
    settlement.apply_snapshot(attempt.pk, captured(attempt))
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_money_that_comes_after_the_cancellation_waits_for_a_person(attempt: Attempt) -> None:
    orders.cancel(attempt.order_id, by=None, reason="The customer called.")
    settlement.apply_snapshot(attempt.pk, captured(attempt))
    assert paying.states(attempt) == ("captured", "on_hold", [])
    assert alert_kinds() == ["payment_held"]


def test_on_a_held_order_money_moves_nothing_but_its_attempt(attempt: Attempt) -> None:
    orders.hold(attempt.order_id, by=None, reason="Looks odd.")
    settlement.apply_snapshot(attempt.pk, captured(attempt))
    assert paying.states(attempt) == ("captured", "on_hold", [])
    orders.release(attempt.order_id, by=None)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_a_second_payment_is_recorded_and_goes_back(stripe_sandbox: Any, paypal_sandbox: Any, client: Client) -> None:
    """Two tabs: the buyer began with PayPal, paid by card, then agreed at PayPal, which was captured at that moment."""
    card, paypal = Till("stripe", stripe_sandbox), Till("paypal", paypal_sandbox)
    second, identifier = paying.begun(paypal)
    paypal.agree(identifier)
    providers.get("paypal").capture(second)
    Attempt.objects.filter(pk=second.pk).update(state="cancelled")
    first = paying.paid(card, client, second.order)
    settlement.look(second)
    assert paying.states(second) == ("captured", "paid", ["assigned"])
    refund = Refund.objects.get()
    assert (refund.attempt_id, refund.kind, refund.amount) == (second.pk, "amount", first.amount)
    assert alert_kinds() == ["paid_twice"]


@pytest.fixture
def two(attempt: Attempt) -> tuple[Attempt, Attempt]:
    """Two payments of a held order, neither captured yet."""
    orders.hold(attempt.order_id, by=None, reason="Looks odd.")
    second = Attempt.objects.create(
        order=attempt.order, number=2, provider="stripe", state="cancelled", amount=119, currency="EUR"
    )
    return attempt, second


def test_of_two_payments_of_a_held_order_the_first_pays_and_the_second_goes_back(two: tuple[Attempt, Attempt]) -> None:
    first, second = two
    for paid in two:
        settlement.apply_snapshot(paid.pk, captured(paid))
    assert (Refund.objects.count(), alert_kinds()) == (0, [])
    orders.release(first.order_id, by=None)
    assert paying.states(first) == ("captured", "paid", ["assigned"])
    refund = Refund.objects.get()
    assert (refund.attempt_id, refund.kind, refund.amount) == (second.pk, "amount", Decimal(119))
    assert alert_kinds() == ["paid_twice"]
    connection.check_constraints()


def test_the_payment_that_pays_is_one_without_objection_and_a_cancellation_takes_its_units(
    two: tuple[Attempt, Attempt],
) -> None:
    first, second = two
    settlement.apply_snapshot(first.pk, captured(first, amount=Decimal("1.00")))
    settlement.apply_snapshot(second.pk, captured(second))
    orders.release(first.order_id, by=None)
    asked = Refund.objects.values_list("attempt", "kind", "amount")
    assert list(asked) == [(first.pk, "amount", Decimal(1))]
    orders.hold(first.order_id, by=None, reason="A second look.")
    orders.cancel(first.order_id, by=None, reason="Not as agreed.")
    assert list(asked.all())[1:] == [(second.pk, "units", Decimal(119))]
    assert purchases.states(first.order) == ["suspended"]
    connection.check_constraints()


def test_a_payment_that_went_back_while_the_order_was_held_does_not_pay(two: tuple[Attempt, Attempt]) -> None:
    first, second = two
    for paid in two:
        settlement.apply_snapshot(paid.pk, captured(paid))
    with transaction.atomic():
        first.order = orders.lock(first.order_id)
        refunds.request_amount(first, Decimal(119), by=None, reason="By hand.")
    orders.release(first.order_id, by=None)
    assert paying.states(second) == ("captured", "paid", ["assigned"])
    assert list(Refund.objects.values_list("attempt", flat=True)) == [first.pk]


def test_a_payment_on_its_way_gives_no_key_until_it_arrives(till: Till, client: Client) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier, outcome={"stripe": "processing", "paypal": "pending"}[till.name])
    paying.come_back(client, till, attempt, identifier)
    assert paying.states(attempt) == ("processing", "pending_payment", [])
    till.sandbox.act("complete", identifier)
    attempt.refresh_from_db()
    settlement.look(attempt)
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_a_payment_on_its_way_may_fail(till: Till, client: Client) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier, outcome={"stripe": "processing", "paypal": "pending"}[till.name])
    paying.come_back(client, till, attempt, identifier)
    till.sandbox.act("deny", identifier)
    settlement.look(Attempt.objects.select_related("order").get(pk=attempt.pk))
    assert paying.states(attempt) == ("failed", "pending_payment", [])
    assert ("payment_failed", till.name) in purchases.events(attempt.order)


def test_after_a_declined_instrument_the_buyer_chooses_again(paypal_sandbox: Any, client: Client) -> None:
    till = Till("paypal", paypal_sandbox)
    attempt, identifier = paying.begun(till)
    till.agree(identifier, outcome="declined")
    paying.come_back(client, till, attempt, identifier)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.problem) == ("failed", "INSTRUMENT_DECLINED")
    again = paying.paid(till, client, attempt.order)
    assert (again.number, paying.states(again)) == (2, ("captured", "paid", ["assigned"]))


@pytest.mark.parametrize("state", ["paid", "on_hold", "cancelled", "expired"])
def test_approved_money_is_taken_only_for_an_order_that_waits_for_it(paypal_sandbox: Any, state: str) -> None:
    till = Till("paypal", paypal_sandbox)
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    Order.objects.filter(pk=attempt.order_id).update(state=state, paid_at=clock.now())
    settlement.look(Attempt.objects.select_related("order").get(pk=attempt.pk))
    assert till.captured() == {}


def test_approved_money_that_is_wrong_is_not_taken(paypal_sandbox: Any) -> None:
    till = Till("paypal", paypal_sandbox)
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    Attempt.objects.filter(pk=attempt.pk).update(amount=Decimal("120.00"))
    settlement.look(Attempt.objects.select_related("order").get(pk=attempt.pk))
    assert (till.captured(), paying.states(attempt)) == ({}, ("requires_action", "on_hold", []))
    assert alert_kinds() == ["payment_held"]


def test_the_webhook_is_handled_in_the_same_transaction(attempt: Attempt) -> None:
    event = WebhookEvent.objects.create(provider="stripe", event_id="evt_1", kind="checkout.session.completed")
    settlement.apply_snapshot(attempt.pk, captured(attempt), event_id=event.pk)
    event.refresh_from_db()
    assert event.handled_at is not None


def test_keys_that_fail_take_the_payment_with_them(attempt: Attempt) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_licensekey ADD CONSTRAINT no_keys_today CHECK (false) NOT VALID")
    with pytest.raises(IntegrityError, match="no_keys_today"), transaction.atomic():
        settlement.apply_snapshot(attempt.pk, captured(attempt))
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])
