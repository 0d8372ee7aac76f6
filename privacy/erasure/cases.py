"""Whose deletion is planned or carried out, and when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from privacy import clock
from privacy.people import Person

Known = TypeVar("Known")


@dataclass(frozen=True)
class Case:
    """One person's deletion. `request_id` is the request that is carried out; None where one only looks.

    `covered` are the labels of models that have a step of their own. A case lives for one transaction at most: what
    `once` looked up is looked up anew by the next.
    """

    person: Person
    request_id: int | None = None
    at: datetime = field(default_factory=clock.now)
    covered: frozenset[str] = frozenset()
    _known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, look: Callable[["Case"], Known]) -> Known:
        """What `look` finds for this case; it is asked once."""
        if look not in self._known:
            self._known[look] = look(self)
        return self._known[look]
