"""Money given back: asked for under the order's lock, asked for again, and never more than was taken."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts import licenses
from accounts.models import LicenseKey
from payments import refund_settlement, refund_submission, refunds, settlement, webhooks
from payments.models import Attempt, Refund
from payments.order_money import Money
from payments.providers.base import RefundSnapshot, Snapshot
from privacy.models import OutgoingMail
from shop import orders
from shop.models import Order
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.giving_back import alert_kinds, ask, given_back, refund_row, units
from tests.payments.paying import Till
from tests.payments.test_webhooks import deliver

pytestmark = pytest.mark.django_db
REFUND = {"stripe": "POST /v1/refunds", "paypal": "POST /v2/payments/captures/*/refund"}


def test_a_requested_refund_suspends_exactly_its_units_keys(bought: Attempt) -> None:
    refund = ask(bought, 1)
    assert (refund.state, refund.amount) == ("requested", Decimal(119))
    assert purchases.states(bought.order) == ["suspended", "assigned"]
    assert units(bought) == ["fulfilled", "fulfilled"]
    assert ("refund_requested", "119.00 EUR") in purchases.events(bought.order)


def test_a_refund_is_sent_and_ends_the_keys(till: Till, bought: Attempt) -> None:
    refund = ask(bought, 1)
    assert refund_submission.submit_due() == 1
    refund.refresh_from_db()
    assert (refund.state, refund.finished_at is not None, refund.next_try_at) == ("succeeded", True, None)
    assert refund.provider_refund
    assert (units(bought), purchases.states(bought.order)) == (["refunded", "fulfilled"], ["revoked", "assigned"])
    assert given_back(till) == 11900
    assert OutgoingMail.objects.filter(kind="refund_made", object_id=refund.pk).count() == 1
    assert refund_submission.submit_due() == 0


@pytest.fixture
def short(till: Till, client: Client) -> Attempt:
    """Two paid units of which one has the pool's only key and the other waits."""
    till.sandbox.switch(refunds="pending")
    placed = purchases.order((purchases.edition(pool=1), 2))
    attempt = paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))
    assert (units(attempt), alert_kinds()) == (["fulfilled", "backordered"], ["backorder"])
    return attempt


def refill(attempt: Attempt) -> None:
    line = attempt.order.lines.get()
    assert line.edition is not None
    purchases.fill(line.edition, 5)
    licenses.deliver_backorders()


def test_a_unit_that_waits_for_a_key_gets_none_once_it_is_asked_back(short: Attempt) -> None:
    refund = ask(short)
    assert (units(short), purchases.states(short.order)) == (["fulfilled", "refunded"], ["suspended"])
    assert alert_kinds() == []
    refund_submission.submit_due()
    refill(short)
    assert (units(short), purchases.states(short.order)) == (["fulfilled", "refunded"], ["suspended"])
    right = RefundSnapshot(state="succeeded", provider_refund="", amount=refund.amount, currency="EUR")
    refund_settlement.apply_snapshot(refund.pk, right)
    assert (units(short), purchases.states(short.order)) == (["refunded", "refunded"], [])
    assert len(keys_in_stock()) == 6


def test_what_is_given_back_at_the_provider_gets_no_key_either(till: Till, short: Attempt, client: Client) -> None:
    before = set(till.events())
    till.sandbox.act("refund", short.reference(till.kind))
    for event in [event for event in till.events() if event not in before]:
        deliver(client, till, event)
    webhooks.handle_due()
    refund_submission.look(till.name, till.sandbox.provider.objects.of("refund")[0]["id"])
    assert Refund.objects.get().state == "submitted"
    refill(short)
    assert (units(short), purchases.states(short.order)) == (["fulfilled", "refunded"], ["suspended"])


@pytest.mark.parametrize("stock", [0, 5])
def test_a_unit_whose_refund_fails_waits_again_or_takes_what_is_in_stock(short: Attempt, stock: int) -> None:
    refund = ask(short)
    if stock:
        refill(short)
    failed = RefundSnapshot(state="failed", provider_refund="", amount=refund.amount, currency="EUR")
    refund_settlement.apply_snapshot(refund.pk, failed)
    if stock:
        assert (units(short), purchases.states(short.order)) == (["fulfilled"] * 2, ["assigned"] * 2)
        assert alert_kinds() == ["refund_failed"]
    else:
        assert (units(short), purchases.states(short.order)) == (["fulfilled", "backordered"], ["assigned"])
        assert sorted(alert_kinds()) == ["backorder", "refund_failed"]
        refill(short)
        assert (units(short), alert_kinds()) == (["fulfilled"] * 2, ["refund_failed"])


