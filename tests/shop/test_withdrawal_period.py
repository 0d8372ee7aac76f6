"""The fourteen days in which a consumer may withdraw: counted in days, to the end of a working day, everywhere."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from shop import public_holidays, withdrawal_period
from shop.eu_members import MEMBERSHIPS

pytestmark = pytest.mark.promise("P6b")


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (datetime(2026, 11, 2, 0, tzinfo=UTC), date(2026, 11, 16)),  # a Monday to a Monday
        (datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 6, 9, tzinfo=UTC), date(2026, 11, 20)),  # a Friday stays one
        (datetime(2026, 11, 7, 9, tzinfo=UTC), date(2026, 11, 23)),  # a Saturday: the next working day
        (datetime(2026, 11, 8, 9, tzinfo=UTC), date(2026, 11, 23)),  # a Sunday
        (datetime(2026, 12, 28, 9, tzinfo=UTC), date(2027, 1, 11)),  # over the end of a year
    ],
)
def test_it_ends_with_its_fourteenth_day_or_the_working_day_after_it(start: datetime, last: date) -> None:
    assert withdrawal_period.last_day(start, "DE") == last
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1, hours=12)  # that day in UTC-12
    assert withdrawal_period.runs(start, "DE", at=start)
    assert withdrawal_period.runs(start, "DE", at=end - timedelta(seconds=1))
    assert not withdrawal_period.runs(start, "DE", at=end)


@pytest.mark.parametrize(
    ("start", "country", "last"),
    [
        (date(2026, 12, 11), "DE", date(2026, 12, 28)),  # Christmas Day, Boxing Day, a Sunday
        (date(2026, 12, 11), "US", date(2026, 12, 25)),
        (date(2026, 3, 20), "DE", date(2026, 4, 7)),  # Good Friday to the Tuesday after Easter
        (date(2026, 3, 20), "FR", date(2026, 4, 3)),  # which France works on
        (date(2026, 3, 23), "FR", date(2026, 4, 7)),
        (date(2026, 3, 27), "GR", date(2026, 4, 14)),  # the eastern Good Friday
        (date(2026, 4, 30), "DE", date(2026, 5, 15)),  # Ascension
        (date(2026, 10, 12), "IE", date(2026, 10, 27)),  # the last Monday of October
        (date(2026, 4, 20), "IE", date(2026, 5, 5)),  # the first Monday of May
        (date(2026, 12, 18), "LV", date(2027, 1, 4)),
    ],
)
def test_a_holiday_of_the_consumer_s_country_moves_the_end(start: date, country: str, last: date) -> None:
    assert withdrawal_period.last_day(datetime.combine(start, time(9), UTC), country) == last


@pytest.mark.parametrize(
    ("year", "western", "eastern"),
    [
        (2024, date(2024, 4, 1), date(2024, 5, 6)),
        (2025, date(2025, 4, 21), date(2025, 4, 21)),
        (2026, date(2026, 4, 6), date(2026, 4, 13)),
        (2049, date(2049, 4, 19), date(2049, 4, 26)),  # one of the two exceptions of the rule
        (2076, date(2076, 4, 20), date(2076, 4, 27)),
    ],
)
def test_easter_monday_is_found_in_both_calendars(year: int, western: date, eastern: date) -> None:
    assert public_holidays.is_one(western, "AT")
    assert public_holidays.is_one(eastern, "GR")
    assert not public_holidays.is_one(western + timedelta(days=1), "AT")


def test_every_member_state_has_its_holidays() -> None:
    for country in (code for code, (_, left) in MEMBERSHIPS.items() if left is None):
        year = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
        assert 7 <= sum(public_holidays.is_one(day, country) for day in year) <= 16, country
