"""The age of the oldest order that names a person, and whether its name should have gone (P7b)."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from privacy import clock
from privacy.models import RetentionPeriod
from privacy.promises import Figure
from shop import named_orders
from shop.models import Order, OrderParty
from tests.accounts import purchases

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ((2026, 11, 23), (2026, 11, 23), "0 days"),
        ((2026, 11, 22), (2026, 11, 23), "1 day"),
        ((2023, 11, 24), (2026, 11, 23), "2 years, 364 days"),
        ((2023, 11, 23), (2026, 11, 23), "3 years, 0 days"),
        ((2024, 2, 29), (2025, 2, 28), "365 days"),
        ((2024, 2, 29), (2025, 3, 1), "1 year, 0 days"),
    ],
)
def test_age_in_whole_years_and_days(start: tuple[int, int, int], end: tuple[int, int, int], said: str) -> None:
    assert named_orders.age(datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC)) == said


@pytest.mark.promise("P7b")
def test_without_orders_nobody_is_named() -> None:
    RetentionPeriod.objects.update(succeeded_at=None)
    assert named_orders.oldest() == Figure("None", "No order names a person today.", "No sweep has run yet.")


def bought(placed_at: datetime) -> Order:
    """A paid order of that day."""
    return purchases.order((purchases.edition(), 1), placed_at=placed_at, paid_at=placed_at)


@pytest.mark.promise("P7b")
def test_the_oldest_named_order_is_counted_beside_the_last_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 21, 5, tzinfo=UTC)
    bought(datetime(2023, 11, 24, 9, 0, tzinfo=UTC))
    bought(datetime(2026, 1, 1, tzinfo=UTC))
    RetentionPeriod.objects.update(started_at=now, finished_at=now, succeeded_at=now)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert named_orders.oldest() == Figure(
        "2 years, 364 days",
        "is the age of the oldest order that still names a person. The limit is 3 years, or the end of a legal hold.",
        "Last sweep on 23 November 2026.",
    )


@pytest.mark.promise("P7b")
def test_a_name_that_should_have_gone_breaks_the_figure_until_the_sweep_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 21, 5, tzinfo=UTC)
    bought(datetime(2023, 11, 20, 9, 0, tzinfo=UTC))
    RetentionPeriod.objects.update(succeeded_at=None)
    monkeypatch.setattr(clock, "now", lambda: now)
    figure = named_orders.oldest()
    assert (figure.figure, figure.is_broken, figure.note) == (
        "3 years, 3 days",
        True,
        "The name on one should have gone on 20 November 2026. We are looking at it. No sweep has run yet.",
    )
    call_command("retention", verbosity=0)
    assert not OrderParty.objects.exists()
    assert not named_orders.oldest().is_broken
