"""The sandbox's own time. Tests move it forward to let sessions, tokens and idempotency keys age."""

import time
from datetime import UTC, datetime


class Clock:
    def __init__(self) -> None:
        self._ahead = 0

    def now(self) -> int:
        """Seconds since 1970 in UTC."""
        return int(time.time()) + self._ahead

    def advance(self, seconds: int) -> int:
        self._ahead += seconds
        return self.now()

    def reset(self) -> None:
        self._ahead = 0


def iso(seconds: int) -> str:
    """`2026-11-22T10:00:00Z`, the form that PayPal writes."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
