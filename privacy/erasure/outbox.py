"""Mails about the person that wait to be sent: a deletion drops them, but for those of the request itself."""

from collections.abc import Callable, Iterable

from privacy.erasure.cases import Case
from privacy.erasure.steps import LocalStep, register
from privacy.models import OutgoingMail

Find = Callable[[Case], Iterable[int]]
_about: dict[str, Find] = {}
#: Of nobody, or of the request, whose answer must go out.
NOT_DROPPED = frozenset(
    {
        *("deletion_acknowledgement", "deletion_proof", "deletion_extended", "deletion_refused"),
        *("deletion_notice", "deletion_provider_done", "open_alerts", "retention_late"),
    }
)


def about(*kinds: str) -> Callable[[Find], Find]:
    """Says which rows of a person mails of these kinds are about: a function that gives their ids."""

    def remember(find: Find) -> Find:
        _about.update(dict.fromkeys(kinds, find))
        return find

    return remember


def kinds() -> frozenset[str]:
    """The kinds of mail that a deletion drops."""
    return frozenset(_about)


def drop(case: Case, _plan: str = "") -> int:
    """Drops the mails about the person that wait; returns how many. Those that are being sent now have been claimed."""
    by_find: dict[Find, list[str]] = {}
    for kind, find in _about.items():
        by_find.setdefault(find, []).append(kind)
    count = 0
    for find, of_kinds in by_find.items():
        ids = list(find(case))
        waiting = OutgoingMail.objects.filter(
            kind__in=of_kinds, object_id__in=ids, state__in=[OutgoingMail.State.PENDING, OutgoingMail.State.FAILED]
        )
        count += waiting.update(state=OutgoingMail.State.DROPPED) if ids else 0
    return count


register(LocalStep("mails", 50, drop))
