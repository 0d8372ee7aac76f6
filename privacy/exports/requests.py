"""Asking for an export, making it in the background, and finding it again by its link.

A request is a row. A worker claims it by moving its next try out of reach, makes the file with no lock held, and puts
it on the row; a worker that dies leaves a row that comes back by itself.
"""

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from privacy import alerts, clock, looks, mails, people
from privacy.exports import archive, sealing
from privacy.models import Export

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

log = structlog.get_logger(__name__)

MOST_A_DAY = 3
MOST_TRIES = 4
MOST_BYTES = 25_000_000
#: Longer than a task may run, so that no second worker takes a row at which the first still works.
PAUSE = timedelta(minutes=10)
#: The kind of the mail that says that an export is ready; the app that knows the page of its link makes it.
READY_MAIL = "data_export"

BEING_MADE = "The export is being made already. A mail says when it is ready."
ENOUGH = f"There were {MOST_A_DAY} exports within a day, which is as many as we make. Ask again tomorrow."
State = Export.State


class Refused(Exception):
    """No export is made for this request. The text is a sentence for whoever asked."""


# --- Asking -----------------------------------------------------------------------------------------------------------


def ask(user: "AbstractBaseUser") -> Export:
    """A person asks for everything about their own account. Raises Refused."""
    return _ask(Q(user_id=user.pk), user_id=user.pk)


def ask_for(email: str, *, by: "AbstractBaseUser", reason: str) -> Export:
    """A staff member asks for the person of an address, in any casing, and says why. Raises Refused.

    Where an account has confirmed the address, it is that account's export and goes to its person alone. Else it is
    for the staff member, who hands it over. An address of which nothing is known gets its export too, an empty one.
    """
    said = {"asked_by_id": by.pk, "reason": reason[:200]}
    person, address = people.of_address(email), email.strip().lower()
    accounts = sorted(person.users)
    about = {"user_id": accounts[0]} if accounts else {"email": address}
    with transaction.atomic():
        export = _ask(Q(**about), **about, **said)
        looks.record_export(person, by=by, fallback=export, purpose=reason)
    return export


def _ask(of_person: Q, **columns: object) -> Export:
    asked = Export.objects.filter(of_person)
    since = clock.now() - timedelta(days=1)
    if asked.exclude(state=State.FAILED).filter(requested_at__gt=since).count() >= MOST_A_DAY:
        raise Refused(ENOUGH)
    nonce, link_hash = sealing.LINKS.new()
    # Of two requests at once one stays, and one after the other doesn't even start: a running one is unique.
    Export.objects.bulk_create([Export(link_nonce=nonce, link_hash=link_hash, **columns)], ignore_conflicts=True)
    made = asked.filter(link_hash=link_hash).defer("file").first()
    if made is None:
        raise Refused(BEING_MADE)
    return made


# --- Making -----------------------------------------------------------------------------------------------------------


def make_due(limit: int = 5) -> int:
    """Makes up to `limit` exports that were asked for; returns how many became ready."""
    made = 0
    for _ in range(limit):
        export = _claim()
        if export is None:
            break
        made += _make(export)
    return made


def _claim() -> Export | None:
    due = Export.objects.filter(state=State.REQUESTED, next_try_at__lte=clock.now()).order_by("next_try_at", "id")
    with transaction.atomic():
        export = due.select_for_update(skip_locked=True, of=("self",)).first()
        if export is not None:
            export.tries, export.next_try_at = export.tries + 1, clock.now() + PAUSE
            export.save(update_fields=["tries", "next_try_at"])
    return export


def _make(export: Export) -> bool:
    if export.tries > MOST_TRIES:  # whoever tried before died at it, and said nothing
        return _give_up(export)
    try:
        content = _content_of(export)
    except Exception as error:  # noqa: BLE001  (whatever is wrong with one person's rows, the next export is made)
        log.warning("export not made", export=export.pk, error=type(error).__name__, count=export.tries)
        if isinstance(error, archive.TooLarge) or export.tries >= MOST_TRIES:
            _give_up(export)
        return False
    return _finish(export, State.MADE, file=sealing.sealed(content, about=export.link_nonce), size=len(content))


def _give_up(export: Export) -> bool:
    alerts.raise_alert("export_failed", str(export.pk), f"Export {export.pk} could not be made.")
    return _finish(export, State.FAILED)


def _content_of(export: Export) -> bytes:
    person = people.of_account(export.user_id) if export.user_id else people.of_address(export.email)
    target = io.BytesIO()
    archive.write(target, person, for_staff=export.user_id is None, most=MOST_BYTES)
    return target.getvalue()


def _finish(export: Export, state: State, **columns: object) -> bool:
    """Moves the row, unless another worker was quicker or the person was erased meanwhile."""
    with transaction.atomic():
        locked = Export.objects.select_for_update(of=("self",)).defer("file").filter(pk=export.pk).first()
        if locked is None or locked.state != State.REQUESTED:
            return False
        locked.move_to(state, finished_at=clock.now(), **columns)
        if state == State.MADE:
            mails.queue(READY_MAIL, locked.pk)
    return state == State.MADE


# --- Finding ----------------------------------------------------------------------------------------------------------


def of_account(user: "AbstractBaseUser") -> QuerySet[Export]:
    """The exports of an account that run, failed, or can still be fetched; the newest first, without their files."""
    ended = Q(state=State.MADE) & ~Q(expires_at__gt=clock.now())
    return Export.objects.filter(user_id=user.pk).exclude(ended).defer("file")


def find(token: str, *, owner: "AbstractBaseUser") -> Export | None:
    """The export of a link, where it is this person's and the link hasn't ended; else None, whatever the reason."""
    found = _ready(owner).filter(user_id=owner.pk, link_hash=sealing.LINKS.hash(token))
    return found.defer("file").first()


def _ready(owner: "AbstractBaseUser") -> QuerySet[Export]:
    """What a person may fetch: their own account's exports, and what they asked for an address without an account."""
    own = Q(user_id=owner.pk) | Q(user__isnull=True, asked_by_id=owner.pk)
    return Export.objects.filter(own, state=State.MADE, expires_at__gt=clock.now())


def to_hand_over(export_id: int, *, by: "AbstractBaseUser") -> Export | None:
    """The export of an address without an account that this staff member asked for, while it can be fetched."""
    return _ready(by).filter(pk=export_id, user__isnull=True).defer("file").first()


def token(export: Export) -> str:
    """The secret part of the export's link."""
    return sealing.LINKS.token(export.link_nonce, export.link_hash)


def content(export: Export) -> bytes:
    """The zip in clear. Raises cryptography's InvalidTag where the shop's secret is another one."""
    blob = Export.objects.values_list("file", flat=True).get(pk=export.pk)
    return sealing.opened(bytes(blob or b""), about=export.link_nonce)
