"""Withdrawal from the purchase: what is sealed goes back at once and once, the rest waits for a person."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from accounts import cases, licenses
from accounts.cases import withdrawals
from accounts.models import Case
from privacy import clock
from privacy.models import OutgoingMail
from shop.models import Order
from tests.accounts import purchases
from tests.accounts.cases import asking
from tests.accounts.cases.asking import Till

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]


def open_one(order: Order) -> None:
    licenses.open_key(purchases.keys_of(order)[0].pk, order=order)


def test_sealed_keys_go_back_at_once(till: Till) -> None:
    order = asking.sold(2)
    case = asking.withdraw(order)
    assert (case.state, case.needs_person) == ("refunding", False)
    assert till.asked == [(order.number, [unit.pk for unit in purchases.units_of(order)])]
    assert asking.story(case) == ["received", "refund_asked"]
    assert asking.mailed(case) == ["withdrawal_received"]
    assert case.party.messages.get().text.startswith(f"I withdraw from the contract of order {order.number}.")


def test_said_twice_it_is_one_withdrawal_and_one_refund(till: Till) -> None:
    order = asking.sold()
    first, again = asking.withdraw(order), asking.withdraw(order)
    assert first == again
    assert len(till.asked) == 1
    assert asking.mailed(first) == ["withdrawal_received"]
    assert asking.story(first) == ["received", "refund_asked", "repeated"]


def test_what_is_sealed_goes_back_and_about_an_opened_key_a_person_decides(till: Till) -> None:
    order = asking.sold(3)
    open_one(order)
    case = asking.withdraw(order)
    opened, *sealed = purchases.units_of(order)
    assert till.asked == [(order.number, [unit.pk for unit in sealed])]
    assert (case.state, case.needs_person) == ("refunding", True)
    cases.refund_ended(case.refunds.get().about, succeeded=True)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("received", None)
    assert opened.state == "fulfilled"


@pytest.mark.parametrize("kind", ["opened", "business", "held"])
def test_a_person_decides_and_nothing_goes_back_by_itself(till: Till, kind: str) -> None:
    order = asking.sold(is_business=kind == "business")
    if kind == "opened":
        open_one(order)
    if kind == "held":
        with transaction.atomic():
            order.move_to(Order.State.ON_HOLD)
    case = asking.withdraw(order)
    assert (case.kind, case.state, case.needs_person, till.asked) == ("withdrawal", "received", True, [])
    assert "judged" in asking.story(case)
    assert asking.mailed(case) == ["withdrawal_received"]


def confirmed(kind: str, order: Order) -> None:
    """The mail of a kind about the order has left."""
    OutgoingMail.objects.filter(kind=kind, object_id=order.pk).update(state="sent", sent_at=clock.now())


@pytest.mark.parametrize("at_once", [False, True])
def test_an_opened_key_ends_the_right_only_when_a_mail_has_confirmed_the_consent(till: Till, at_once: bool) -> None:
    """Directive 2011/83/EU, Art. 16(m): consent, acknowledgement, and their confirmation on a durable medium."""
    kind = "order_confirmation" if at_once else "keys_opened"
    for is_confirmed in (False, True):
        order = asking.sold(2, at_once=at_once)
        if not at_once:
            open_one(order)
        if is_confirmed:
            confirmed(kind, order)
        case = asking.withdraw(order)
        assert case.needs_person
        said = list(case.events.filter(kind="judged").values_list("detail", flat=True))
        opened = 2 if at_once else 1
        assert said[0] == f"Keys were opened or are paused: {opened}."
        not_ended = f"The right to withdraw has not ended for {opened} of them: no mail confirmed it."
        assert [line.partition(" Give")[0] for line in said[1:]] == ([] if is_confirmed else [not_ended])


def test_a_key_that_was_opened_after_the_mail_isn_t_confirmed_by_it(till: Till) -> None:
    order = asking.sold(2)
    one, other = purchases.keys_of(order)
    licenses.open_key(one.pk, order=order)
    confirmed("keys_opened", order)
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        licenses.open_key(other.pk, order=order)
        assert withdrawals.unconfirmed(order) == 1
        OutgoingMail.objects.filter(kind="keys_opened", state="sent").update(bounced_at=clock.now())
        assert withdrawals.unconfirmed(order) == 2


def test_what_can_t_go_back_now_waits_for_a_person_with_the_reason(till: Till) -> None:
    till.refuses = "Nothing of the money is left."
    case = asking.withdraw(asking.sold())
    assert (case.state, case.needs_person) == ("received", True)
    assert case.events.get(kind="judged").detail == "Nothing of the money is left."


def test_after_its_period_it_is_a_refund_request(till: Till) -> None:
    order = asking.sold()
    with time_machine.travel(clock.now() + timedelta(days=18), tick=False):
        case = asking.withdraw(order)
    assert (case.kind, case.state, till.asked) == ("refund", "received", [])
    assert asking.story(case) == ["received", "late"]
    assert asking.mailed(case) == ["case_received"]


def test_the_case_closes_when_the_refund_went_through(till: Till) -> None:
    case = asking.withdraw(asking.sold())
    about = case.refunds.get().about
    for _ in range(2):
        cases.refund_ended(about, succeeded=True)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "refunded")
    assert case.party.ended_at == case.closed_at
    assert asking.story(case)[-2:] == ["refund_made", "closed"]
    assert asking.mailed(case) == ["withdrawal_received", "case_closed"]


def test_a_refund_that_fails_also_late_brings_the_case_back_to_a_person(till: Till) -> None:
    case = asking.withdraw(asking.sold())
    about = case.refunds.get().about
    cases.refund_ended(about, succeeded=True)
    cases.refund_ended(about, succeeded=False)
    case.refresh_from_db()
    assert (case.state, case.needs_person, case.closed_at, case.outcome) == ("received", True, None, "")


def test_what_nobody_asked_for_in_a_case_is_none_of_its_business(till: Till) -> None:
    cases.refund_ended("refund:987654", succeeded=True)
    assert not Case.objects.exists()
