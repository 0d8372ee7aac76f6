"""Fixtures of the page cache."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from privacy import page_version
from shop.demo.load import load
from tests.config.kept_shop import Shop


@pytest.fixture
def patience() -> Iterator[None]:
    """A busy machine may take longer than 50 ms; only one test is about that."""
    page_version._redis.cache_clear()
    page_version._redis().connection_pool.connection_kwargs |= {"socket_timeout": 5, "socket_connect_timeout": 5}
    yield
    page_version._redis.cache_clear()


@pytest.fixture
def shop(db: None, patience: None) -> Iterator[Shop]:
    """A shop in the transaction of the test; as in Django's test client, the end of a request leaves it open."""
    load()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Shop()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def live_shop(transactional_db: None, patience: None) -> Shop:
    """A shop whose changes are committed, so that what is to happen after a commit happens."""
    load()
    return Shop()
