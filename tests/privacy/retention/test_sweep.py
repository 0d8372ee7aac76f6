from datetime import timedelta

import pytest
from pytest_django import Settings

from privacy import clock, retention
from privacy.models import LegalHold
from privacy.retention import periods
from shop.models import Order, OrderParty
from tests.accounts import purchases
from tests.privacy.retention import old_orders
from tests.privacy.retention.old_orders import NOTHING, NOW, PARTY, everything, left_of, sold, sweep, years_ago

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P7a", "P7b")]
ADDRESS, BROWSER = "shop.OrderParty.address_expires_at", "shop.OrderParty.browser_expires_at"


def parties() -> set[int]:
    return set(OrderParty.objects.values_list("order_id", flat=True))


def test_after_three_years_nothing_leads_from_an_order_to_a_person_and_before_everything_does() -> None:
    old, young = sold(years_ago(3.01)), sold(years_ago(2.99))
    assert sweep() == {PARTY: 1}
    assert left_of(old) == NOTHING
    assert left_of(young) == everything(young)
    assert Order.objects.filter(party_removal__isnull=False).get() == old


def test_an_order_that_ends_in_this_second_goes_and_the_next_one_stays() -> None:
    due, not_yet = sold(NOW.replace(year=2023)), sold(NOW.replace(year=2023) + timedelta(seconds=30))
    sweep()
    assert parties() == {not_yet.pk}
    assert left_of(due) == NOTHING


def test_address_and_browser_are_cleared_at_their_own_dates_and_the_party_stays() -> None:
    home = {"street": "Am Sandtorkai 41", "postal_code": "20457", "city": "Hamburg", "browser_family": "Firefox"}
    orders = {days: sold(NOW - timedelta(days=days)) for days in (20, 40, 200)}
    company = sold(NOW - timedelta(days=200), is_business=True)
    OrderParty.objects.update(**home)
    assert sweep() == {ADDRESS: 2, BROWSER: 2}
    kept = {order.pk: name for name, order in (*orders.items(), ("company", company))}
    left = OrderParty.objects.values_list("order_id", "street", "city", "browser_family", "name")
    assert {kept[pk]: rest for pk, *rest in left} == {
        20: ["Am Sandtorkai 41", "Hamburg", "Firefox", "Ada Lovelace"],
        40: ["", "", "Firefox", "Ada Lovelace"],
        200: ["", "", "", "Ada Lovelace"],
        "company": ["Am Sandtorkai 41", "Hamburg", "", "Ada Lovelace"],
    }
    assert sweep() == {}


def test_the_person_of_an_order_that_was_never_paid_goes_after_30_days() -> None:
    with clock.at(NOW - timedelta(days=40)):
        unpaid = purchases.order((purchases.edition(), 1))
    with clock.at(NOW - timedelta(days=20)):
        later = purchases.order((purchases.edition(), 1))
    sweep()
    assert parties() == {later.pk}
    assert not OrderParty.objects.filter(order=unpaid).exists()


def test_guest_orders_and_those_of_an_account_go_alike() -> None:
    buyer = purchases.paid((purchases.edition(), 1), placed_at=years_ago(4)).party
    assert buyer.user_id is None
    from accounts.models import User

    user = User.objects.create_user("ada@example.com")  # the address has an account, later
    sold(years_ago(4), user=user)
    new = sold(years_ago(1), user=user)
    assert sweep() == {PARTY: 2}
    assert parties() == {new.pk}
    assert User.objects.filter(pk=user.pk).exists()


def test_batches_walk_in_order_of_the_dates_and_the_watermark_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "BATCH", 2)
    made = [sold(years_ago(4 + number / 10)) for number in range(5)]
    old_orders.settle()
    with clock.at(NOW):
        steps = [
            (step.count, parties(), old_orders.period().watermark_at)
            for step in retention.run(rules=[old_orders.rule()])
        ]
    oldest_first = [order.pk for order in reversed(made)]
    ends = [order.placed_at.replace(year=order.placed_at.year + 3) for order in reversed(made)]
    assert steps == [
        (2, set(oldest_first[2:]), ends[1]),
        (2, set(oldest_first[4:]), ends[3]),
        (1, set(), ends[4]),
    ]


