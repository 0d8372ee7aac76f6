"""What refunds and disputes do to keys."""

import pytest
from django.db import transaction

from accounts import license_keys, licenses
from accounts.models import License, LicenseKey, Suspension
from shop.models import Order, OrderUnit
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
REFUND = {"reason": Suspension.Reason.REFUND_REQUESTED, "about": "7"}
DISPUTE = {"reason": Suspension.Reason.DISPUTE, "about": "9"}


def refund(order: Order) -> None:
    """What payments does when a refund of the whole order succeeds."""
    units = purchases.units_of(order)
    licenses.suspend(units, **REFUND)
    licenses.revoke(units, **REFUND)
    for unit in units:
        unit.move_to(OrderUnit.State.REFUNDED)


def open_suspensions() -> int:
    return Suspension.objects.filter(ended_at=None).count()


def test_a_requested_refund_suspends_and_a_refused_one_lifts() -> None:
    order = purchases.paid((purchases.edition(), 2))
    licenses.suspend(purchases.units_of(order), **REFUND)
    licenses.suspend(purchases.units_of(order), **REFUND)
    assert (purchases.states(order), open_suspensions()) == (["suspended"] * 2, 2)
    licenses.lift(purchases.units_of(order), **REFUND)
    licenses.lift(purchases.units_of(order), **REFUND)
    assert (purchases.states(order), open_suspensions()) == (["assigned"] * 2, 0)


def test_only_the_named_units_are_touched() -> None:
    order = purchases.paid((purchases.edition(), 3))
    licenses.suspend(purchases.units_of(order)[:1], **REFUND)
    assert purchases.states(order) == ["suspended", "assigned", "assigned"]


def test_a_key_is_usable_when_no_reason_is_left() -> None:
    order = purchases.paid((purchases.edition(), 1))
    units = purchases.units_of(order)
    licenses.suspend(units, **REFUND)
    licenses.suspend(units, **DISPUTE)
    licenses.lift(units, **REFUND)
    assert purchases.states(order) == ["suspended"]
    licenses.lift(units, **DISPUTE)
    assert purchases.states(order) == ["assigned"]


def test_an_opened_pool_key_and_a_generated_key_are_revoked() -> None:
    generated = purchases.paid((purchases.edition(), 1))
    opened = purchases.paid((purchases.edition(pool=1), 1), at_once=True)
    refund(generated)
    refund(opened)
    assert (purchases.states(generated), purchases.states(opened)) == (["revoked"], ["revoked"])
    assert open_suspensions() == 0


def test_a_sealed_pool_key_goes_back_to_stock_and_to_the_next_buyer() -> None:
    sold = purchases.edition(pool=1)
    order = purchases.paid((sold, 1))
    [key] = purchases.keys_of(order)
    refund(order)
    key.refresh_from_db()
    assert (key.state, key.unit_id, key.license_id, key.assigned_at) == ("available", None, None, None)
    assert License.objects.count() == 0
    assert purchases.keys_of(purchases.paid((sold, 1))) == [key]


@pytest.mark.parametrize("is_suspended", [True, False])
def test_a_refund_may_end_without_a_suspension_before(is_suspended: bool) -> None:
    order = purchases.paid((purchases.edition(), 1))
    if is_suspended:
        licenses.suspend(purchases.units_of(order), **REFUND)
    licenses.revoke(purchases.units_of(order), **REFUND)
    licenses.revoke(purchases.units_of(order), **REFUND)
    assert purchases.states(order) == ["revoked"]


def test_a_refund_that_fails_late_gives_the_same_key_again() -> None:
    order = purchases.paid((purchases.edition(), 1))
    [key] = purchases.keys_of(order)
    text = license_keys.text_of(key)
    refund(order)
    with transaction.atomic():
        licenses.assign_again(purchases.units_of(order), **REFUND)
    key.refresh_from_db()
    assert (key.state, license_keys.text_of(key)) == ("assigned", text)
    assert [unit.state for unit in purchases.units_of(order)] == ["fulfilled"]


def test_a_key_that_comes_back_under_a_dispute_stays_suspended() -> None:
    order = purchases.paid((purchases.edition(), 1))
    licenses.suspend(purchases.units_of(order), **DISPUTE)
    refund(order)
    licenses.assign_again(purchases.units_of(order), **REFUND)
    assert purchases.states(order) == ["suspended"]


@pytest.mark.parametrize(
    ("left", "key_states", "unit_states"), [(1, ["assigned"], ["fulfilled"]), (0, [], ["backordered"])]
)
def test_where_the_key_went_back_the_unit_takes_another_or_waits(
    left: int, key_states: list[str], unit_states: list[str]
) -> None:
    sold = purchases.edition(pool=1)
    order = purchases.paid((sold, 1))
    refund(order)
    purchases.paid((sold, 1))
    purchases.fill(sold, left)
    licenses.assign_again(purchases.units_of(order), **REFUND)
    assert purchases.states(order) == key_states
    assert [unit.state for unit in purchases.units_of(order)] == unit_states


def test_a_key_that_was_shown_is_never_stock_again_whatever_the_code_does() -> None:
    order = purchases.paid((purchases.edition(pool=1), 1), at_once=True)
    [key] = purchases.keys_of(order)
    with pytest.raises(Exception, match="licensekey_shown_is_never_available"), transaction.atomic():
        LicenseKey.objects.filter(pk=key.pk).update(state="available", unit=None, license=None)
