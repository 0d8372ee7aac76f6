"""The measured erasure in small: what is measured erases what it says."""

import pytest

from tests.benchmarks import erasure

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_measured_person_is_erased_and_the_time_is_that_of_the_database() -> None:
    figures = list(erasure.figures(orders=600, few=300, people=5))
    assert [figure.name.partition(": ")[2] for figure in figures] == ["database time", "against 300"]
    assert all(0 < figure.value < 60_000 for figure in figures)  # what it is depends on who else is at work
