"""Accounts that nobody uses: after years without a running license they are warned by mail, then erased (P7a).

Erasing an account deletes its row and every row that was declared to go with it. Licenses and the parties of orders are
unlinked and keep their own period; a license whose order is gone too can be added to another account by its key. A
closed account is a shell without a name: it goes as soon as no order and no license points at it, at latest after the
same years. Staff accounts are closed by an administrator.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from accounts.models import License, LicenseKey, User
from privacy import clock, consents, mails
from privacy.inventory import Days, Years
from privacy.models import OutgoingMail
from privacy.retention import deed
from privacy.retention_dates import years_after
from shop.models import OrderParty
from shop.posts import writing

UNUSED = Years("ACCOUNT_RETENTION_YEARS", since="last_used_on", at="warn_at")
#: Days between the warning and the end.
NOTICE = Days(30, since="warned_at", at="expires_at")
MAIL = "account_unused"
#: When an account is looked at again that a license without an end, or a shell that something points at, keeps.
LOOK_AGAIN = timedelta(days=90)
USABLE = (LicenseKey.State.ASSIGNED, LicenseKey.State.SUSPENDED)


def used(user_id: int) -> None:
    """Notes that an account is in use today: a warning that was sent is void. Writes once a day at most."""
    today = clock.today()
    stale = Q(last_used_on__lt=today) | Q(warned_at__isnull=False)
    User.objects.filter(stale, pk=user_id).update(last_used_on=today, warned_at=None, in_use_until=None)


@deed("accounts.User", UNUSED, destroys=False)
def warn(users: Sequence[int]) -> None:
    """Writes to those of the accounts that nothing keeps; the others are looked at again later."""
    unkept = _put_off(users)
    User.objects.filter(pk__in=unkept).update(warned_at=clock.now(), in_use_until=None)
    for user_id in unkept:
        mails.queue(MAIL, user_id, occasion=f"{clock.today():%Y%m%d}")


@deed("accounts.User", NOTICE)
def end(users: Sequence[int]) -> None:
    """Erases those that were warned in time and are still unused, and closed accounts that nothing points at."""
    closed = set(User.objects.filter(pk__in=users, closed_at__isnull=False).values_list("pk", flat=True))
    warned = _put_off([user_id for user_id in users if user_id not in closed])
    erase([*_let_go(closed), *_told(warned)])


def erase(users: Sequence[int]) -> None:
    """Deletes accounts with everything that goes with them. The caller holds their locks, in a transaction."""
    if not users:
        return
    for user in User.objects.filter(pk__in=users):
        consents.end_with_account(user)
    writing.let_go(list(users))
    Session.objects.filter(device__user__in=users).delete()
    User.objects.filter(pk__in=users).delete()


def _put_off(users: Sequence[int]) -> list[int]:
    """Gives those that something keeps the day on which they are looked at again; returns the others."""
    now = clock.now()
    kept = _kept_until(users, now)
    for user_id, until in kept.items():
        User.objects.filter(pk=user_id).update(in_use_until=max(until, now + timedelta(days=1)), warned_at=None)
    return [user_id for user_id in users if user_id not in kept]


def _kept_until(users: Sequence[int], now: datetime) -> dict[int, datetime]:
    """Accounts with a running license, by the end of the last one; and former staff while their work is on record."""
    usable = Exists(LicenseKey.objects.filter(license=OuterRef("pk"), state__in=USABLE))
    running = License.objects.filter(usable, Q(ends_at__isnull=True) | Q(ends_at__gt=now), user__in=users)
    kept = dict.fromkeys(LogEntry.objects.filter(user__in=users).values_list("user", flat=True), now + LOOK_AGAIN)
    ends = running.filter(ends_at__isnull=False).values("user").annotate(end=Max("ends_at"))
    kept |= {row["user"]: row["end"] for row in ends}
    endless = running.filter(ends_at__isnull=True).values_list("user", flat=True)
    return kept | {user_id: now + LOOK_AGAIN for user_id in endless if user_id is not None}


def _let_go(closed: set[int]) -> list[int]:
    """The closed accounts that may go; those at which something points wait, but not for ever."""
    now = clock.now()
    tied = User.objects.filter(
        Exists(OrderParty.objects.filter(user=OuterRef("pk")))
        | Exists(License.objects.filter(user=OuterRef("pk")))
        | Exists(LogEntry.objects.filter(user=OuterRef("pk"))),
        pk__in=closed,
        closed_at__gt=years_after(now, -settings.ACCOUNT_RETENTION_YEARS),
    )
    waiting = set(tied.values_list("pk", flat=True))
    User.objects.filter(pk__in=waiting).update(in_use_until=now + LOOK_AGAIN)
    return sorted(closed - waiting)


def _told(warned: Sequence[int]) -> list[int]:
    """Those whose warning left the outbox. Where a mail server was away for weeks, the rest wait a day for theirs."""
    unsent = _unsent(warned)
    User.objects.filter(pk__in=unsent).update(in_use_until=clock.now() + timedelta(days=1))
    return [user_id for user_id in warned if user_id not in unsent]


def _unsent(warned: Sequence[int]) -> set[int]:
    pending: QuerySet[OutgoingMail] = OutgoingMail.objects.filter(kind=MAIL, state=OutgoingMail.State.PENDING)
    return set(pending.filter(object_id__in=warned).values_list("object_id", flat=True))
