"""What a scan found: places, never values."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from privacy.residue.identifiers import Kind
from privacy.unchangeable import Stay


@dataclass(frozen=True, order=True)
class Finding:
    """A place that holds an identifier: `where` names it ("shop_orderparty.email"), `key` the row or file in it, `what`
    the kind of identifier, and `how` the spelling."""

    where: str
    key: str
    what: Kind
    how: str

    @property
    def line(self) -> str:
        return f"{self.where}  {self.key}  {self.what} ({self.how})"


@dataclass(frozen=True)
class Report:
    """The answer of a scan. `findings` must be empty before anybody is told that it is done; `candidates` are for a
    person to judge; `exempt` counts what was found where it may be. `searched` counts the places looked at. `stays`
    says of candidates on documents of others why they stay, and until when."""

    findings: tuple[Finding, ...]
    candidates: tuple[Finding, ...]
    exempt: dict[str, int]
    searched: dict[str, int]
    inventory: str
    stays: tuple[Stay, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.findings

    @property
    def digest(self) -> str:
        """SHA-256 of all that was found: the same report has the same digest."""
        found = [[one.line for one in each] for each in (self.findings, self.candidates)]
        text = json.dumps([found, self.exempt, self.searched, self.inventory], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def receipt(self) -> dict[str, Any]:
        """What may be kept for good: counts, the version of the inventory, and the digest; no value and no place."""
        return {
            "findings": len(self.findings),
            "candidates": len(self.candidates),
            "kinds": dict(sorted(Counter(str(one.what) for one in self.findings).items())),
            "exempt": dict(sorted(self.exempt.items())),
            "searched": dict(sorted(self.searched.items())),
            "inventory": self.inventory,
            "digest": self.digest,
        }
