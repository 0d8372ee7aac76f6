"""What a deletion does with a row, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """Every row of a person gets exactly one of these."""

    ERASED = "erased"
    RESTRICTED = "restricted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """The deed, how it is done in words, and for what is kept its ground and its end (None: nobody knows yet).

    `is_whole`: the row is kept as it is for now, and is judged again when what keeps it has ended.
    """

    deed: Deed
    how: str
    ground: str = ""
    until: datetime | None = None
    is_whole: bool = False


DELETED = Verdict(Deed.ERASED, "deleted")
CLEARED = Verdict(Deed.ERASED, "cleared of everything that names you")
UNLINKED = Verdict(Deed.ERASED, "no longer linked to you")


@dataclass(frozen=True)
class RowSet:
    """Rows of one model with the same fate: `words` says how many of what, `first` and `until` when they go."""

    model: str
    words: str
    count: int
    deed: Deed
    how: str
    ground: str = ""
    first: datetime | None = None
    until: datetime | None = None
    is_whole: bool = False
