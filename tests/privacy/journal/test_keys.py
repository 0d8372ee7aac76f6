import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.journal import keys


def test_neighbors_are_ranges() -> None:
    assert keys.packed([5, 1, 2, 3, 9, 10]) == "1-3,5,9-10"
    assert keys.packed(range(1, 2001)) == "1-2000"
    assert keys.packed([]) == ""


@settings(deadline=None)  # how long it takes depends on who else is at work
@given(st.sets(st.integers(min_value=0, max_value=300)))
def test_numbers_come_back(numbers: set[int]) -> None:
    assert list(keys.unpacked(keys.packed(numbers))) == sorted(numbers)


def test_other_keys_come_back_as_texts() -> None:
    key = uuid.uuid4()
    assert list(keys.unpacked(keys.packed([key, "session"]))) == [str(key), "session"]
