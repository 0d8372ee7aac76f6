"""Evidence: figures beside the promises that name nobody, counted by a job and kept in the cache. The page reads them.

A figure that can't be counted keeps its last value and says since when; one that was never counted isn't shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.cache import cache

from privacy import clock, database_catalog, places, promises
from privacy.promises import Figure

log = structlog.get_logger(__name__)
KEY = "evidence:figures"
#: The job counts every ten minutes; a figure older than this says when it was counted.
STALE_AFTER = timedelta(minutes=30)
KEPT_FOR = timedelta(days=7)
#: Types and names of columns that could hold the address of a connection.
_IP_TYPES, _IP_NAMES = {"inet", "cidr"}, {"ip", "ip_address", "remote_addr", "user_agent"}


@dataclass(frozen=True)
class Counted:
    """A figure and the moment when it was counted."""

    figure: Figure
    counted_at: datetime

    @property
    def is_stale(self) -> bool:
        return clock.now() - self.counted_at > STALE_AFTER


def refresh() -> int:
    """Counts every figure anew; returns how many could be counted."""
    kept = _kept()
    counted: dict[str, Counted] = {}
    for promise in promises.all_promises():
        if promise.evidence is None:
            continue
        try:
            counted[promise.id] = Counted(promise.evidence(), clock.now())
        except Exception as error:  # noqa: BLE001  (whatever one can't count, the others are shown)
            log.warning("evidence not counted", kind=promise.id, error=type(error).__name__)
            if promise.id in kept:
                counted[promise.id] = kept[promise.id]
    cache.set(KEY, counted, KEPT_FOR.total_seconds())
    return sum(not entry.is_stale for entry in counted.values())


def shown() -> dict[str, Counted]:
    """The figures by the id of their promise; none while the cache is away."""
    try:
        return _kept()
    except Exception:  # noqa: BLE001  (whatever the cache says, the page is shown without figures)
        return {}


def _kept() -> dict[str, Counted]:
    return cache.get(KEY) or {}


def columns_declared() -> Figure:
    """How many of the database's columns the inventory declares; broken where one is missing."""
    there, missing = len(database_catalog.columns()), len(database_catalog.undeclared())
    return Figure(
        f"{there - missing} of {there}",
        "columns of our database say what they hold and why.",
        "The others are being looked at." if missing else "",
        is_broken=missing > 0,
    )


def ip_columns() -> Figure:
    """How many columns could hold the address of a connection; broken where there is one."""
    found = [column for column in database_catalog.columns() if column.type in _IP_TYPES or column.name in _IP_NAMES]
    return Figure(str(len(found)), "columns of our database that could hold an IP address.", is_broken=bool(found))


def cookies_set() -> Figure:
    """How many cookies there are, and how many of them wait for a yes."""
    cookies = places.all_of(places.Cookie)
    asked = sum(cookie.needs_yes for cookie in cookies)
    return Figure(str(len(cookies)), f"cookies in all, {asked} of them after your yes.")
