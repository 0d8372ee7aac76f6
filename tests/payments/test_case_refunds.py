"""A withdrawal with real refunds: the money goes back at the provider once, and the case closes by that."""

import threading
import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts import cases, licenses
from accounts.models import Case, User
from payments import attempts, bank_transfers, refund_submission, refunds
from payments.models import Attempt, Refund
from payments.providers.base import RefundSnapshot
from payments.refund_settlement import apply_snapshot
from shop import orders
from shop.models import Order
from tests import desk
from tests.accounts import purchases
from tests.payments import giving_back, paying
from tests.payments.paying import Till

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P6b")]


def withdraw(attempt: paying.Attempt, part: str = "", known: int = 0) -> Case:
    order = attempt.order
    wish = cases.Request(
        kind="withdrawal", email="ada@example.com", name="Ada", stated_order=order.number, part=part, known=known
    )
    return Case.objects.get(pk=cases.receive(wish, order, channel="order").pk)


def made(refund: Refund, state: str = "succeeded") -> None:
    """What the provider says of it in the end."""
    snapshot = RefundSnapshot(
        provider_refund="re_1", state=state, amount=refund.amount, currency="EUR", payment=None, problem="no"
    )
    apply_snapshot(refund.pk, snapshot)


def test_the_price_of_the_sealed_keys_goes_back_and_the_case_closes(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client, paying.order(3))
    licenses.open_key(purchases.keys_of(attempt.order)[0].pk, order=attempt.order)
    case = withdraw(attempt)
    assert withdraw(attempt) == case
    refund = Refund.objects.get()
    assert (refund.amount, refund.tax, refund.reason) == (Decimal(238), Decimal(38), f"Withdrawal {case.number}.")
    assert giving_back.units(attempt) == ["fulfilled", "fulfilled", "fulfilled"]
    refund_submission.submit_due()
    assert giving_back.given_back(till) == 23_800
    case.refresh_from_db()
    assert (case.state, case.needs_person) == ("received", True)
    assert giving_back.units(attempt) == ["fulfilled", "refunded", "refunded"]
    assert purchases.states(attempt.order)[0] == "assigned"


