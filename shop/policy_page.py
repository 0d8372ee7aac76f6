"""The parts of the privacy policy as the page shows them: words with their links, and figures beside the promises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from privacy.evidence import Counted
from privacy.models import PolicyVersion
from privacy.policy_document import Document, Part, Table, differences
from shop import pages, words


@dataclass(frozen=True)
class Line:
    """A promise with its figure, or a sentence without."""

    id: str
    text: SafeString
    evidence: Counted | None

    @property
    def note(self) -> str:
        """What is wrong with the figure, and since when it wasn't counted."""
        if self.evidence is None:
            return ""
        since = f"Last counted on {words.day(self.evidence.counted_at.date())}." if self.evidence.is_stale else ""
        return " ".join(filter(None, (self.evidence.figure.note, since)))


@dataclass(frozen=True)
class ShownPart:
    """A section of the page."""

    slug: str
    title: str
    lines: tuple[Line, ...]
    tables: tuple[dict[str, object], ...]


def parts(document: Document, evidence: Mapping[str, Counted]) -> list[ShownPart]:
    """The sections of a text; without `evidence`, as for an old version, the promises stand alone."""
    return [_shown(part, evidence) for part in document.parts]


def _shown(part: Part, evidence: Mapping[str, Counted]) -> ShownPart:
    lines = tuple(Line(said.id, pages.inline(said.text), evidence.get(said.id)) for said in part.said)
    return ShownPart(part.slug, part.title, lines, tuple(_table(table) for table in part.tables))


def _table(table: Table) -> dict[str, object]:
    rows = [[pages.inline(cell) for cell in row] for row in table.rows]
    return {"caption": table.caption, "head": table.head, "rows": rows}


@dataclass(frozen=True)
class Change:
    """A version, and what it says otherwise than the one before it."""

    version: PolicyVersion
    differences: tuple[str, ...]


def changes(newest_first: Iterable[PolicyVersion]) -> list[Change]:
    """Every version with what changed in it, the newest first; the first one changed nothing."""
    found: list[Change] = []
    before: Document | None = None
    for version in reversed(list(newest_first)):
        document = Document.read(version.content)
        found.append(Change(version, tuple(differences(before, document) if before else ())))
        before = document
    return found[::-1]


def replaced(number: int) -> str:
    """By what and when a version was replaced, in a sentence; empty where it is the newest."""
    after = PolicyVersion.objects.filter(number=number + 1).first()
    if after is None:
        return ""
    day = words.day(after.published_at.date())
    return f"This version is no longer in force. Version {after.number} replaced it on {day}."
