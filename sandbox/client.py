"""Steering a sandbox from Python, in this process or another: each method is one request of README.md."""

import json
import urllib.error
import urllib.request
from typing import Any

TIMEOUT = 30
# A proxy of the environment must not see, or answer, what goes to 127.0.0.1.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """The sandbox's sentence about why it didn't do what was asked."""


class Client:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def _call(self, path: str, document: Any = None) -> Any:
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{self.base_url}/_sandbox/{path}", data=data, headers={"Content-Type": "application/json"}
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT) as response:  # nosec B310: an address of the operator's own
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(json.load(error)["error"]) from None

    def act(self, do: str, identifier: str | None = None, **fields: Any) -> dict[str, Any]:
        """Does something as the buyer, the bank or the provider; answers the object. Raises Refused."""
        named = {} if identifier is None else {"id": identifier}
        answer: dict[str, Any] = self._call("act", {"do": do, **named, **fields})
        return answer

    def faults(self, *rules: dict[str, Any]) -> list[dict[str, Any]]:
        """Replaces the rules; without any, removes all."""
        left: list[dict[str, Any]] = self._call("faults", list(rules))
        return left

    def faults_left(self) -> list[dict[str, Any]]:
        left: list[dict[str, Any]] = self._call("faults")
        return left

    def webhooks(self, mode: str, *, seconds: float | None = None) -> None:
        """Sets how events are delivered: normal, never, double, late or shuffle."""
        self._call("webhooks", {"mode": mode, "seconds": seconds})

    @property
    def webhook_url(self) -> str | None:
        """Where events are sent; None keeps them waiting."""
        url: str | None = self._call("webhooks")["url"]
        return url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self._call("webhooks", {"url": url})

    def flush(self) -> dict[str, int]:
        """Delivers everything that waits, now: `{"delivered": n, "failed": n}`."""
        counts: dict[str, int] = self._call("webhooks/flush", {})
        return counts

    def deliveries(self) -> list[dict[str, Any]]:
        """All deliveries, the oldest first: event, type, state, attempts, status."""
        deliveries: list[dict[str, Any]] = self._call("webhooks")["deliveries"]
        return deliveries

    def signed(self, event: str) -> tuple[dict[str, str], bytes]:
        """Headers and body of an event, freshly signed, for a test that posts it itself."""
        answer = self._call(f"webhooks/{event}")
        return answer["headers"], answer["body"].encode()

    def ledger(self) -> dict[str, Any]:
        """Captures, refunds and disputes in minor units by currency, and all entries."""
        books: dict[str, Any] = self._call("ledger")
        return books

    def switch(self, **switches: Any) -> dict[str, Any]:
        """`refunds="pending"`, `reporting=False`."""
        answer: dict[str, Any] = self._call("switches", switches)
        return answer

    def advance(self, seconds: int) -> None:
        """Moves the sandbox's clock forward."""
        self._call("clock", {"advance": seconds})

    def reset(self) -> None:
        """Empties everything; the webhook address stays."""
        self._call("reset", {})