def test_a_refund_asked_for_anew_closes_the_case_of_the_failed_one(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    case = withdraw(attempt)
    first = Refund.objects.get()
    made(first, "failed")
    case.refresh_from_db()
    assert (case.state, case.needs_person) == ("received", True)
    assert refunds.ask_again(first.pk, by=None)
    refund_submission.submit_due()
    case.refresh_from_db()
    assert list(case.refunds.values_list("succeeded", flat=True)) == [True]
    assert giving_back.given_back(till) == 11_900


def test_what_was_given_back_at_the_provider_leaves_nothing_to_withdraw(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    giving_back.ask(attempt, 1)
    refund_submission.submit_due()
    case = withdraw(attempt)
    assert (case.state, case.needs_person, Refund.objects.count()) == ("received", True, 1)


def test_a_free_order_has_nothing_to_give_back(client: Client) -> None:
    free = purchases.paid((purchases.edition(), 1))
    wish = cases.Request(kind="withdrawal", email="ada@example.com", name="Ada", stated_order=free.number)
    case = cases.receive(wish, free, channel="order")
    case.refresh_from_db()
    assert (case.state, case.needs_person) == ("received", True)
    assert "Nothing that was paid" in case.events.get(kind="judged").detail


def test_of_what_was_partly_refunded_only_the_rest_goes_back(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client, paying.order(3))
    giving_back.ask(attempt, 1)
    refund_submission.submit_due()
    case = withdraw(attempt)
    assert case.refunds.get().amount == "€238.00"
    refund_submission.submit_due()
    assert giving_back.given_back(till) == 35_700


def test_in_a_dispute_nothing_goes_back_by_itself(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client, paying.order(2))
    licenses.suspend(purchases.units_of(attempt.order), reason="dispute", about="dispute:1")
    case = withdraw(attempt)
    assert (case.state, case.needs_person, Refund.objects.count()) == ("received", True, 0)
    assert case.events.filter(kind="judged").first().detail == "Keys were opened or are paused: 2."  # type: ignore[union-attr]


def test_while_the_fraud_review_holds_it_a_person_decides(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client)
    with transaction.atomic():
        orders.lock(attempt.order_id).move_to(Order.State.ON_HOLD)
    case = withdraw(attempt)
    assert (case.state, case.needs_person, Refund.objects.count()) == ("received", True, 0)


def test_a_bank_transfer_goes_back_by_a_refund_that_a_person_carries_out(settings: Any) -> None:
    settings.BANK_TRANSFER_IBAN = "DE89370400440532013000"
    settings.BANK_TRANSFER_HOLDER = "AzureOps GmbH"
    placed = paying.order()
    attempts.begin(placed, "manual")
    attempt = Attempt.objects.select_related("order").get(order=placed)
    bank_transfers.record_arrival(attempt.pk, amount=Decimal(119), by=desk.person("Shop Manager"))
    case = withdraw(attempt)
    assert (case.state, case.refunds.get().amount) == ("refunding", "€119.00")
    assert Refund.objects.get().attempt == attempt


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_who_give_back_at_once_one_moves_money(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client, paying.order(2))
    wish = cases.Request(kind="refund", email="ada@example.com", text="Why.", stated_order=attempt.order.number)
    case, line = cases.receive(wish, attempt.order, channel="order"), attempt.order.lines.get().pk
    clerks, start, told = [desk.person("Shop Manager") for _ in range(2)], threading.Barrier(2, timeout=20), list[str]()

    def one(clerk: User) -> None:
        try:
            start.wait()
            cases.refund(case.pk, [line], by=clerk)
        except cases.CannotDo as sentence:
            told.append(str(sentence))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[clerk]) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["Nothing that was paid for this order is left to give back."]
    assert Refund.objects.get().amount == Decimal(238)


def test_of_a_part_its_price_goes_back_and_of_seats_theirs(till: Till, client: Client) -> None:
    seats = purchases.edition(sold_per="seat")
    placed = purchases.order((purchases.edition(), 2), (seats, 5))
    attempt = paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))
    first = withdraw(attempt, "1x1 2x2")
    assert Refund.objects.get().amount == Decimal(357)
    refund_submission.submit_due()
    withdraw(attempt, "2x3", known=first.pk)
    refund_submission.submit_due()
    assert giving_back.given_back(till) == 71_400
    assert sorted(giving_back.units(attempt)) == ["fulfilled", "refunded", "refunded"]
    assert set(Case.objects.values_list("state", "outcome")) == {("closed", "refunded")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("withdraws_first", [True, False])
def test_a_key_that_is_opened_while_its_buyer_withdraws_is_one_or_the_other(
    till: Till, client: Client, withdraws_first: bool
) -> None:
    """Whoever gets the order's lock first decides: never is a key shown whose price goes back by itself."""
    attempt = paying.paid(till, client)
    key = purchases.keys_of(attempt.order)[0]
    start, told = threading.Barrier(2, timeout=20), list[str]()

    def open_it() -> None:
        try:
            start.wait()
            licenses.open_key(key.pk, order=attempt.order)
        except licenses.KeyNotUsable as sentence:
            told.append(str(sentence))
        finally:
            connection.close()

    opener = threading.Thread(target=open_it)
    opener.start()
    with transaction.atomic():
        if withdraws_first:
            orders.lock(attempt.order.pk)
        start.wait()
        time.sleep(0.2)  # the other has the lock, or waits for it
        case = withdraw(attempt)
    opener.join()
    key.refresh_from_db()
    assert (key.opened_at is None, bool(told)) == (withdraws_first, withdraws_first)
    assert Refund.objects.exists() == withdraws_first
    assert (case.state, case.needs_person) == (("refunding", False) if withdraws_first else ("received", True))


@pytest.mark.django_db(transaction=True)
def test_of_withdrawals_at_the_same_moment_one_moves_money(till: Till, client: Client) -> None:
    attempt = paying.paid(till, client, paying.order(2))
    numbers: list[int] = []

    def one() -> None:
        try:
            numbers.append(withdraw(attempt).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 4
    assert len(set(numbers)) == 1
    assert Refund.objects.count() == 1
