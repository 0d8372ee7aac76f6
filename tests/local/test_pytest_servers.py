"""The workers of a test run never share a Redis database."""

import pytest

from local.pytest_servers import worker_redis_url


@pytest.mark.parametrize(
    ("url", "worker", "expected"),
    [
        ("unix:///tmp/a%20b/valkey.sock?db=0", "gw0", "unix:///tmp/a%20b/valkey.sock?db=2"),
        ("unix:///tmp/valkey.sock?password=p&db=0", "gw1", "unix:///tmp/valkey.sock?password=p&db=4"),
        ("unix:///tmp/valkey.sock", "gw0", "unix:///tmp/valkey.sock?db=2"),
        ("redis://:secret@cache.example:6380/0", "gw2", "redis://:secret@cache.example:6380/6"),
        ("rediss://cache.example", "gw0", "rediss://cache.example/2"),
    ],
)
def test_each_worker_has_a_pair_of_databases(url: str, worker: str, expected: str) -> None:
    assert worker_redis_url(url, worker) == expected
