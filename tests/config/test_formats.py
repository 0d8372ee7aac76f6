"""Moments where nobody says how to write them, as in the lists of the desk."""

from datetime import UTC, date, datetime

from django.utils.formats import localize


def test_moments_are_written_in_words_and_by_twenty_four_hours() -> None:
    assert localize(datetime(2026, 11, 27, 22, 57, tzinfo=UTC)) == "27 Nov 2026, 22:57 UTC"
    assert localize(date(2026, 11, 27)) == "27 Nov 2026"
