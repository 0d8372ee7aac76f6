"""The text of the policy in parts: what a version stores, what the page renders, and how two of them differ in words.

A text may hold links as `[words](address)`; everything else in it is plain.
"""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Said:
    """A promise by its id, in words; a sentence that is no promise has no id."""

    id: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table with its caption. The first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A section: what is said in it, then its tables."""

    slug: str
    title: str
    said: tuple[Said, ...]
    tables: tuple[Table, ...] = field(default=())


@dataclass(frozen=True)
class Document:
    """The whole text."""

    parts: tuple[Part, ...]

    @property
    def content(self) -> dict[str, Any]:
        """The text for a JSON column."""
        return asdict(self)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the text."""
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "Document":
        """The text as it was stored."""
        return cls(
            tuple(
                Part(
                    slug=part["slug"],
                    title=part["title"],
                    said=tuple(Said(said["id"], said["text"]) for said in part["said"]),
                    tables=tuple(
                        Table(table["caption"], tuple(table["head"]), tuple(tuple(row) for row in table["rows"]))
                        for table in part["tables"]
                    ),
                )
                for part in content["parts"]
            )
        )


def differences(before: Document | None, after: Document) -> list[str]:
    """What `after` says otherwise, in words and by section; empty where both say the same."""
    old = {part.title: part for part in before.parts} if before else {}
    new = {part.title: part for part in after.parts}
    found = []
    for title in [*new, *(title for title in old if title not in new)]:
        was, now = old.get(title), new.get(title)
        changes = [*_sentences(was, now), *_tables(was, now)]
        found += [f"{title}: {change}" for change in changes]
    return found


def _sentences(was: Part | None, now: Part | None) -> Iterator[str]:
    """Sentences that came and went, in the order of the text."""
    old, new = ([said.text for said in part.said] if part else [] for part in (was, now))
    deeds = {"+": "now says", "-": "no longer says"}
    for line in difflib.ndiff(old, new):
        if line[0] in deeds:
            yield f"{deeds[line[0]]} “{line[2:]}”"


def _tables(was: Part | None, now: Part | None) -> Iterator[str]:
    """Rows that came and went, and cells that changed in a row of the same name."""
    old, new = ({table.caption: table for table in part.tables} if part else {} for part in (was, now))
    for caption in [*new, *(caption for caption in old if caption not in new)]:
        head = (new.get(caption) or old[caption]).head
        before, after = (tables[caption].rows if caption in tables else () for tables in (old, new))
        gone, come = [row for row in before if row not in after], [row for row in after if row not in before]
        for row in come:
            twins = [other for other in gone if other[0] == row[0]]
            if len(twins) == 1 and len(row) == len(twins[0]):
                gone.remove(twins[0])
                changed = [(name, a, b) for name, a, b in zip(head, twins[0], row, strict=True) if a != b]
                yield f"{row[0]}: " + "; ".join(f"{name.lower()} was “{a}”, is “{b}”" for name, a, b in changed)
            else:
                yield f"new under “{caption}”: {'; '.join(row)}"
        yield from (f"no longer under “{caption}”: {'; '.join(row)}" for row in gone)
