"""What nobody told us: attempts are looked at by the timetable, and orders whose time is over end."""

from datetime import timedelta
from typing import Any

import pytest

from payments import providers, reconciliation, settlement
from payments.models import Attempt, ProviderCall
from payments.providers.base import Snapshot
from payments.timetable import LOOKS, next_look
from privacy import clock
from privacy.models import Alert
from shop import orders
from shop.models import Order
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db

SILENT = {"match": "* /v?/checkout/*", "times": 99, "action": "down"}


def later(minutes: float) -> Any:
    return clock.at(clock.now() + timedelta(minutes=minutes))


def test_a_payment_of_which_nobody_told_us_is_found(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    with later(1):
        assert reconciliation.look_at_due() == 0
    with later(2):
        assert reconciliation.look_at_due() == 1
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_the_looks_grow_rarer_for_seven_days() -> None:
    begun = clock.now()
    times = [next_look(begun, looks=looks) for looks in range(len(LOOKS) + 1)]
    minutes = [(moment - begun).total_seconds() / 60 if moment else None for moment in times]
    assert minutes == [2, 5, 15, 60, 180, 720, 1440, 2880, 5760, 10080, None]


def test_each_look_sets_the_next_one(till: Till) -> None:
    attempt, _ = paying.begun(till)
    with later(2):
        reconciliation.look_at_due()
        assert reconciliation.look_at_due() == 0
    attempt.refresh_from_db()
    assert (attempt.looks, attempt.next_look_at) == (1, attempt.created_at + timedelta(minutes=5))


def test_an_attempt_whose_call_had_no_answer_has_failed_and_its_parameters_go(till: Till) -> None:
    order = paying.order()
    now = clock.now()
    attempt = Attempt.objects.create(
        order=order, number=1, provider=till.name, amount=119, currency="EUR", next_look_at=now
    )
    ProviderCall.objects.create(key="cs:1", attempt=attempt, parameters={"customer_email": "ada@example.com"})
    assert reconciliation.look_at_due() == 1
    attempt.refresh_from_db()
    assert (attempt.state, attempt.problem, attempt.next_look_at) == ("failed", "no_answer", None)
    assert ProviderCall.objects.count() == 0


def test_a_silent_provider_is_asked_at_the_next_turn(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    till.sandbox.faults(SILENT)
    with later(2):
        reconciliation.look_at_due()
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])
    till.sandbox.faults()
    with later(5):
        reconciliation.look_at_due()
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_a_payment_that_is_under_way_for_a_week_calls_a_person(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier, outcome={"stripe": "processing", "paypal": "pending"}[till.name])
    Attempt.objects.filter(pk=attempt.pk).update(looks=len(LOOKS) - 1)
    with later(10081):
        reconciliation.look_at_due()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.next_look_at) == ("processing", None)
    assert Alert.objects.get().kind == "attempt_stuck"


def test_an_attempt_given_up_while_its_provider_was_away_is_closed_there(stripe_sandbox: Any) -> None:
    attempt, identifier = paying.begun(Till("stripe", stripe_sandbox))
    Attempt.objects.filter(pk=attempt.pk).update(state="cancelled")
    with later(2):
        reconciliation.look_at_due()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.next_look_at) == ("cancelled", None)
    assert stripe_sandbox.provider.objects.find("checkout.session", identifier)["status"] == "expired"


def test_an_attempt_given_up_that_was_paid_all_the_same_pays(stripe_sandbox: Any) -> None:
    till = Till("stripe", stripe_sandbox)
    attempt, identifier = paying.begun(till)
    Attempt.objects.filter(pk=attempt.pk).update(state="cancelled")
    till.agree(identifier)
    with later(2):
        reconciliation.look_at_due()
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def two(till: Till) -> list[tuple[Attempt, str]]:
    """Two attempts whose buyers agreed and of which nobody told us, the older one first."""
    begun = [paying.begun(till) for _ in range(2)]
    for attempt, identifier in begun:
        till.agree(identifier)
        Attempt.objects.filter(pk=attempt.pk).update(next_look_at=attempt.created_at + timedelta(minutes=2))
    return begun


def test_an_answer_that_can_not_be_read_stops_no_other_look(till: Till) -> None:
    (garbled, identifier), (sound, _) = two(till)
    paying.garble(till, identifier)
    with later(3):
        assert reconciliation.look_at_due() == 2
    assert paying.states(garbled) == ("requires_action", "pending_payment", [])
    assert paying.states(sound) == ("captured", "paid", ["assigned"])


def test_a_row_that_the_database_refuses_stops_no_other_look(stripe_sandbox: Any) -> None:
    (refused, _), (sound, _) = two(Till("stripe", stripe_sandbox))
    paying.refuse("payments_attempt", f"id = {refused.pk} AND state = 'captured'")
    with later(3):
        assert reconciliation.look_at_due() == 2
    assert paying.states(refused) == ("requires_action", "pending_payment", [])
    assert paying.states(sound) == ("captured", "paid", ["assigned"])


