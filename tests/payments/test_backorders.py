"""Paid units without a key: the customer is told, a key that comes is given, after a deadline the money goes back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts import licenses
from payments import backorders, refund_submission, tasks
from payments.models import Attempt, Refund
from privacy import clock, mails
from privacy.models import Alert
from shop.models import Order
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.paying import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def short(till: Till, client: Client) -> Attempt:
    """Two paid units of which one has the pool's only key and the other waits."""
    placed = purchases.order((purchases.edition(pool=1), 2))
    return paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))


def units(attempt: Attempt) -> list[str]:
    return [unit.state for unit in purchases.units_of(attempt.order)]


def after(days: float) -> Any:
    return clock.at(clock.now() + timedelta(days=days))


def test_the_customer_is_told_until_when_and_a_manager_is_called(short: Attempt) -> None:
    mails.send_due()
    assert "What we can't deliver within 7 days, we give back to you by ourselves." in mail.outbox[0].body
    assert (units(short), [alert.kind for alert in Alert.objects.all()]) == (
        ["fulfilled", "backordered"],
        ["backorder"],
    )


def test_the_money_goes_back_after_the_deadline_and_not_before(till: Till, short: Attempt) -> None:
    with after(6.9):
        assert tasks.refund_backorders() == 0
    with after(7.1):
        assert tasks.refund_backorders() == 1
        assert tasks.refund_backorders() == 0
        refund_submission.submit_due()
        mails.send_due()
    refund = Refund.objects.get()
    assert (refund.state, refund.kind, refund.amount, refund.reason) == ("succeeded", "units", 119, backorders.REASON)
    assert (units(short), purchases.states(short.order)) == (["fulfilled", "refunded"], ["assigned"])
    assert till.sandbox.ledger()["refunds"] == {"EUR": 11900}
    assert Alert.objects.filter(closed_at__isnull=True).count() == 0
    told = next(sent.body for sent in mail.outbox if "refund" in sent.subject)
    assert "we could not get the keys you waited for in time" in told
    assert "no longer work" not in told


def test_a_key_that_came_in_time_is_given_instead(short: Attempt) -> None:
    sold = purchases.units_of(short.order)[0].line.edition
    assert sold is not None
    purchases.fill(sold, 1)
    licenses.deliver_backorders()
    with after(8):
        assert backorders.refund_overdue() == 0
    assert (units(short), Refund.objects.count()) == (["fulfilled", "fulfilled"], 0)


def test_the_deadline_is_a_setting(short: Attempt, settings: Any) -> None:
    settings.BACKORDER_DAYS = 1
    with after(1.1):
        assert backorders.refund_overdue() == 1


def test_an_order_on_hold_is_for_a_person(short: Attempt) -> None:
    Order.objects.filter(pk=short.order_id).update(state="on_hold")
    with after(8):
        assert backorders.refund_overdue() == 0


def test_a_refund_that_failed_is_not_asked_for_again_by_itself(till: Till, short: Attempt) -> None:
    till.sandbox.act("refund", short.reference(till.kind))
    with after(8):
        assert backorders.refund_overdue() == 1
        refund_submission.submit_due()
        assert Refund.objects.get().state == "failed"
        assert backorders.refund_overdue() == 0


def test_a_free_order_has_no_money_to_give_back() -> None:
    order = purchases.order((purchases.edition(pool=0), 1))
    Order.objects.filter(pk=order.pk).update(net=0, tax=0, total=0)
    Attempt.objects.create(
        order=order, number=1, provider="free", state="captured", amount=0, currency="EUR", captured_at=clock.now()
    )
    purchases.pay(order)
    with after(8):
        assert backorders.refund_overdue() == 0