def test_what_is_written_behind_the_watermark_is_found() -> None:
    sold(years_ago(3.1))
    sweep()
    imported = sold(years_ago(4))  # its date lies before the one that the sweep has reached
    assert sweep() == {PARTY: 1}
    assert left_of(imported) == NOTHING


def test_canary_without_the_lowered_watermark_it_is_never_found() -> None:
    sold(years_ago(3.1))
    sweep()
    old_orders.sql(
        "CREATE OR REPLACE FUNCTION privacy_watch(rule_name text, was timestamptz, becomes timestamptz) "
        "RETURNS timestamptz LANGUAGE sql AS 'SELECT becomes'"
    )
    imported = sold(years_ago(4))
    assert sweep() == {}
    assert left_of(imported) == everything(imported)


def test_a_rehearsal_of_a_later_date_hides_nothing_that_is_written_before_it() -> None:
    sold(clock.now() - timedelta(days=365))
    assert sweep(clock.now() + timedelta(days=800)) == {PARTY: 1}
    later = sold(clock.now() - timedelta(days=400))
    assert sweep(clock.now() + timedelta(days=800)) == {PARTY: 1}
    assert left_of(later) == NOTHING


def test_a_dry_count_says_what_a_sweep_removes_and_removes_nothing() -> None:
    sold(years_ago(4))
    sold(years_ago(1))
    assert retention.due(old_orders.rule(), NOW) == 1
    assert OrderParty.objects.count() == 2


def test_a_second_sweep_asks_each_rule_once_and_finds_nothing(django_assert_max_num_queries: object) -> None:
    sold(years_ago(4))
    sweep()
    rules = len(retention.all_rules())
    with django_assert_max_num_queries(3 + 10 * rules):  # type: ignore[operator]
        assert sweep() == {}


def test_each_run_is_on_record() -> None:
    sold(years_ago(4))
    sweep()
    row = old_orders.period()
    assert (row.removed, row.period, row.target) == (1, {"years": 3, "unless": {"days": 30}}, None)
    assert row.started_at <= row.finished_at <= row.succeeded_at


def test_a_batch_that_fails_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    old = sold(years_ago(4))
    old_orders.settle()
    with monkeypatch.context() as patch:
        patch.setattr("privacy.retention.sweep._remember", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweep()
    assert left_of(old) == everything(old)
    row = old_orders.period()
    assert (row.removed, row.succeeded_at < row.finished_at) == (0, True)
    assert sweep() == {PARTY: 1}


def test_the_sweep_counts_from_the_end_of_the_year_where_a_rule_says_so(settings: Settings) -> None:
    old_orders.sql("SET LOCAL timezone = 'America/New_York'")
    for since, years, ends in (
        ("2026-01-01T00:00Z", 3, "2030-01-01T00:00Z"),
        ("2026-12-31T23:59Z", 10, "2037-01-01T00:00Z"),
    ):
        old_orders.sql(
            "DO $$ BEGIN ASSERT privacy_period_end(%s, jsonb_build_object('years', %s, 'from_year_end', true)) = "
            "%s::timestamptz; END $$",
            since,
            years,
            ends,
        )


def test_holds_go_when_they_are_no_longer_needed() -> None:
    LegalHold.objects.create(model="shop.Order", object_id="1", reason="Claim.", lifted_at=years_ago(4))
    LegalHold.objects.create(model="shop.Order", object_id="2", reason="Claim.", lifted_at=years_ago(2))
    LegalHold.objects.create(model="shop.Order", object_id="3", reason="Claim.")
    assert sweep() == {"privacy.LegalHold.expires_at": 1}
    assert list(LegalHold.objects.order_by("object_id").values_list("object_id", flat=True)) == ["2", "3"]