def test_the_units_of_an_order_that_was_never_paid_are_as_before_when_its_refund_fails(stripe_sandbox: Any) -> None:
    attempt, _ = paying.begun(Till("stripe", stripe_sandbox))
    orders.hold(attempt.order_id, by=None, reason="A doubt.")
    money = Snapshot(state="captured", label=attempt.label, amount=attempt.amount, currency="EUR")
    settlement.apply_snapshot(attempt.pk, money)
    orders.cancel(attempt.order_id, by=None, reason="The doubt was right.")
    assert units(attempt) == ["refunded"]
    failed = RefundSnapshot(state="failed", provider_refund="", amount=Decimal(119), currency="EUR")
    refund_settlement.apply_snapshot(Refund.objects.get().pk, failed)
    assert (units(attempt), purchases.states(attempt.order)) == (["ordered"], [])


def test_a_failed_refund_of_a_cancelled_order_is_given_back_again(till: Till, bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    refund_submission.submit_due()
    failed = Refund.objects.get()
    till.sandbox.act("fail_refund", failed.provider_refund)
    refund_submission.look(till.name, failed.provider_refund)
    assert (alert_kinds(), given_back(till)) == (["refund_failed"], 0)
    assert refunds.ask_again(failed.pk, by=None)
    assert not refunds.ask_again(failed.pk, by=None)
    assert (refund_submission.submit_due(), given_back(till), alert_kinds()) == (1, 23800, [])
    again = Refund.objects.get(repeats=failed)
    assert (again.state, again.kind, again.amount, again.reason) == ("succeeded", "units", 238, failed.reason)
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)
    assert not refunds.ask_again(again.pk, by=None)
    connection.check_constraints()


def test_a_repeated_refund_that_fails_as_well_gives_no_key_of_a_cancelled_order(bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    failed = Refund.objects.get()
    right = RefundSnapshot(state="succeeded", provider_refund="", amount=failed.amount, currency="EUR")
    refund_settlement.apply_snapshot(failed.pk, right)
    refund_settlement.apply_snapshot(failed.pk, replace(right, state="failed"))
    assert refunds.ask_again(failed.pk, by=None)
    again = Refund.objects.get(repeats=failed)
    refund_settlement.apply_snapshot(again.pk, replace(right, state="failed"))
    assert (units(bought), purchases.states(bought.order)) == (["refunded"] * 2, ["revoked"] * 2)
    assert refunds.ask_again(again.pk, by=None)


def test_a_repetition_gives_back_no_more_than_is_left(bought: Attempt) -> None:
    failed = refund_row(bought, "100.00", reason="A discount.", state="failed")
    of_a_unit = ask(bought, 1)
    refused = RefundSnapshot(state="failed", provider_refund="", amount=Decimal(119), currency="EUR")
    refund_settlement.apply_snapshot(of_a_unit.pk, refused)
    with transaction.atomic():
        bought.order = orders.lock(bought.order_id)
        refunds.request_amount(bought, Decimal(180), by=None, reason="By agreement.")
    assert refunds.ask_again(failed.pk, by=None)
    assert Refund.objects.get(repeats=failed).amount == Decimal(58)
    assert not refunds.ask_again(of_a_unit.pk, by=None)
    assert not Refund.objects.filter(repeats=of_a_unit).exists()
    connection.check_constraints()


def test_a_failed_refund_is_asked_for_again_once_though_more_is_left(bought: Attempt) -> None:
    failed = refund_row(bought, "20.00", reason="A discount.", state="failed")
    assert [refunds.ask_again(failed.pk, by=None) for _ in range(2)] == [True, False]
    assert Refund.objects.exclude(state="failed").get().amount == Decimal(20)


def keys_in_stock() -> list[LicenseKey]:
    return list(LicenseKey.objects.filter(state=LicenseKey.State.AVAILABLE))


def test_a_cancelled_order_gives_everything_back_and_takes_every_key(till: Till, bought: Attempt) -> None:
    orders.hold(bought.order_id, by=None, reason="A doubt.")
    orders.cancel(bought.order_id, by=None, reason="The doubt was right.")
    refund_submission.submit_due()
    assert paying.states(bought) == ("captured", "cancelled", ["revoked", "revoked"])
    assert (units(bought), given_back(till)) == (["refunded", "refunded"], 23800)
    assert not Money().is_captured(bought.order)


def test_what_went_back_before_is_not_given_twice(bought: Attempt) -> None:
    with transaction.atomic():
        order = orders.lock(bought.order_id)
        bought.order = order
        refunds.request_amount(bought, Decimal("38.00"), by=None, reason="A discount.")
        made = refunds.give_back(order, by=None, reason="All of it.")
    assert [(refund.kind, refund.amount) for refund in made] == [("units", Decimal(200))]
    assert refunds.left_of(bought) == 0
    connection.check_constraints()


def test_money_beyond_the_units_goes_back_as_an_amount(bought: Attempt) -> None:
    Attempt.objects.filter(pk=bought.pk).update(amount=Decimal(250))
    with transaction.atomic():
        made = refunds.give_back(orders.lock(bought.order_id), by=None, reason="All of it.")
    assert [(refund.kind, refund.amount) for refund in made] == [("units", Decimal(238)), ("amount", Decimal(12))]
    connection.check_constraints()
