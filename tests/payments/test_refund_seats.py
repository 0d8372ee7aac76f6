"""Fewer seats of a unit that is sold per seat go back: its license has fewer, its key stays, a failure undoes it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from accounts import licenses
from accounts.models import License
from payments import refund_plans, refund_settlement, refund_shares, refund_submission, refund_tax, refunds, webhooks
from payments.models import Attempt, Refund, RefundUnit
from payments.providers.base import RefundSnapshot
from payments.refund_mails import refund_made
from payments.refund_plans import NotPossible, What, Wish
from privacy import mails
from shop import orders
from shop.models import Order, OrderUnit
from tests import desk
from tests.accounts import purchases
from tests.payments import paying
from tests.payments.giving_back import ask, ask_seats, committed, given_back, refund_row
from tests.payments.paying import Till
from tests.payments.test_webhooks import deliver

pytestmark = pytest.mark.django_db


def buy(till: Till, client: Client, *, pool: int | None = None, count: int = 5) -> Attempt:
    placed = purchases.order((purchases.edition(sold_per="seat", pool=pool), count))
    return paying.paid(till, client, Order.objects.select_related("party").get(pk=placed.pk))


@pytest.fixture
def seats(till: Till, client: Client) -> Attempt:
    """Five seats under one generated key, 595.00 EUR, 95.00 of it tax; paid and delivered."""
    return buy(till, client)


def stands(attempt: Attempt) -> tuple[str, int, list[int], list[str]]:
    """The unit's state and seats, its license's, and the state of its key."""
    (unit,) = purchases.units_of(attempt.order)
    granted = list(License.objects.filter(unit=unit).values_list("seats", flat=True))
    return unit.state, unit.seats, granted, purchases.states(attempt.order)


def late(refund: Refund) -> None:
    """The provider says later that the refund failed."""
    refund.refresh_from_db()
    said = RefundSnapshot(
        state="failed", provider_refund=refund.provider_refund, amount=refund.amount, currency="EUR", problem="bank"
    )
    refund_settlement.apply_snapshot(refund.pk, said)


def test_fewer_seats_go_back_and_the_key_goes_on_working(till: Till, seats: Attempt) -> None:
    refund = ask_seats(seats, 2)
    assert (refund.kind, refund.amount, refund.tax) == ("units", 238, 38)
    assert stands(seats) == ("fulfilled", 3, [3], ["assigned"])
    refund_submission.submit_due()
    assert (stands(seats), given_back(till)) == (("fulfilled", 3, [3], ["assigned"]), 23800)
    (key,) = purchases.keys_of(seats.order)
    assert licenses.open_key(key.pk, order=seats.order).opened_at is not None


def test_all_seats_that_are_left_end_the_unit(till: Till, seats: Attempt) -> None:
    for count in (2, 1, 2):
        ask_seats(seats, count)
        is_last = refund_shares.units_left(seats.order) == []
        assert stands(seats)[3] == (["suspended"] if is_last else ["assigned"])
        refund_submission.submit_due()
    assert stands(seats) == ("refunded", 2, [2], ["revoked"])
    assert (given_back(till), refund_tax.left_of(seats.order)) == (59500, 0)
    assert [(row.seats, row.amount) for row in RefundUnit.objects.order_by("pk")] == [(2, 238), (1, 119), (2, 238)]


def test_a_unit_of_which_seats_went_back_is_given_back_whole_with_the_rest(till: Till, seats: Attempt) -> None:
    ask_seats(seats, 2)
    whole = ask(seats)
    assert (whole.amount, whole.tax, whole.refund_units.get().seats) == (357, 57, 3)
    refund_submission.submit_due()
    assert (stands(seats)[0], given_back(till)) == ("refunded", 59500)


def test_a_cancelled_order_gives_back_the_seats_that_are_left(till: Till, seats: Attempt) -> None:
    ask_seats(seats, 2)
    orders.hold(seats.order_id, by=None, reason="Odd.")
    orders.cancel(seats.order_id, by=desk.person("Shop Manager"), reason="Asked for.")
    assert sorted(Refund.objects.values_list("amount", flat=True)) == [238, 357]
    refund_submission.submit_due()
    assert (stands(seats)[0], given_back(till)) == ("refunded", 59500)


@pytest.mark.parametrize("is_late", [False, True])
def test_a_refund_that_fails_gives_the_seats_back(seats: Attempt, is_late: bool) -> None:
    refund = ask_seats(seats, 2)
    if is_late:
        refund_submission.submit_due()
    late(refund)
    assert stands(seats) == ("fulfilled", 5, [5], ["assigned"])
    connection.check_constraints()


@pytest.mark.parametrize("is_rest_made", [False, True])
@pytest.mark.parametrize("pool", [None, 1])
def test_seats_that_come_back_after_all_had_gone_bring_the_unit_back(
    till: Till, client: Client, is_rest_made: bool, pool: int | None
) -> None:
    """Two seats, then the rest; the refund of the two fails late. The key works again for two, or another takes its
    place where it had gone back to stock."""
    seats = buy(till, client, pool=pool)
    first = ask_seats(seats, 2)
    refund_submission.submit_due()
    if not is_rest_made:
        till.sandbox.switch(refunds="pending")
    rest = ask(seats)
    refund_submission.submit_due()
    assert stands(seats)[0] == ("refunded" if is_rest_made else "fulfilled")
    late(first)
    assert stands(seats) == ("fulfilled", 2, [2], ["assigned"])
    if not is_rest_made:
        till.sandbox.act("complete_refund", Refund.objects.get(pk=rest.pk).provider_refund)
        refund_submission.look(seats.provider, Refund.objects.get(pk=rest.pk).provider_refund)
        assert stands(seats) == ("fulfilled", 2, [2], ["assigned"])
    connection.check_constraints()


def test_the_last_seats_end_only_once_every_refund_of_the_unit_was_made(till: Till, seats: Attempt) -> None:
    """The refund of some seats is still under way when that of the rest is made: should it fail, the key must live."""
    till.sandbox.switch(refunds="pending")
    first = ask_seats(seats, 2)
    refund_submission.submit_due()
    till.sandbox.switch(refunds="succeeded")
    ask(seats)
    refund_submission.submit_due()
    assert stands(seats) == ("fulfilled", 3, [3], ["suspended"])
    late(first)
    assert stands(seats) == ("fulfilled", 2, [2], ["assigned"])


def test_seats_of_a_unit_that_waits_for_its_key(till: Till, client: Client) -> None:
    seats = buy(till, client, pool=0)
    ask_seats(seats, 2)
    assert stands(seats) == ("backordered", 3, [], [])
    purchases.fill(OrderUnit.objects.get().line.edition, 1)
    licenses.deliver_backorders()
    assert stands(seats) == ("fulfilled", 3, [3], ["assigned"])


def test_a_refund_of_seats_that_failed_is_asked_for_again(till: Till, seats: Attempt) -> None:
    refund = ask_seats(seats, 4)
    late(refund)
    ask_seats(seats, 3)
    assert refunds.ask_again(refund.pk, by=None)
    again = Refund.objects.get(repeats=refund)
    assert (again.amount, again.refund_units.get().seats) == (238, 2)
    assert not refunds.ask_again(refund.pk, by=None)
    connection.check_constraints()


def test_a_refund_made_at_the_provider_takes_no_seat(till: Till, seats: Attempt, client: Client) -> None:
    """Also one of all that was left: nobody said which units it is for."""
    ask_seats(seats, 2)
    refund_submission.submit_due()
    before = set(till.events())
    till.sandbox.act("refund", seats.reference(till.kind), amount=35700)
    for event in [event for event in till.events() if event not in before]:
        deliver(client, till, event)
    webhooks.handle_due()
    made = Refund.objects.get(reason="Made at the provider.")
    assert (made.state, made.kind, made.amount) == ("succeeded", "amount", 357)
    assert stands(seats) == ("fulfilled", 3, [3], ["assigned"])


def test_the_mail_says_how_many_seats_are_left(seats: Attempt) -> None:
    ask_seats(seats, 2)
    refund_submission.submit_due()
    mail = refund_made(Refund.objects.get().pk)
    assert mail is not None
    text = str(mails.build(mail).body)
    line = purchases.units_of(seats.order)[0].line
    assert f"You have 3 seats of {line.product_name} Team left, with the same key." in text
    assert "no longer work" not in text


# --- The desk ---------------------------------------------------------------------------------------------------------


def test_the_desk_gives_seats_back_and_says_what_follows(seats: Attempt) -> None:
    client, (unit,) = desk.at_desk("Shop Manager"), purchases.units_of(seats.order)
    address, field = f"/admin/payments/refund/request/{seats.order_id}/", f"seats_{unit.pk}"
    assert "To give back some of its 5 seats." in client.get(address).content.decode()
    asked = {"reason": "Two left the team.", "what": "units", field: "2"}
    preview = client.post(address, asked)
    text = " ".join(preview.content.decode().split())
    assert "2 seats less, Key" in text
    assert "stays good for 3" in text
    assert "The units have fewer seats at once, and their keys go on working." in text
    assert "€238.00 go back" in text
    client.post(address, asked | {"seen": preview.context["seen"], "confirmed": "1"})
    assert stands(seats) == ("fulfilled", 3, [3], ["assigned"])
    page = client.get(f"/admin/shop/order/{seats.order_id}/change/").content.decode()
    assert f"2 seats of {unit.line.product_name} Team" in page
    shown = client.get(f"/admin/payments/refund/{Refund.objects.get().pk}/change/").content.decode()
    assert f"{unit.line.product_name} Team, unit 1, 2 seats" in shown
    again = client.post(address, asked | {"seen": preview.context["seen"], "confirmed": "1"})
    assert ("meanwhile" in again.content.decode(), Refund.objects.count()) == (True, 1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seats": "6"}, "Of this unit 5 seats are left. Type that or less."),
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"seats": "2", "units": True}, "Not both."),
    ],
)
def test_the_desk_says_what_is_wrong_with_seats(seats: Attempt, fields: dict[str, Any], sentence: str) -> None:
    client, (unit,) = desk.at_desk("Shop Manager"), purchases.units_of(seats.order)
    sent = {"reason": "x", "what": "units", f"seats_{unit.pk}": fields["seats"]}
    sent |= {"units": [unit.pk]} if fields.get("units") else {}
    text = client.post(f"/admin/payments/refund/request/{seats.order_id}/", sent).content.decode()
    assert (sentence in text, 'name="confirmed"' in text) == (True, False)


def test_a_plan_of_seats_counts_what_went_back_meanwhile(seats: Attempt) -> None:
    (unit,) = purchases.units_of(seats.order)
    wish = Wish(What.UNITS, seats={unit.pk: 4})
    assert refund_plans.make(seats.order, wish).amount == 476
    ask_seats(seats, 2)
    with pytest.raises(NotPossible, match="3 seats are left"):
        refund_plans.make(seats.order, wish)
    whole = refund_plans.make(seats.order, Wish(What.UNITS, seats={unit.pk: 1}, units={unit.pk}))
    assert [share.seats for share in whole.units] == [3]


# --- What the database refuses ----------------------------------------------------------------------------------------


def more_seats_than_there_are(attempt: Attempt) -> None:
    ask_seats(attempt, 2)
    row = refund_row(attempt, "357.00", "units")
    RefundUnit.objects.create(refund=row, unit=purchases.units_of(attempt.order)[0], amount=357, seats=4)


def a_whole_unit_after_seats_of_it(attempt: Attempt) -> None:
    ask_seats(attempt, 2)
    row = refund_row(attempt, "357.00", "units")
    RefundUnit.objects.create(refund=row, unit=purchases.units_of(attempt.order)[0], amount=357)


def more_money_than_the_seats_cost(attempt: Attempt) -> None:
    (unit,) = purchases.units_of(attempt.order)
    refund = refund_row(attempt, "119.01", "units")
    RefundUnit.objects.create(refund=refund, unit=unit, amount=Decimal("119.01"), seats=1)
    OrderUnit.objects.filter(pk=unit.pk).update(seats=4)
    License.objects.filter(unit=unit).update(seats=4)


def seats_that_stay_with_the_unit(attempt: Attempt) -> None:
    unit = purchases.units_of(attempt.order)[0]
    RefundUnit.objects.create(refund=refund_row(attempt, "119.00", "units"), unit=unit, amount=119, seats=1)


def seats_that_stay_with_the_license(attempt: Attempt) -> None:
    ask_seats(attempt, 2)
    License.objects.update(seats=5)


def seats_that_nobody_gave_back(attempt: Attempt) -> None:
    OrderUnit.objects.update(seats=4)
    License.objects.update(seats=4)


def a_failure_without_its_seats(attempt: Attempt) -> None:
    Refund.objects.filter(pk=ask_seats(attempt, 2).pk).update(state="failed")


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (more_seats_than_there_are, "refund_within_seats"),
        (a_whole_unit_after_seats_of_it, "refund_within_seats"),
        (more_money_than_the_seats_cost, "refund_within_price_of_seats"),
        (seats_that_stay_with_the_unit, "orderunit_has_seats_left"),
        (seats_that_stay_with_the_license, "license_has_seats_of_its_unit"),
        (seats_that_nobody_gave_back, "orderunit_has_seats_left"),
        (a_failure_without_its_seats, "orderunit_has_seats_left"),
    ],
)
def test_the_database_refuses(seats: Attempt, make: Callable[[Attempt], None], name: str) -> None:
    with pytest.raises(IntegrityError) as caught:
        committed(make, seats)
    assert caught.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def test_a_license_that_is_not_sold_per_seat_goes_back_whole(bought: Attempt) -> None:
    with pytest.raises(IntegrityError, match="refundunit_seats_of_what_is_sold_per_seat"):
        committed(seats_that_stay_with_the_unit, bought)
