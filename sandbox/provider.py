"""What both sandboxes have in common: state, routes, faults, webhooks and the order in which a request meets them."""

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.database import Database
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.objects import Document, Objects
from sandbox.pages import BROKEN_GATEWAY
from sandbox.replays import Replays
from sandbox.server import Request, Response, Routes
from sandbox.webhooks import Webhooks

MARKER = "X-AzureOps-Sandbox"


class Provider:
    """One stand-in. A subclass fills `routes` and `acts`, signs webhooks and words errors."""

    name = ""
    # Whether a 500 is kept for its idempotency key.
    keeps_errors = False

    def __init__(self, data: Path) -> None:
        """Opens the state in the folder `data`. Raises OSError or sqlite3.OperationalError when it can't be written."""
        data.mkdir(parents=True, exist_ok=True)
        self.data = data
        self.base_url = ""
        self.clock = Clock()
        self.database = Database(data / f"{self.name}.sqlite3")
        self.objects = Objects(self.database)
        self.ledger = Ledger(self.database, self.clock)
        self.replays = Replays(self.database, self.clock)
        self.faults = Faults()
        self.webhooks = Webhooks(self.database, self.objects, self.sign)
        self.switches: dict[str, Any] = {}
        self.reset_switches()
        self.routes = Routes()
        self.acts: dict[str, Callable[..., Document]] = {}
        self.control = Control(self)
        self._stopped = threading.Event()

    def sign(self, body: bytes) -> dict[str, str]:
        """The headers that prove an event to be the provider's."""
        raise NotImplementedError

    def respond(self, request: Request) -> Response:
        """The answer of the provider's interface or page."""
        raise NotImplementedError

    def failure(self, status: int) -> Response:
        """An error 429 or 500 in the provider's shape."""
        raise NotImplementedError

    def settle(self) -> None:
        """Does what has become due, such as letting sessions expire: every second and before every request."""
        raise NotImplementedError

    def reset_switches(self) -> None:
        self.switches = {"refunds": "succeeded", "reporting": True, "redaction": True}

    def reset(self) -> None:
        """As on the first start, but for the webhook address."""
        self.database.clear()
        self.faults.replace([])
        self.webhooks.reset()
        self.clock.reset()
        self.reset_switches()

    def handle(self, request: Request) -> Response | None:
        """The answer, marked as a sandbox's; None where a fault cuts the connection."""
        if request.path.startswith("/_sandbox/"):
            return self._marked(self.control.respond(request))
        fault = self.faults.take(request.method, request.path)
        action = fault.action if fault else ""
        if action == "down":
            return None
        if action == "html":
            return self._marked(Response(502, BROKEN_GATEWAY, {"Content-Type": "text/html; charset=utf-8"}))
        if action == "limit":
            return self._marked(self.failure(429))
        if fault and action == "error" and not (fault.saved and self.keeps_errors):
            return self._marked(self.failure(500))
        try:
            with self.database.transaction():
                self.settle()
            response = self.respond(replace(request, fault=fault))
        except Exception:  # noqa: BLE001
            # A mistake in the sandbox itself: its developer needs the trace, the shop an answer.
            traceback.print_exc()
            response = self.failure(500)
        return None if action == "drop" else self._marked(response)

    def _marked(self, response: Response) -> Response:
        response.headers[MARKER] = self.name
        return response

    def start(self, base_url: str) -> None:
        """Begins to deliver webhooks and to watch the clock. `base_url` is where the sandbox can be reached."""
        self.base_url = base_url
        self.webhooks.start()
        self._watch = threading.Thread(target=self._watch_clock, daemon=True)
        self._watch.start()

    def _watch_clock(self) -> None:
        while not self._stopped.wait(1):
            with self.database.transaction():
                self.settle()

    def stop(self) -> None:
        self._stopped.set()
        self._watch.join()
        self.webhooks.stop()
        self.database.close()


def wait_for(request: Request) -> None:
    """Sleeps as the fault `slow` says. Call it without holding the database."""
    if request.fault and request.fault.action == "slow":
        time.sleep(request.fault.seconds)