def test_a_worker_that_dies_leaves_the_rows_that_it_had_not_begun(
    stripe_sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (second, _) = two(Till("stripe", stripe_sandbox))
    monkeypatch.setitem(providers._PROVIDERS, "stripe", paying.Deadly())
    with later(3), pytest.raises(SystemExit):
        reconciliation.look_at_due()
    second.refresh_from_db()
    assert (second.looks, second.next_look_at) == (0, second.created_at + timedelta(minutes=2))


# --- The end of the time to pay ---------------------------------------------------------------------------------------


def over(order: Order) -> Any:
    """A minute after the time to pay has ended, and half an hour after the attempt began."""
    return clock.at(order.expires_at + timedelta(minutes=1))


def test_an_order_ends_and_its_page_at_the_provider_with_it(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    with over(attempt.order):
        assert reconciliation.expire_due() == 1
    closed = {"stripe": "expired", "paypal": "cancelled"}[till.name]
    assert paying.states(attempt) == (closed, "expired", [])
    if till.name == "stripe":
        assert till.sandbox.provider.objects.find("checkout.session", identifier)["status"] == "expired"


def test_an_order_that_nobody_began_to_pay_ends() -> None:
    order = paying.order()
    assert reconciliation.expire_due() == 0
    with over(order):
        assert reconciliation.expire_due() == 1
    order.refresh_from_db()
    assert order.state == "expired"


def test_a_payment_of_the_last_moment_is_seen_before_the_order_ends(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier)
    with over(attempt.order):
        assert reconciliation.expire_due() == 0
    assert paying.states(attempt) == ("captured", "paid", ["assigned"])


def test_an_order_does_not_end_while_its_provider_is_silent(till: Till) -> None:
    attempt, _ = paying.begun(till)
    till.sandbox.faults(SILENT)
    with over(attempt.order):
        assert reconciliation.expire_due() == 0
    assert paying.states(attempt) == ("requires_action", "pending_payment", [])


def test_an_order_that_can_not_be_ended_stops_no_other(till: Till) -> None:
    garbled, identifier = paying.begun(till)
    till.agree(identifier)
    paying.garble(till, identifier)
    refused, sound = paying.order(), paying.order()
    paying.refuse("shop_order", f"id = {refused.pk} AND state = 'expired'")
    with over(sound):
        assert reconciliation.expire_due() == 1
    assert paying.states(garbled)[1] == "pending_payment"
    assert [Order.objects.get(pk=order.pk).state for order in (refused, sound)] == ["pending_payment", "expired"]


def test_an_order_does_not_end_under_the_hands_of_a_buyer_who_pays_again(till: Till) -> None:
    attempt, _ = paying.begun(till)
    order = attempt.order
    Attempt.objects.filter(pk=attempt.pk).update(created_at=order.expires_at - timedelta(minutes=5))
    with over(order):
        assert reconciliation.expire_due() == 0
    with clock.at(order.expires_at + timedelta(minutes=27)):
        assert reconciliation.expire_due() == 1


def test_an_order_does_not_end_while_money_is_under_way(till: Till) -> None:
    attempt, identifier = paying.begun(till)
    till.agree(identifier, outcome={"stripe": "processing", "paypal": "pending"}[till.name])
    with over(attempt.order):
        assert reconciliation.expire_due() == 0
        assert reconciliation.expire_due() == 0
    assert paying.states(attempt) == ("processing", "pending_payment", [])


def test_what_a_cancelled_order_left_open_is_closed(till: Till) -> None:
    attempt, _ = paying.begun(till)
    orders.cancel(attempt.order_id, by=None, reason="The customer called.")
    reconciliation.expire_due()
    assert paying.states(attempt)[:2] == ({"stripe": "expired", "paypal": "cancelled"}[till.name], "cancelled")


def test_what_a_paid_order_left_open_is_closed(till: Till) -> None:
    """Given up for a second one, the first attempt was paid all the same: nobody is to pay the second as well."""
    first, _ = paying.begun(till)
    Attempt.objects.filter(pk=first.pk).update(state="cancelled")
    second, _ = paying.begun(till, first.order)
    settlement.apply_snapshot(
        first.pk, Snapshot(state="captured", amount=first.amount, currency=first.currency, country="DE")
    )
    reconciliation.expire_due()
    assert paying.states(second) == ({"stripe": "expired", "paypal": "cancelled"}[till.name], "paid", ["assigned"])
    assert reconciliation.look_at_due() == 0


def test_what_another_tab_left_open_is_closed_once_the_order_is_paid(till: Till) -> None:
    """Else it would be looked at for a week, and call a person for nothing."""
    attempt, _ = paying.begun(till)
    Order.objects.filter(pk=attempt.order_id).update(state="paid", paid_at=clock.now())
    assert reconciliation.expire_due() == 0
    attempt.refresh_from_db()
    assert attempt.state in {"expired", "cancelled"}
