"""Judging one value: which identifiers it holds, and how they are written there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from privacy.residue import readings, spellings
from privacy.residue.identifiers import Identifier, Kind


@dataclass(frozen=True, order=True)
class Hit:
    """An identifier was found: what it is, and how it was written ("plain", "base64")."""

    kind: Kind
    how: str


class Matcher:
    """Looks for a person's identifiers. It holds the values; what it answers doesn't."""

    def __init__(self, identifiers: Iterable[Identifier]) -> None:
        self.identifiers = frozenset(identifiers)
        self.anchors = spellings.anchors(self.identifiers)
        self._patterns = [(one.kind, _pieces(one), spellings.pattern(one)) for one in sorted(self.identifiers)]
        self._raw = [tuple(piece.encode() for piece in anchor) for anchor in self.anchors]

    @property
    def shortest(self) -> int:
        """Length of the shortest value that could hold one of them."""
        return min((len(one.value) for one in self.identifiers), default=0)

    def search(self, value: str | bytes) -> set[Hit]:
        """All that is found in a value, each kind of identifier once a way of writing; also that it wasn't all read."""
        found: set[Hit] = set()
        for how, text in readings.of(value):
            if how == readings.CUT:
                found.add(Hit(Kind.UNREADABLE, how))
            folded = text.casefold()
            for kind, pieces, pattern in self._patterns:
                if all(piece in folded for piece in pieces) and pattern.search(text):
                    found.add(Hit(kind, how))
        return found

    def may_be_in(self, content: bytes) -> bool:
        """Whether a look is worth it: for large contents that no database has sifted. What is packed isn't seen."""
        folded = content.lower() + content.replace(b"\x00", b"").lower()  # UTF-16 has a zero beside each sign of ASCII
        return any(all(piece in folded for piece in anchor) for anchor in self._raw)

    def may_be_in_text(self, text: str) -> bool:
        """The same for a text whose transfer encoding is undone."""
        folded = text.lower()
        plain = folded.replace("\x00", "")
        return any(all(piece in folded or piece in plain for piece in anchor) for anchor in self.anchors)


def _pieces(identifier: Identifier) -> tuple[str, ...]:
    """Texts that are surely there, in folded casing, where the pattern fits: a quick look before the slow one."""
    if identifier.kind is Kind.VAT_NUMBER:
        return ()
    return tuple(piece.casefold() for piece in re.split(r"\s+", identifier.value))
