"""When the reconciler looks at an attempt that nobody told us about: soon, then less and less often, for seven days."""

from datetime import datetime, timedelta

LOOKS = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 180, 720, 1440, 2880, 5760, 10080))


def next_look(begun: datetime, *, looks: int) -> datetime | None:
    """When to look for the next time at what began then and was looked at so often; None after seven days."""
    return begun + LOOKS[looks] if looks < len(LOOKS) else None
