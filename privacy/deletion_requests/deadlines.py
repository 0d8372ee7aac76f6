"""Until when a request must be answered.

One month from receipt, and two more where a request is complex, told within the first (GDPR Art. 12(3)); in California
45 days, and 45 more (Cal. Civ. Code 1798.130(a)(2)(A)). A month ends on the day with the same number, or on the last
day of a shorter month (Regulation (EEC, Euratom) 1182/71, Art. 3(2)(c)). Both count days, so each ends with its last
day, in UTC.
"""

import calendar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from privacy import clock, mails
from privacy.deletion_requests.locked import CannotDo, locked, tell
from privacy.deletion_requests.subjects import keep_answer
from privacy.models import DeletionRequest, RequestEvent

if TYPE_CHECKING:
    from privacy.deletion_requests.locked import Person

CALIFORNIA = timedelta(days=45)
EXTENDED_MAIL = "deletion_extended"


def due(received_at: datetime, law: str) -> datetime:
    """The end of the time to answer a request that came at `received_at`."""
    if law == DeletionRequest.Law.CCPA:
        return _end_of_day(received_at + CALIFORNIA)
    return _end_of_day(months_after(received_at, 1))


def longest(received_at: datetime, law: str) -> datetime:
    """The end of the time to answer after an extension."""
    if law == DeletionRequest.Law.CCPA:
        return _end_of_day(received_at + 2 * CALIFORNIA)
    return _end_of_day(months_after(received_at, 3))


def months_after(moment: datetime, months: int) -> datetime:
    """The same moment `months` calendar months later, on the last day of the month where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def extend(request_id: int, *, by: "Person", reason: str) -> None:
    """Takes the longer time, once, within the first, and tells the person why. Raises CannotDo."""
    if not reason.strip():
        raise CannotDo("Say why: the person is told the reason.")
    with locked(request_id) as request:
        if not request.is_open:
            raise CannotDo(f"{request.number} is closed: there is nothing to extend.")
        if request.told_at is not None:
            raise CannotDo(f"{request.number} was answered: there is nothing to extend.")
        if request.extended_at is not None:
            raise CannotDo(f"{request.number} was extended already. The law allows it once.")
        if clock.now() > request.due_at:
            raise CannotDo("The first time is over. It can be extended only before it ends.")
        request.extended_at, request.due_at = clock.now(), longest(request.received_at, request.law)
        request.save(update_fields=["extended_at", "due_at"])
        keep_answer(request, reason)
        tell(request, RequestEvent.Kind.EXTENDED, by=by)
        mails.queue(EXTENDED_MAIL, request.pk)


def _end_of_day(moment: datetime) -> datetime:
    return moment.replace(hour=23, minute=59, second=59, microsecond=0)
