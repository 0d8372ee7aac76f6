import pytest
from pytest_django import Settings

from privacy import page_version


@pytest.mark.django_db(transaction=True)
def test_the_version_stays_until_it_is_renewed() -> None:
    first = page_version.current()
    assert first == page_version.current()
    page_version.renew()
    assert page_version.current() not in {first, None}


def test_without_redis_there_is_no_version(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page_version._redis.cache_clear()
    try:
        assert page_version.current() is None
    finally:
        page_version._redis.cache_clear()
