"""Rules by which a sandbox misbehaves: slow, silent, broken or cut off."""

import fnmatch
import threading
from dataclasses import asdict, dataclass
from typing import Any

ACTIONS = ("slow", "down", "error", "drop", "html", "limit")


@dataclass
class Fault:
    """One rule; `times` counts down to zero. `match` is a method and a path in which `*` stands for any characters."""

    match: str
    action: str
    times: int = 1
    seconds: float = 0
    saved: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError with a sentence when the rule makes no sense."""
        if self.action not in ACTIONS:
            raise ValueError(f"An action is one of {', '.join(ACTIONS)}, not {self.action!r}.")
        if not isinstance(self.match, str) or " " not in self.match:
            raise ValueError('A match is a method and a path, such as "POST /v1/refunds".')
        if not isinstance(self.times, int) or self.times < 1:
            raise ValueError("times must be a whole number of at least 1.")
        if not isinstance(self.seconds, (int, float)) or self.seconds < 0:
            raise ValueError("seconds must be zero or more.")


class Faults:
    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def replace(self, rules: list[dict[str, Any]]) -> None:
        """Raises ValueError or TypeError when one of the rules isn't one; then the old rules stay."""
        made = [Fault(**rule) for rule in rules]
        with self._lock:
            self._rules = made

    def take(self, method: str, path: str) -> Fault | None:
        """The first rule for this request that has a time left; it loses one."""
        with self._lock:
            for rule in self._rules:
                if rule.times and fnmatch.fnmatchcase(f"{method} {path}", rule.match):
                    rule.times -= 1
                    return rule
        return None

    def left(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(rule) for rule in self._rules if rule.times]
