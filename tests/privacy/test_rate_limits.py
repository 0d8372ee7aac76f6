"""What is counted as one: a mailbox in any spelling, and all addresses that one customer of IPv6 has."""

import uuid

import pytest

from privacy import rate_limits


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ("2a02:2e0:3fe:1001::1", "2a02:2e0:3fe:1001:ffff::2", True),
        ("2a02:2e0:3fe:1001::1", "2a02:2e0:3fe:1002::1", False),
        ("93.184.216.34", "::ffff:93.184.216.34", True),
        ("93.184.216.34", "93.184.216.35", False),
        ("ada@example.com", "Ada+1@EXAMPLE.com", True),
        ("a.da@googlemail.com", "ada@gmail.com", True),
        ("ada@example.com", "eve@example.com", False),
        ("account:1", "account:11", False),
        ("", "", True),
    ],
)
def test_whoever_is_one_is_counted_together(first: str, second: str, are_one: bool) -> None:
    deed = f"test-{uuid.uuid4()}"
    assert rate_limits.allow(deed, first, most=1, seconds=60)
    assert rate_limits.allow(deed, second, most=1, seconds=60) is not are_one
    assert rate_limits.forget(second) == 1
    assert rate_limits.allow(deed, second, most=1, seconds=60)
