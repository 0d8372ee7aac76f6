"""When the person of an order goes: one definition in the database, whoever writes the row."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import Attempt
from privacy import clock
from shop import orders
from shop.models import Order, OrderParty, PartyRemoval
from tests.accounts import purchases

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7b")]
HOME = {"street": "Am Sandtorkai 41", "postal_code": "20457", "city": "Hamburg", "browser_family": "Firefox"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def party(placed_at: datetime, *, paid: bool = True, **fields: object) -> OrderParty:
    """The party of an order that was placed, and perhaps paid a minute later, at home."""
    paid_at = placed_at + timedelta(minutes=1) if paid else None
    made = purchases.order(
        (purchases.edition(), 1),
        placed_at=placed_at,
        paid_at=paid_at,
        state="paid" if paid else "pending_payment",
        **fields,
    )
    Order.objects.filter(pk=made.pk).update(expires_at=placed_at + timedelta(minutes=35))
    OrderParty.objects.filter(order=made).update(**HOME)
    return OrderParty.objects.select_related("order").get(order=made)


def dates(of: OrderParty) -> tuple[datetime | None, datetime | None, datetime | None]:
    of.refresh_from_db()
    return of.expires_at, of.address_expires_at, of.browser_expires_at


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


@pytest.mark.parametrize(
    ("placed", "ends"),
    [
        ("2026-11-23T09:30:00", "2029-11-23T09:30:00"),
        ("2028-02-29T23:59:59", "2031-03-01T23:59:59"),  # 29 February
        ("2025-02-28T00:00:00", "2028-02-28T00:00:00"),
        ("2025-03-30T01:30:00", "2028-03-30T01:30:00"),  # a clock change in Berlin
        ("2026-10-25T00:30:00", "2029-10-25T00:30:00"),  # and the other one
        ("2026-12-31T23:30:00", "2029-12-31T23:30:00"),  # midnight has passed in Berlin, not in UTC
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])
def test_three_years_are_calendar_years_in_utc_whatever_the_zone_of_the_connection(
    placed: str, ends: str, zone: str
) -> None:
    sql("SELECT set_config('TimeZone', %s, true)", zone)
    bought = party(utc(placed).astimezone(ZoneInfo(zone)))
    sql("SELECT set_config('TimeZone', 'UTC', true)")  # Django reads every connection as if it were in UTC
    assert OrderParty.objects.values_list("expires_at").get(pk=bought.pk) == (utc(ends),)


def test_the_address_goes_30_days_after_the_payment_and_the_browser_180_after_the_order() -> None:
    bought = party(utc("2026-03-28T12:00:00"))
    assert dates(bought) == (utc("2029-03-28T12:00"), utc("2026-04-27T12:01"), utc("2026-09-24T12:00"))


def test_a_company_s_receipt_keeps_its_address() -> None:
    bought = party(utc("2026-03-28T12:00:00"), is_business=True)
    assert dates(bought) == (utc("2029-03-28T12:00"), None, utc("2026-09-24T12:00"))


def test_what_is_cleared_has_no_date() -> None:
    bought = party(utc("2026-03-28T12:00:00"))
    OrderParty.objects.filter(pk=bought.pk).update(street="", postal_code="", city="", browser_family="")
    assert dates(bought) == (utc("2029-03-28T12:00"), None, None)


def test_the_person_of_an_order_that_was_never_paid_goes_30_days_after_its_time_to_pay() -> None:
    bought = party(utc("2026-03-28T12:00:00"), paid=False)
    assert dates(bought) == (utc("2026-04-27T12:35"), None, utc("2026-09-24T12:00"))


@pytest.mark.parametrize("end", ["expire", "cancel", "hold"])
def test_the_30_days_count_from_when_the_order_ended(end: str) -> None:
    bought = party(utc("2026-03-28T12:00:00"), paid=False)
    with clock.at(utc("2026-04-02T08:00:00")):
        if end == "expire":
            orders.expire(bought.order_id)
        else:
            getattr(orders, end)(bought.order_id, by=None, reason="Looks odd.")
    assert abs(dates(bought)[0] - utc("2026-05-02T08:00")) < timedelta(seconds=9)  # type: ignore[operator]


def test_a_payment_gives_the_order_its_three_years_also_late() -> None:
    bought = party(utc("2026-03-28T12:00:00"), paid=False)
    orders.expire(bought.order_id)
    with transaction.atomic():
        orders.mark_paid(orders.lock(bought.order_id), at=utc("2026-04-20T08:00:00"))
    assert dates(bought)[:2] == (utc("2029-03-28T12:00"), utc("2026-05-20T08:00"))


def test_money_that_arrived_for_a_held_order_counts_although_the_order_isnt_paid() -> None:
    bought = party(utc("2026-03-28T12:00:00"), paid=False)
    orders.hold(bought.order_id, by=None, reason="Looks odd.")
    Attempt.objects.create(
        order=bought.order,
        number=1,
        provider="stripe",
        state="captured",
        amount=119,
        currency="EUR",
        captured_at=utc("2026-03-28T12:10:00"),
    )
    assert dates(bought)[:2] == (utc("2029-03-28T12:00"), utc("2026-04-27T12:10"))


def test_no_raw_sql_misses_it() -> None:
    bought = party(utc("2026-03-28T12:00:00"), paid=False)
    sql("UPDATE shop_orderparty SET expires_at = '2099-01-01' WHERE id = %s", bought.pk)
    assert dates(bought)[0] == utc("2026-04-27T12:35")
    sql("UPDATE shop_order SET state = 'cancelled' WHERE id = %s", bought.order_id)
    bought.order.refresh_from_db()
    assert abs(bought.order.ended_at - datetime.now(UTC)) < timedelta(minutes=1)  # type: ignore[operator]
    assert dates(bought)[0] == bought.order.ended_at + timedelta(days=30)  # type: ignore[operator]


def test_canary_without_the_trigger_a_date_is_whatever_was_written() -> None:
    bought = party(utc("2026-03-28T12:00:00"))
    connection.check_constraints()  # a table can't be altered while some of its are to be checked
    sql("ALTER TABLE shop_orderparty DISABLE TRIGGER shop_orderparty_periods")
    sql("UPDATE shop_orderparty SET expires_at = '2099-01-01' WHERE id = %s", bought.pk)
    assert dates(bought)[0] == utc("2099-01-01T00:00:00")


def test_a_party_is_never_written_before_its_order() -> None:
    with pytest.raises(IntegrityError, match="must be written before its party"), transaction.atomic():
        OrderParty.objects.create(order_id=987_654_321, email="x@example.com", name="X")


def test_the_order_remembers_when_its_person_left() -> None:
    bought = party(utc("2026-03-28T12:00:00"))
    kept = party(utc("2026-03-28T12:00:00"))
    sql("DELETE FROM shop_orderparty WHERE id = %s", bought.pk)
    left = dict(Order.objects.values_list("pk", "party_removal__removed_at"))
    assert abs(left[bought.order_id] - datetime.now(UTC)) < timedelta(minutes=1)  # type: ignore[operator]
    assert left[kept.order_id] is None


def test_a_removal_goes_with_its_order_although_no_foreign_key_says_so() -> None:
    bought = party(utc("2026-03-28T12:00:00"))
    sql("DELETE FROM shop_orderparty WHERE id = %s", bought.pk)
    assert PartyRemoval.objects.get().order_id == bought.order_id
    Order.objects.all().delete()
    assert PartyRemoval.objects.count() == 0
