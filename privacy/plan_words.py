"""A stored plan as people read it: by deed, each row set with its ground and its end; the sum is what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from privacy.exports.words import day


@dataclass(frozen=True)
class Line:
    """One row set: what, why it is kept (empty where it is erased), and how many rows."""

    what: str
    ground: str
    count: int


@dataclass(frozen=True)
class Group:
    """All that gets one deed."""

    deed: str
    word: str
    note: str
    lines: tuple[Line, ...]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


@dataclass(frozen=True)
class Provider:
    """What a service provider is asked to erase."""

    title: str
    words: str


@dataclass(frozen=True)
class Reading:
    """A whole plan. `losses` are what the person loses beside data, `refusals` why it isn't carried out at all."""

    groups: tuple[Group, ...]
    losses: tuple[str, ...]
    refusals: tuple[str, ...]
    providers: tuple[Provider, ...]

    @property
    def found(self) -> int:
        """How many rows were found; each stands in exactly one group."""
        return sum(group.count for group in self.groups)

    @property
    def deeds(self) -> str:
        """The consequence, for a button: “erase 24, restrict 5, refuse 2”."""
        said = [f"{group.word.lower()} {group.count}" for group in self.groups if group.count]
        return ", ".join(said) or "nothing was found"


_DEEDS = (
    ("erased", "Erase", "at once"),
    ("restricted", "Restrict", "then erased"),
    ("refused", "Refuse", "for now"),
)


def read(content: Mapping[str, Any]) -> Reading:
    """The plan that `DeletionPlan.content` holds."""
    rows = content.get("rows", [])
    groups = (
        Group(deed, word, note, tuple(_line(row) for row in rows if row["deed"] == deed)) for deed, word, note in _DEEDS
    )
    return Reading(
        groups=tuple(group for group in groups if group.lines),
        losses=tuple(content.get("losses", ())),
        refusals=tuple(content.get("refusals", ())),
        providers=tuple(Provider(each["title"], _asked(each)) for each in content.get("providers", ())),
    )


def _line(row: Mapping[str, Any]) -> Line:
    kept = [part for part in (row.get("ground", ""), _until(row)) if part]
    return Line(what=f"{row['words']}: {row['how']}", ground=", ".join(kept) or "No longer needed", count=row["count"])


def _until(row: Mapping[str, Any]) -> str:
    if row["deed"] == "erased":
        return ""
    first, last = _moment(row.get("first")), _moment(row.get("until"))
    if last is None:
        return "until that has ended"
    if first is None or first.date() == last.date():
        return f"until {day(last)}"
    return f"the first until {day(first)}, the last until {day(last)}"


def _asked(provider: Mapping[str, Any]) -> str:
    way = "by hand" if provider["is_by_hand"] else "by its interface"
    begins = _moment(provider.get("not_before"))
    things = "1 entry" if provider["count"] == 1 else f"{provider['count']} entries"
    return f"{things}, {way}" + (f", not before {day(begins)}" if begins else "")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
