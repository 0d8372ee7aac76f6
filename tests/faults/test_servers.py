"""PostgreSQL and Redis stop under a whole shop: nobody sees a trace, and everything is done once they are back."""

import os
import time
from collections.abc import Iterator

import pytest
import requests

from tests.faults import whole_shop
from tests.faults.whole_shop import Buyer, Shop

pytestmark = [pytest.mark.slow]
#: Seconds. In the suite three, the time-out of a connection; `make outage` takes the minute.
AWAY = float(os.environ.get("AWAY_FOR", "3"))


@pytest.fixture(scope="module")
def whole() -> Iterator[Shop]:
    with whole_shop.running() as shop:
        yield shop


@pytest.fixture
def shop(whole: Shop) -> Iterator[Shop]:
    """After each test everything is right, without any hand: worker and timetable have done it."""
    yield whole
    assert whole.problems() == []


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """One whose money is taken by a call of ours."""
    return Buyer(shop, "paypal")


def is_an_error_page(answer: requests.Response) -> bool:
    """Ours, with a sentence; not a trace, nor what the web server says by itself."""
    return answer.status_code >= 500 and "<h1" in answer.text and "Traceback" not in answer.text


def test_postgresql_is_stopped_at_once_and_comes_back(shop: Shop, buyer: Buyer) -> None:
    """Between the form and the order, and again between the payment and the way back."""
    buyer.fill()
    shop.servers.stop_postgres(at_once=True)
    assert is_an_error_page(buyer.submit())
    shop.servers.start_postgres()
    assert buyer.submit().status_code == 302
    shop.servers.stop_postgres(at_once=True)
    buyer.pay()
    assert is_an_error_page(buyer.come_back())
    shop.servers.start_postgres()
    assert len(set(buyer.keys())) == 1


def test_postgresql_is_away_for_a_while(shop: Shop, buyer: Buyer) -> None:
    """All who come meanwhile are told so at once, as often as they come."""
    buyer.fill()
    assert buyer.submit().status_code == 302
    shop.servers.stop_postgres(at_once=False)
    buyer.pay()
    until, answers = time.monotonic() + AWAY, []
    while time.monotonic() < until:
        answers.append(buyer.come_back())
        time.sleep(0.2)
    shop.servers.start_postgres()
    assert [answer for answer in answers if not is_an_error_page(answer)] == []
    assert len(set(buyer.keys())) == 1


def test_redis_is_emptied(shop: Shop, buyer: Buyer) -> None:
    buyer.fill()
    shop.servers.empty_valkey()
    assert buyer.submit().status_code == 302
    buyer.pay()
    shop.servers.empty_valkey()
    assert len(set(buyer.keys())) == 1
    shop.servers.empty_valkey()


def test_redis_is_stopped(shop: Shop, buyer: Buyer) -> None:
    """The whole way without it, from the cart to the key; only the mail waits until it is back."""
    shop.servers.stop_valkey()
    try:
        buyer.fill()
        assert buyer.submit().status_code == 302
        buyer.pay()
        assert len(set(buyer.keys())) == 1
    finally:
        shop.servers.start_valkey()


def test_redis_is_bounced_five_times(shop: Shop, buyer: Buyer) -> None:
    """A step of the buyer's between any two."""
    keys: list[str] = []
    steps = (buyer.fill, buyer.submit, buyer.pay, buyer.come_back, lambda: keys.extend(buyer.keys()))
    for step in steps:
        shop.servers.stop_valkey()
        shop.servers.start_valkey()
        step()
    assert len(set(keys)) == 1
