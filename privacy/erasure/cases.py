"""Whose deletion is planned or carried out, and when."""

from dataclasses import dataclass, field
from datetime import datetime

from privacy import clock
from privacy.people import Person


@dataclass(frozen=True)
class Case:
    """One person's deletion. `request_id` is the request that is carried out; None where one only looks."""

    person: Person
    request_id: int | None = None
    at: datetime = field(default_factory=clock.now)
