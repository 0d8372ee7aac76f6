from datetime import UTC, datetime, timedelta

import pytest

from privacy import clock
from privacy.retention_dates import years_after


def test_the_clock_can_be_set_and_goes_on_afterwards() -> None:
    with clock.at(datetime(2030, 2, 28, 23, 59, tzinfo=UTC)):
        assert clock.today().isoformat() == "2030-02-28"
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.promise("P7b")
@pytest.mark.parametrize(
    ("start", "end"), [((2026, 11, 22), (2029, 11, 22)), ((2024, 2, 29), (2027, 3, 1)), ((2025, 2, 28), (2028, 2, 28))]
)
def test_three_years_are_calendar_years(start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    assert years_after(datetime(*start, 13, tzinfo=UTC), 3) == datetime(*end, 13, tzinfo=UTC)
