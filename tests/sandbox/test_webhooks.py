import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe as stripe_package

from sandbox.client import Refused
from sandbox.running import StripeSandbox
from sandbox.server import Request
from tests.sandbox.conftest import Inbox, session_params


def types(requests: list[Request]) -> list[str]:
    return [json.loads(request.body)["type"] for request in requests]


@pytest.fixture
def expired(stripe_sandbox: StripeSandbox, new_session: Callable[..., Any]) -> Callable[..., list[str]]:
    """Lets `count` sessions expire: one event each, in the order of the returned ids."""

    def make(count: int = 1) -> list[str]:
        return [stripe_sandbox.act("expire", new_session()["id"])["id"] for _ in range(count)]

    return make


def objects(requests: list[Request]) -> list[str]:
    return [json.loads(request.body)["data"]["object"]["id"] for request in requests]


def test_normal_delivers_in_order(
    stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]
) -> None:
    stripe_sandbox.webhook_url = inbox.url
    made = expired(3)
    assert objects(inbox.wait(3)) == made


def test_repeats_until_accepted(stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]) -> None:
    inbox.statuses = [500]
    stripe_sandbox.webhook_url = inbox.url
    expired()
    assert len(inbox.wait(1)) == 1
    stripe_sandbox.flush()
    received = inbox.wait(2)
    assert objects(received)[0] == objects(received)[1]
    assert [(found["state"], found["attempts"], found["status"]) for found in stripe_sandbox.deliveries()] == [
        ("delivered", 2, 200)
    ]


def test_repeats_by_itself_after_a_pause(
    stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]
) -> None:
    inbox.statuses = [503]
    stripe_sandbox.webhook_url = inbox.url
    expired()
    start = time.monotonic()
    assert len(inbox.wait(2)) == 2
    assert time.monotonic() - start >= 0.9


def test_redirect_is_no_acceptance(
    stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]
) -> None:
    inbox.statuses = [302]
    stripe_sandbox.webhooks("never")
    expired()
    stripe_sandbox.webhook_url = inbox.url
    assert stripe_sandbox.flush() == {"delivered": 0, "failed": 1}


def test_never_keeps_until_flushed(
    stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]
) -> None:
    stripe_sandbox.webhook_url = inbox.url
    stripe_sandbox.webhooks("never")
    made = expired(2)
    time.sleep(0.4)
    assert inbox.received == []
    assert stripe_sandbox.flush() == {"delivered": 2, "failed": 0}
    assert objects(inbox.received) == made


def test_double_delivers_twice(stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]) -> None:
    stripe_sandbox.webhook_url = inbox.url
    stripe_sandbox.webhooks("double")
    made = expired()
    received = inbox.wait(2)
    assert objects(received) == made * 2
    assert len({json.loads(request.body)["id"] for request in received}) == 1


def test_late_waits(stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]) -> None:
    stripe_sandbox.webhook_url = inbox.url
    stripe_sandbox.webhooks("late", seconds=0.3)
    start = time.monotonic()
    expired()
    assert inbox.wait(1)
    assert time.monotonic() - start >= 0.3


def test_shuffle_delivers_the_newest_first(
    stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]
) -> None:
    stripe_sandbox.webhook_url = inbox.url
    stripe_sandbox.webhooks("shuffle", seconds=0.5)
    made = expired(3)
    assert objects(inbox.wait(3)) == made[::-1]


def test_nothing_leaves_without_an_address_and_all_of_it_later(
    stripe_sandbox: StripeSandbox, inbox: Inbox, expired: Callable[..., list[str]]
) -> None:
    made = expired(2)
    with pytest.raises(Refused, match="no webhook address"):
        stripe_sandbox.flush()
    assert [found["state"] for found in stripe_sandbox.deliveries()] == ["waiting", "waiting"]
    stripe_sandbox.webhook_url = inbox.url
    assert objects(inbox.wait(2)) == made


def test_closed_port_is_a_failure(stripe_sandbox: StripeSandbox, expired: Callable[..., list[str]]) -> None:
    stripe_sandbox.webhooks("never")
    expired()
    stripe_sandbox.webhook_url = "http://127.0.0.1:1/"
    assert stripe_sandbox.flush() == {"delivered": 0, "failed": 1}
    assert stripe_sandbox.deliveries()[0]["status"] is None


def test_gives_up_after_twenty_attempts(stripe_sandbox: StripeSandbox, expired: Callable[..., list[str]]) -> None:
    stripe_sandbox.webhooks("never")
    expired()
    stripe_sandbox.webhook_url = "http://127.0.0.1:1/"
    for _ in range(20):
        stripe_sandbox.flush()
    found = stripe_sandbox.deliveries()[0]
    assert (found["state"], found["attempts"]) == ("failed", 20)
    assert stripe_sandbox.flush() == {"delivered": 0, "failed": 0}


def test_unsent_events_outlive_the_process(tmp_path: Path, inbox: Inbox) -> None:
    with StripeSandbox(tmp_path) as first:
        client = stripe_package.StripeClient(first.secret_key, base_addresses={"api": first.base_url})
        first.act("expire", client.v1.checkout.sessions.create(params=session_params())["id"])
    with StripeSandbox(tmp_path) as second:
        second.webhook_url = inbox.url
        assert types(inbox.wait(1)) == ["checkout.session.expired"]


@pytest.mark.parametrize(
    "change", [{"mode": "sometimes"}, {"url": "shop.example"}, {"colour": "red"}, {"seconds": "x"}]
)
def test_senseless_settings_are_refused(stripe_sandbox: StripeSandbox, change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        stripe_sandbox._call("webhooks", change)
