"""Whether the shop may serve: not while erased people are back in a restored database."""

from datetime import datetime, timedelta

from privacy import alerts, clock
from privacy.journal import writing

ALERT = "journal"
#: Lines are kept so much longer than the backups that need them.
MARGIN = timedelta(days=1)


def problem() -> str:
    """What is wrong, as a sentence for whoever runs the shop; empty where all is well."""
    return writing.standing().problem


def is_ready() -> bool:
    """Whether every erasure that the journal knows of is done in this database, and the journal can be trusted."""
    return not problem()


def watch() -> bool:
    """Opens an alert while there is a problem, and closes it; returns whether all is well."""
    words = problem()
    if words:
        alerts.raise_alert(ALERT, "", words)
    else:
        alerts.close_alert(ALERT, "")
    return not words


def prune(before: datetime) -> int:
    """Forgets the lines that were written before a moment, such as that of the oldest backup; returns how many.

    A day more is kept: a backup shows the moment of its beginning, and clocks differ. The last line always stays.
    Raises JournalUnavailable where the journal can't be trusted.
    """
    standing = writing.standing()
    if standing.problem:
        raise writing.JournalUnavailable(standing.problem)
    journal = writing.book()
    if not journal.exists:
        return 0
    lines = list(journal.lines())
    since = min(before, clock.now()) - MARGIN
    young = [line for line in lines if datetime.fromisoformat(line.content["at"]) >= since]
    first = young[0] if young else (lines[-1] if lines else None)
    return journal.forget_before(first.mark.sequence) if first else 0
