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

    def lines(self) -> Iterator[str]:
        """Each sentence and each row of a table as one line of text, to compare."""
        yield from (said.text for said in self.said)
        for table in self.tables:
            yield from (f"{table.caption}: {' | '.join(row)}" for row in table.rows)


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
    old = {part.title: list(part.lines()) for part in before.parts} if before else {}
    new = {part.title: list(part.lines()) for part in after.parts}
    found = []
    for title in [*new, *(title for title in old if title not in new)]:
        lines = difflib.ndiff(old.get(title, []), new.get(title, []))
        found += [f"{title}: {_DEEDS[line[0]]} “{line[2:]}”" for line in lines if line[0] in _DEEDS]
    return found


_DEEDS = {"+": "now says", "-": "no longer says"}
