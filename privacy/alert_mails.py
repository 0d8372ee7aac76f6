"""Who is mailed about alerts, and when: higher apps name the people and make the mail, of the kind `open_alerts`."""

from collections.abc import Callable, Iterable

from django.db import transaction

from privacy import clock, mails
from privacy.models import Alert

Readers = Callable[[], Iterable[int]]
_readers: list[Readers] = []


def readers(find: Readers) -> Readers:
    """Names the function that finds who is mailed about alerts, by user id; it may be used as a decorator."""
    _readers[:] = [find]
    return find


@transaction.atomic
def write_new() -> int:
    """Writes one mail to each reader about the alerts of which none was written yet; returns how many alerts.

    However many there are, it is one mail: it lists what is open when it is sent.
    """
    rows = Alert.objects.filter(mailed_at__isnull=True).order_by("pk").select_for_update(skip_locked=True)
    new = list(rows.values_list("pk", flat=True))
    Alert.objects.filter(pk__in=new).update(mailed_at=clock.now())
    for reader in _readers[0]() if new and _readers else ():
        mails.queue("open_alerts", reader, occasion=str(new[-1]))
    return len(new)
