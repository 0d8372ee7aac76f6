"""PostgreSQL refuses at the commit what would give back more than was taken."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection

from payments import refunds
from payments.models import Attempt, Refund, RefundUnit
from tests.accounts import purchases
from tests.payments.giving_back import committed, refund_row

pytestmark = pytest.mark.django_db


# --- What the database refuses ----------------------------------------------------------------------------------------


def more_than_was_taken(attempt: Attempt) -> None:
    refund_row(attempt, "200.00")
    refund_row(attempt, "38.01")


def of_money_not_taken(attempt: Attempt) -> None:
    open_one = Attempt.objects.create(order=attempt.order, number=9, provider="stripe", amount=50, currency="EUR")
    refund_row(open_one, "10.00")


def a_unit_twice(attempt: Attempt) -> None:
    unit = purchases.units_of(attempt.order)[0]
    for _ in range(2):
        RefundUnit.objects.create(refund=refund_row(attempt, "119.00", "units"), unit=unit, amount=Decimal(119))


def a_unit_s_money_and_more(attempt: Attempt) -> None:
    refund = refund_row(attempt, "119.01", "units")
    RefundUnit.objects.create(refund=refund, unit=purchases.units_of(attempt.order)[0], amount=Decimal("119.01"))


def units_that_are_not_the_sum(attempt: Attempt) -> None:
    refund = refund_row(attempt, "119.00", "units")
    RefundUnit.objects.create(refund=refund, unit=purchases.units_of(attempt.order)[0], amount=Decimal("118.00"))


def units_without_units(attempt: Attempt) -> None:
    refund_row(attempt, "119.00", "units")


def another_order_s_unit(attempt: Attempt) -> None:
    stranger = purchases.units_of(purchases.paid((purchases.edition(), 1)))[0]
    RefundUnit.objects.create(refund=refund_row(attempt, "119.00", "units"), unit=stranger, amount=Decimal(119))


ILLEGAL = {
    "refund_within_attempt": (more_than_was_taken, "payments_refund_limits ON payments_refund"),
    "refund_of_captured_attempt": (of_money_not_taken, "payments_refund_limits ON payments_refund"),
    "refund_within_unit": (a_unit_s_money_and_more, "payments_refundunit_limits ON payments_refundunit"),
    "refundunit_of_same_order": (another_order_s_unit, "payments_refundunit_limits ON payments_refundunit"),
    "refund_is_sum_of_units": (units_that_are_not_the_sum, "payments_refund_limits ON payments_refund"),
}


@pytest.mark.parametrize("name", ILLEGAL)
def test_the_database_refuses(bought: Attempt, name: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        committed(ILLEGAL[name][0], bought)
    assert caught.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ILLEGAL)
def test_canary_without_its_trigger_the_illegal_row_stands(bought: Attempt, name: str) -> None:
    make, trigger = ILLEGAL[name]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}")
        if name == "refund_is_sum_of_units":
            cursor.execute("DROP TRIGGER payments_refundunit_sum ON payments_refundunit")
    make(bought)
    connection.check_constraints()
    assert Refund.objects.exists()


@pytest.mark.parametrize("make", [a_unit_twice, units_without_units])
def test_the_database_refuses_units_without_their_money(bought: Attempt, make: Any) -> None:
    with pytest.raises(IntegrityError):
        committed(make, bought)


def test_a_failed_refund_counts_no_more(bought: Attempt) -> None:
    failed = refund_row(bought, "238.00")
    failed.state = Refund.State.FAILED
    failed.save(update_fields=["state"])
    refund_row(bought, "238.00")
    connection.check_constraints()
    assert refunds.left_of(bought) == 0
