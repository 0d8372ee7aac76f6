"""The figures of the start page, at the edges of days, states and currencies."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payments import figures
from payments.models import Attempt, Refund, WebhookEvent
from privacy import alerts, clock, mails
from privacy.models import OutgoingMail
from shop import orders
from shop.models import Order
from tests import desk
from tests.accounts import purchases

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def captured(amount: int, at: datetime, currency: str = "EUR") -> Attempt:
    order = purchases.order((purchases.edition(), 1))
    return Attempt.objects.create(
        order=order, number=1, provider="card", state="captured", amount=amount, currency=currency, captured_at=at
    )


def refund(attempt: Attempt, amount: int, state: str = "succeeded", at: datetime | None = None) -> Refund:
    return Refund.objects.create(attempt=attempt, kind="amount", amount=amount, state=state, finished_at=at)


def test_an_empty_shop_has_no_figures() -> None:
    numbers = [figures.open_alerts(), figures.held_orders(), figures.backordered_units(), figures.failed_mails()]
    lists = [figures.stuck_attempts(), figures.failed_refunds(), figures.unhandled_events(), figures.low_pools()]
    assert (numbers, [list(rows) for rows in lists]) == ([0, 0, 0, 0], [[], [], [], []])
    assert (figures.newest_of_today(), figures.revenue()) == ([], [])


def test_revenue_counts_thirty_days_in_utc_by_currency() -> None:
    with clock.at(NOON):
        first = datetime(2026, 10, 24, tzinfo=UTC)
        captured(500, first - timedelta(microseconds=1))
        kept = captured(100, first)
        captured(50, NOON)
        captured(25, NOON.replace(hour=0, minute=0))
        captured(70, NOON, "USD")
        refund(kept, 30, at=NOON)
        refund(kept, 10, state="failed", at=NOON)
        euro, dollar = figures.revenue()
    assert (euro.currency, euro.captured, euro.given_back) == ("EUR", Decimal(175), Decimal(30))
    assert (dollar.currency, dollar.captured, dollar.given_back) == ("USD", Decimal(70), Decimal(0))
    assert (len(euro.days), euro.days[0].on.isoformat(), euro.days[-1].on.isoformat()) == (
        30,
        "2026-10-24",
        "2026-11-22",
    )
    assert [(day.captured, day.given_back) for day in (euro.days[0], euro.days[-1])] == [(100, 0), (75, 30)]
    assert (euro.best.on.isoformat(), euro.best.captured) == ("2026-10-24", Decimal(100))


def test_the_chart_has_a_bar_a_day_in_proportion() -> None:
    with clock.at(NOON):
        captured(100, NOON)
        captured(25, NOON - timedelta(days=1))
        bars = figures.revenue()[0].bars(height=100)
    assert (len(bars), bars[0], bars[-2:]) == (30, (1, 100, 0), [(281, 75, 25), (291, 0, 100)])


def test_a_month_of_refunds_alone_has_an_even_chart() -> None:
    with clock.at(NOON):
        refund(captured(100, NOON - timedelta(days=60)), 40, at=NOON)
        found = figures.revenue()[0]
    assert (found.captured, found.given_back, {height for _, _, height in found.bars()}) == (
        Decimal(0),
        Decimal(40),
        {0},
    )


def test_todays_orders_are_the_newest_of_this_day() -> None:
    with clock.at(NOON):
        made = [purchases.order((purchases.edition(), 1)) for _ in range(10)]
        Order.objects.filter(pk=made[0].pk).update(placed_at=NOON.replace(hour=0, minute=0) - timedelta(seconds=1))
        for minutes, order in enumerate(made[1:]):
            Order.objects.filter(pk=order.pk).update(placed_at=NOON - timedelta(minutes=minutes))
        assert [order.pk for order in figures.newest_of_today()] == [order.pk for order in made[1:9]]


def test_what_waits_is_counted() -> None:
    manager = desk.person("Shop Manager")
    alerts.raise_alert("test", "1", "Look.")
    alerts.raise_alert("test", "2", "Look.")
    alerts.close_alert("test", "2")
    held = purchases.order((purchases.edition(), 1))
    orders.hold(held.pk, by=manager, reason="Odd.")
    purchases.paid((purchases.edition(pool=1), 3))
    mails.queue("test", 1)
    OutgoingMail.objects.filter(kind="test").update(state="failed")
    alerts.close_alert("backorder", Order.objects.get(state="paid").number)
    assert (figures.open_alerts(), figures.held_orders(), figures.backordered_units(), figures.failed_mails()) == (
        1,
        1,
        2,
        1,
    )


def test_a_payment_hangs_after_a_day() -> None:
    with clock.at(NOON):
        made = {}
        for name, state, age in [("stuck", "processing", 25), ("young", "processing", 23), ("waits", "created", 99)]:
            order = purchases.order((purchases.edition(), 1))
            made[name] = Attempt.objects.create(
                order=order,
                number=1,
                provider="card",
                state=state,
                amount=1,
                currency="EUR",
                created_at=NOON - timedelta(hours=age),
            )
        assert list(figures.stuck_attempts()) == [made["stuck"]]


def test_a_failed_refund_waits_until_another_one_made_it_good() -> None:
    first, second = captured(100, NOON), captured(100, NOON)
    failed = refund(first, 10, state="failed")
    refund(second, 10, state="failed")
    refund(second, 10, state="requested")
    assert list(figures.failed_refunds()) == [failed]
    again = refund(first, 10, state="failed")
    assert list(figures.failed_refunds()) == [failed, again]
    Refund.objects.filter(pk=again.pk).update(repeats=failed)
    assert list(figures.failed_refunds()) == [again]


def test_a_webhook_waits_after_five_tries() -> None:
    def event(number: int, tries: int, handled: datetime | None = None) -> WebhookEvent:
        return WebhookEvent.objects.create(
            provider="stripe", event_id=str(number), kind="charge.failed", tries=tries, handled_at=handled
        )

    event(1, 4)
    late = event(2, 5)
    event(3, 9, handled=NOON)
    assert list(figures.unhandled_events()) == [late]


def test_low_pools_are_those_that_are_sold_and_hold_too_little() -> None:
    low = purchases.edition(pool=2, low_pool_at=3)
    empty = purchases.edition(pool=0, low_pool_at=1)
    purchases.edition(pool=3, low_pool_at=3)
    purchases.edition(low_pool_at=99)
    purchases.edition(pool=0, low_pool_at=5, is_offered=False)
    withdrawn = purchases.edition(pool=0, low_pool_at=5)
    withdrawn.product.is_published = False
    withdrawn.product.save()
    assert [(pool.pk, pool.free) for pool in figures.low_pools()] == [(empty.pk, 0), (low.pk, 2)]
