"""What allauth is told of a connection."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from redis import Redis

from accounts.adapter import AccountAdapter

ADDRESS = "203.0.113.77"


def who(address: str) -> str:
    return AccountAdapter().get_client_ip(RequestFactory().get("/", REMOTE_ADDR=address))


def test_a_connection_is_counted_by_a_hash_of_its_address() -> None:
    assert (who(ADDRESS) == who(ADDRESS), who(ADDRESS) == who("203.0.113.78")) == (True, False)
    assert ADDRESS not in who(ADDRESS)


@pytest.mark.promise("P3")
@pytest.mark.django_db
def test_a_refused_sign_in_leaves_no_address_in_redis() -> None:
    Client(REMOTE_ADDR=ADDRESS).post("/account/login/", {"login": "ada@example.com", "password": "wrong"})
    redis = Redis.from_url(settings.REDIS_URL)
    keys = list(redis.scan_iter())
    kept = b" ".join([*keys, *(redis.dump(key) or b"" for key in keys)])
    assert (b"allauth:" in kept, ADDRESS.encode() in kept) == (True, False)
