"""What carrying out a deletion needs from its neighbors. Who provides it registers at start.

Without a journal nothing is destroyed, and without a scan nobody is told that it is done: both refuse instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from privacy.people import Person
from privacy.unchangeable import Stay


class NotReady(Exception):
    """Something that must be there isn't. The text names it."""


class Journal(Protocol):
    """Remembers outside of the database what was erased, so that a restored backup can be erased again."""

    def write(
        self, kind: str, *, person: Person, rows: Mapping[str, Sequence[Any]], plan: str, words: Iterable[str] = ()
    ) -> int:
        """Writes a line and returns its number once it can't be lost any more. Raises where it could be.

        `words` are names and numbers that are taken out of texts where no address stands beside them.
        """


@dataclass(frozen=True)
class Looked:
    """What a look found: `left`, a line for each place where something is left, and a proof in counts and digests.

    `to_judge` are lines for places that a person must look at: namesakes, and what can't be read. `stays` are values on
    documents of others, which nobody may change: why, and until when.
    """

    left: tuple[str, ...]
    receipt: Mapping[str, Any]
    to_judge: tuple[str, ...] = ()
    stays: tuple[Stay, ...] = ()


class Scan(Protocol):
    """Looks for what is left of a person."""

    def look(self, request_id: int, person: Person, kept: Mapping[str, Sequence[Any]]) -> Looked:
        """Searches everywhere. `kept` are the rows, by model, that the plan leaves as they are for now."""


class Notice(Protocol):
    """Tells the person."""

    def write(self, request_id: int) -> None:
        """Queues the notice."""


_journals: list[Journal] = []
_scans: list[Scan] = []
_notices: list[Notice] = []


def register(*, journal: Journal | None = None, scan: Scan | None = None, notice: Notice | None = None) -> None:
    """Names who provides these."""
    for known, one in ((_journals, journal), (_scans, scan), (_notices, notice)):
        if one is not None:
            known[:] = [one]  # type: ignore[list-item]  # each list holds its own kind


def journal() -> Journal:
    """The journal. Raises NotReady."""
    if not _journals:
        raise NotReady("There is no journal of erasures, so nothing is erased.")
    return _journals[0]


def scan() -> Scan:
    """The scan. Raises NotReady."""
    if not _scans:
        raise NotReady("Nothing looks for what is left, so nobody is told that it is done.")
    return _scans[0]


def notice() -> Notice:
    """The notice. Raises NotReady."""
    if not _notices:
        raise NotReady("There is no notice to write.")
    return _notices[0]
