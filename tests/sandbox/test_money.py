from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.money import to_minor, to_text


@pytest.mark.parametrize(
    ("minor", "currency", "text"), [(1190, "EUR", "11.90"), (5, "usd", "0.05"), (1190, "JPY", "1190")]
)
def test_both_ways(minor: int, currency: str, text: str) -> None:
    assert to_text(minor, currency) == text
    assert to_minor(text, currency) == minor


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(["EUR", "USD", "JPY", "HUF"]))
def test_nothing_is_lost(minor: int, currency: str) -> None:
    assert to_minor(to_text(minor, currency), currency) == minor


@pytest.mark.parametrize(("value", "currency"), [("1.001", "EUR"), ("1.5", "JPY")])
def test_too_many_digits(value: Any, currency: str) -> None:
    with pytest.raises(ValueError, match="more digits"):
        to_minor(value, currency)
