"""The scan: every place at which a person's identifiers could have stayed."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from privacy import inventory_listing
from privacy.people import Person
from privacy.residue import files, identifiers, letters, stores, tables
from privacy.residue.exemptions import FIXED, ONLY_RESTRICTED, OTHERS, Exempt, Exemptions
from privacy.residue.identifiers import Identifier, Kind
from privacy.residue.matching import Hit, Matcher
from privacy.residue.report import Finding, Report
from privacy.unchangeable import Stay


@dataclass(frozen=True)
class Progress:
    """How far a scan is: `done` of `total` pages of the database, and what it looks at now."""

    done: int
    total: int
    now: str


def scan(
    person: Person,
    *,
    exempt: Exempt = ONLY_RESTRICTED,
    known: frozenset[Identifier] = frozenset(),
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Looks everywhere for what is left of a person, and changes nothing.

    `known` are identifiers read before the erasure (`identifiers.of`); what is known now is added. Raises what a place
    raises that can't be looked at, a Redis or a mailbox that is away: then nothing is said to be clean.
    """
    matcher = Matcher(identifiers.of(person) | known)
    tell = progress or (lambda _: None)
    found = _Found(Exemptions(person, exempt))
    for place, hit in _in_tables(matcher, found.searched, tell):
        found.in_row(place, hit)
    for where, key, hit in stores.search(matcher):
        found.elsewhere(where, key, hit)
    found.searched["keys"] = stores.count()
    for key, hit in files.search(matcher):
        found.elsewhere("media", key, hit)
    found.searched["files"] = sum(1 for _ in files.names())
    for where, key, hit, is_own in letters.search(matcher, person, exempt):
        found.in_mail(where, key, hit, is_own=is_own)
    return found.report()


def _in_tables(
    matcher: Matcher, searched: Counter[str], tell: Callable[[Progress], None]
) -> Iterator[tuple[tables.Place, Hit]]:
    everything = tables.all_tables()
    total, done = sum(table.pages for table in everything), 0
    for table in everything:
        tell(Progress(done, total, table.title))
        yield from tables.search(table, matcher)
        done += table.pages
        searched["tables"] += 1
        searched["columns"] += len(table.columns)
    tell(Progress(total, total, "cache, files and mail"))


class _Found:
    """What was found so far, judged."""

    def __init__(self, exemptions: Exemptions) -> None:
        self._exemptions = exemptions
        self._findings: dict[tuple[str, str, Kind], Finding] = {}
        self._candidates: dict[tuple[str, str, Kind], Finding] = {}
        self._exempt: Counter[str] = Counter()
        self._stays: dict[tables.Place, Stay] = {}
        self.searched: Counter[str] = Counter()

    def in_row(self, place: tables.Place, hit: Hit) -> None:
        finding = Finding(place.where, place.shown_key, hit.kind, hit.how)
        reason = self._exemptions.reason(place, hit.kind)
        if reason in {OTHERS, FIXED}:
            _keep(finding, self._candidates)
            stay = self._exemptions.stay(place) if reason == FIXED and hit.kind.is_unique else None
            self._stays |= {place: stay} if stay else {}
        elif reason:
            self._exempt[reason] += 1
        else:
            self._add(finding)

    def elsewhere(self, where: str, key: str, hit: Hit) -> None:
        self._add(Finding(where, key, hit.kind, hit.how))

    def in_mail(self, where: str, key: str, hit: Hit, *, is_own: bool) -> None:
        finding = Finding(where, key, hit.kind, hit.how)
        if is_own:
            self._add(finding)
        else:
            _keep(finding, self._candidates)

    def _add(self, finding: Finding) -> None:
        _keep(finding, self._findings if finding.what.is_unique else self._candidates)

    def report(self) -> Report:
        return Report(
            tuple(sorted(self._findings.values())),
            tuple(sorted(self._candidates.values())),
            dict(self._exempt),
            dict(self.searched),
            inventory_version(),
            tuple(self._stays.values()),
        )


def _keep(finding: Finding, among: dict[tuple[str, str, Kind], Finding]) -> None:
    """A place counts once for each kind; of several spellings that fit, the simplest is told."""
    other = among.setdefault((finding.where, finding.key, finding.what), finding)
    if (len(finding.how), finding.how) < (len(other.how), other.how):
        among[finding.where, finding.key, finding.what] = finding


def inventory_version() -> str:
    """SHA-256 of everything that is declared, in hex: a receipt says by which inventory was searched."""
    listing = json.dumps(inventory_listing.everything(), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(listing.encode()).hexdigest()
