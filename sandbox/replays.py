"""Idempotency: the answer to a request is kept under its key and given again to a repetition."""

from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.database import Database


@dataclass(frozen=True)
class Answer:
    """The answer that was kept: its status and its body."""

    status: int
    body: bytes


class InProgress(Exception):
    """The first request with this key hasn't been answered yet."""


class OtherRequest(Exception):
    """The key was used for a request with other parameters."""


class Replays:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._running: set[str] = set()

    def begin(self, key: str, fingerprint: str, *, keep: int) -> Answer | None:
        """The kept answer, or None: then the caller acts and calls `end`.

        `keep` is the age in seconds at which keys are forgotten.
        Raises InProgress and OtherRequest.
        """
        with self._database.transaction():
            if key in self._running:
                raise InProgress
            row = self._database.row("SELECT * FROM replays WHERE key = ? AND at > ?", key, self._clock.now() - keep)
            if row is None:
                self._running.add(key)
                return None
            if row["fingerprint"] != fingerprint:
                raise OtherRequest
            return Answer(row["status"], row["body"])

    def end(self, key: str, fingerprint: str, answer: Answer | None) -> None:
        """Keeps the answer; None forgets that the request was ever made."""
        with self._database.transaction():
            self._running.discard(key)
            if answer is not None:
                self._database.execute(
                    "INSERT OR REPLACE INTO replays (key, fingerprint, at, status, body) VALUES (?, ?, ?, ?, ?)",
                    key,
                    fingerprint,
                    self._clock.now(),
                    answer.status,
                    answer.body,
                )
