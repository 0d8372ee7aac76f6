"""Whose deletion is planned or carried out, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from privacy import clock, sealed_people
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

    @property
    def kept(self) -> Mapping[str, frozenset[Any]]:
        """Keys, by model, of rows that this deletion keeps, though nothing leads from the person to them any more."""
        return self.once(_kept)

    def once(self, look: Callable[["Case"], Known]) -> Known:
        """What `look` finds for this case; it is asked once."""
        if look not in self._known:
            self._known[look] = look(self)
        return self._known[look]


def _kept(case: Case) -> Mapping[str, frozenset[Any]]:
    sealed = sealed_people.of_request(case.request_id) if case.request_id is not None else None
    return sealed.kept if sealed else {}
