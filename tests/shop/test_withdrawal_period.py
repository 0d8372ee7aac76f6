"""The fourteen days in which a consumer may withdraw: counted in days, to the end of a working day, everywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shop import withdrawal_period

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
    assert withdrawal_period.last_day(start) == last
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1, hours=12)  # that day in UTC-12
    assert withdrawal_period.runs(start, at=start)
    assert withdrawal_period.runs(start, at=end - timedelta(seconds=1))
    assert not withdrawal_period.runs(start, at=end)
