"""Deliveries of signed events: kept in the database, repeated until accepted, held back or doubled on demand."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

from sandbox.database import Database
from sandbox.objects import Document, Objects

MODES = ("normal", "never", "double", "late", "shuffle")
MOST_ATTEMPTS = 20
LONGEST_PAUSE = 60
TIMEOUT = 10
# Seconds by which a late delivery or a repetition may miss its time; new events leave at once.
PRECISION = 0.25
NEXT = "SELECT seq FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY seq * ? LIMIT 1"
WAITING = "SELECT seq FROM deliveries WHERE state = 'waiting' ORDER BY seq * ?"
LISTED = """
SELECT d.*, coalesce(json_extract(o.body, '$.type'), json_extract(o.body, '$.event_type')) AS type
FROM deliveries d JOIN objects o ON o.id = d.event ORDER BY d.seq
"""
Sign = Callable[[bytes], dict[str, str]]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Providers count a redirect as a failure."""

    def redirect_request(  # noqa: PLR0917  (urllib's own signature)
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def post(url: str, headers: dict[str, str], body: bytes) -> int | None:
    """The status of the answer; None when there was none."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as response:  # nosec B310: the address is the operator's own
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, HTTPException):
        return None


class Webhooks:
    def __init__(self, database: Database, objects: Objects, sign: Sign) -> None:
        self._database = database
        self._objects = objects
        self._sign = sign
        self._wake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._url: str | None = None
        self.reset()

    def reset(self) -> None:
        """Back to normal deliveries; the address stays."""
        self.mode = "normal"
        self.seconds = 2.0
        self._collected = 0.0

    @property
    def url(self) -> str | None:
        """Where events are sent; None keeps them waiting."""
        return self._url

    @url.setter
    def url(self, url: str | None) -> None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError(f"A webhook address starts with http:// or https://, not {url!r}.")
        self._url = url
        self._wake.set()

    def emit(self, event: Document) -> None:
        """Stores the event and plans its deliveries; they leave when the surrounding transaction is through."""
        self._objects.add("event", event)
        now = time.time()
        if self.mode == "shuffle" and now > self._collected:
            self._collected = now + self.seconds
        due = {"never": None, "late": now + self.seconds, "shuffle": self._collected}.get(self.mode, now)
        for _ in range(2 if self.mode == "double" else 1):
            self._database.execute("INSERT INTO deliveries (event, due) VALUES (?, ?)", event["id"], due)
        self._wake.set()

    def configure(self, settings: dict[str, Any]) -> None:
        """Changes `mode`, `seconds` and `url` where given. Raises ValueError when one makes no sense."""
        if unknown := set(settings) - {"mode", "seconds", "url"}:
            raise ValueError(f"There is no setting {', '.join(sorted(unknown))}.")
        mode, seconds = settings.get("mode") or self.mode, settings.get("seconds")
        if mode not in MODES:
            raise ValueError(f"A mode is one of {', '.join(MODES)}, not {mode!r}.")
        pause = self.seconds if seconds is None else float(seconds)
        if "url" in settings:
            self.url = settings["url"]
        self.mode, self.seconds = mode, pause

    def signed(self, identifier: str) -> tuple[dict[str, str], bytes] | None:
        """Headers and body of an event as they would be delivered now."""
        event = self._objects.find("event", identifier)
        if event is None:
            return None
        body = json.dumps(event).encode()
        return {"Content-Type": "application/json", **self._sign(body)}, body

    def listed(self) -> list[dict[str, Any]]:
        """All deliveries, the oldest first."""
        return [
            {
                "event": row["event"],
                "type": row["type"],
                "state": "waiting" if row["state"] == "sending" else row["state"],
                "attempts": row["attempts"],
                "status": row["status"],
            }
            for row in self._database.rows(LISTED)
        ]

    def flush(self) -> dict[str, int]:
        """Delivers everything that waits, held back or not. Raises ValueError without an address."""
        if self.url is None:
            raise ValueError("There is no webhook address; set one by url.")
        results = [self._deliver(row["seq"]) for row in self._database.rows(WAITING, self._direction)]
        return {"delivered": results.count(True), "failed": results.count(False)}

    @property
    def _direction(self) -> int:
        return -1 if self.mode == "shuffle" else 1

    def _deliver(self, seq: int) -> bool | None:
        """True when it was accepted, False when not, None when another thread has it."""
        claimed = self._database.execute(
            "UPDATE deliveries SET state = 'sending' WHERE seq = ? AND state = 'waiting'", seq
        )
        row = self._database.row("SELECT event, attempts FROM deliveries WHERE seq = ?", seq)
        if not claimed or row is None or self.url is None:
            return None
        signed = self.signed(row["event"])
        status = post(self.url, *signed) if signed else None
        accepted = status is not None and 200 <= status < 300
        attempts = row["attempts"] + 1
        state = "delivered" if accepted else "failed" if attempts >= MOST_ATTEMPTS else "waiting"
        self._database.execute(
            "UPDATE deliveries SET state = ?, attempts = ?, status = ?, due = ? WHERE seq = ?",
            state,
            attempts,
            status,
            time.time() + min(2 ** (attempts - 1), LONGEST_PAUSE),
            seq,
        )
        return accepted

    def start(self) -> None:
        # What a killed process was sending is sent again: better twice than never.
        self._database.execute("UPDATE deliveries SET state = 'waiting' WHERE state = 'sending'")
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=TIMEOUT + 1)

    def _work(self) -> None:
        while not self._stopped:
            # Cleared before looking: an event that comes in between ends the wait below.
            self._wake.clear()
            row = self._database.row(NEXT, time.time(), self._direction) if self.url else None
            if row is not None:
                self._deliver(row["seq"])
            else:
                self._wake.wait(PRECISION)
