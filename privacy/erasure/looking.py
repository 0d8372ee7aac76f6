"""The scan as a deletion asks for it: what the plan keeps, and what the notice still needs, is let pass."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from privacy import residue, sealed_people
from privacy.erasure.ports import Looked
from privacy.models import DeletionRequest
from privacy.people import Person
from privacy.residue import Exempt, Kind

#: Rows that lead to the request, by the path there: they go once the notice has gone.
UNTIL_TOLD = {
    "privacy.RequestSubject": "request",
    "privacy.RequestAddress": "subject__request",
    "privacy.SealedAddress": "request",
}


class Residue:
    """See `privacy.erasure.ports.Scan`."""

    def look(self, request_id: int, person: Person, kept: Mapping[str, Sequence[Any]]) -> Looked:
        """Where something is left, and the proof of the look."""
        rows = {label: frozenset(str(key) for key in keys) for label, keys in kept.items()}
        sealed = sealed_people.of_request(request_id)
        report = residue.scan(
            person,
            exempt=Exempt(request=request_id, until_told=UNTIL_TOLD, rows=rows, told_at=_told_at(request_id)),
            known=sealed.known if sealed else frozenset(),
        )
        # What belongs to the person alone first, then what couldn't be read, then the names that others bear, too.
        candidates = sorted(
            report.candidates, key=lambda one: (not one.what.is_unique, one.what is not Kind.UNREADABLE, one)
        )
        left = tuple(finding.line for finding in report.findings)
        return Looked(left, report.receipt, tuple(candidate.line for candidate in candidates), report.stays)


def _told_at(request_id: int) -> datetime | None:
    return DeletionRequest.objects.filter(pk=request_id).values_list("told_at", flat=True).first()
