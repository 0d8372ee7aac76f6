"""Each mail is taken once: what is done about it, and that it was taken, are one transaction.

A mail is known by its number in the mailbox, and by a keyed digest of what it says, because servers number mails anew
at times and mails are moved. Whoever is killed meanwhile leaves a mail that wasn't taken; of two that take it at once,
one waits for the other and then sees that it was.
"""

import hashlib
import hmac
from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from privacy import alerts, clock, deletion_requests
from privacy.link_tokens import derived
from privacy.mailbox import answers, handlers, opening, requests
from privacy.mailbox.handlers import Outcome, Verdict
from privacy.mailbox.judging import Judged
from privacy.mailbox.messages import MessageRef
from privacy.mailbox.source import MailboxError, Source, UnreadableMail
from privacy.models import ReceivedMail

log = structlog.get_logger(__name__)
#: As many mails are taken in one run, which a worker ends well before its time is over.
MOST = 200
#: Mails that lay there for longer aren't looked at: what was taken is remembered for ten days more than that.
WINDOW = timedelta(days=80)
#: In so many runs a mail is asked for that can't be read, and so many of them are tried in one run.
MOST_TRIES, MOST_FAILED = 3, 20
UNREADABLE, UNREACHABLE = "mail_unreadable", "mailbox_unreachable"


def fetch(limit: int = MOST) -> int:
    """Takes the mails that came in; returns how many. Raises MailboxError, and calls a person, where it can't.

    After a mail that can't be read the connection may be out of step with its server: the rest comes over another.
    """
    count, failed = 0, set[MessageRef]()
    try:
        goes_on = True
        while goes_on and len(failed) < MOST_FAILED:
            goes_on = False
            with closing(_new(limit - count, failed)) as new:
                for folder, uid in new:
                    try:
                        count += _took(folder, uid)
                    except UnreadableMail:
                        failed.add(folder.ref(uid))
                        goes_on = True
                        break
    except MailboxError as error:
        alerts.raise_alert(UNREACHABLE, "support", str(error))
        raise
    alerts.close_alert(UNREACHABLE, "support")
    return count


def preview(limit: int = MOST) -> Iterator[Judged]:
    """The mails that `fetch` would take, judged; nothing is taken. Raises MailboxError."""
    for folder, uid in _new(limit, frozenset()):
        message = folder.message(uid)
        if message is not None:
            yield Judged(message)


def take(judged: Judged) -> bool:
    """Does what is to be done about a mail, unless it was taken before; returns whether it was done now."""
    message = judged.message
    with transaction.atomic():
        if ReceivedMail.objects.filter(**_place(message.ref), verdict=Verdict.UNREAD).delete()[0]:
            alerts.close_alert(UNREADABLE, message.ref.uid[:60])
        row = _claim(message.ref, _digest(judged))
        if row is None:
            return False
        outcome = _outcome(judged)
        row.verdict, row.request = outcome.verdict, outcome.request
        row.save(update_fields=["verdict", "request"])
    log.info("mail taken", state=outcome.verdict, reason=judged.origin)
    return True


def _new(limit: int, failed: Collection[MessageRef]) -> Generator[tuple[Source, str]]:
    """The mails that weren't taken, those last that couldn't be read before; the `failed` ones of this run left out."""
    since = (clock.now() - WINDOW).date()
    with opening.opened() as folders:
        for folder in folders:
            rows = ReceivedMail.objects.filter(mailbox=folder.name, uid_validity=folder.uid_validity)
            known = set(rows.exclude(verdict=Verdict.UNREAD).values_list("uid", flat=True))
            tries = dict(rows.filter(verdict=Verdict.UNREAD).values_list("uid", "tries"))
            new = [uid for uid in folder.uids(since) if uid not in known and folder.ref(uid) not in failed]
            new.sort(key=lambda uid: tries.get(uid, 0))
            yield from ((folder, uid) for uid in new[:limit])


def _took(folder: Source, uid: str) -> bool:
    """Takes one mail. What a stranger put into it calls a person and stops no other. Raises UnreadableMail."""
    ref = folder.ref(uid)
    try:
        message = folder.message(uid)
        if message is None:
            return False
        judged = Judged(message)
        handlers.pick_files(judged, partial(folder.files, uid))
        return take(judged)
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise  # not the mail's fault: the next run takes it
    except UnreadableMail:
        _count_try(ref)
        raise
    except deletion_requests.CannotDo:
        _count_try(ref)
        return False
    except Exception as error:  # noqa: BLE001  (whatever a stranger put into a mail, the next one is read)
        log.warning("mail not read", error=type(error).__name__)
        _call_for(uid)
        with transaction.atomic():
            ReceivedMail.objects.filter(**_place(ref), verdict=Verdict.UNREAD).delete()
            row = _claim(ref, _digest_of_place(ref))
            if row is not None:
                row.verdict = Verdict.BROKEN
                row.save(update_fields=["verdict"])
        return row is not None


def _count_try(ref: MessageRef) -> None:
    """Remembers that a mail couldn't be read; after `MOST_TRIES` runs it is left to the person who is called."""
    _call_for(ref.uid)
    told = {"digest": _digest_of_place(ref), "verdict": Verdict.UNREAD}
    with transaction.atomic():
        row, _ = ReceivedMail.objects.select_for_update().get_or_create(**_place(ref), defaults=told)
        if row.verdict == Verdict.UNREAD:
            row.tries += 1
            row.verdict = Verdict.BROKEN if row.tries >= MOST_TRIES else Verdict.UNREAD
            row.save(update_fields=["tries", "verdict"])


def _call_for(uid: str) -> None:
    alerts.raise_alert(UNREADABLE, uid[:60], f"Mail {uid} of the support mailbox could not be read: read it there.")


def _outcome(judged: Judged) -> Outcome:
    for handle in (answers.handle, requests.handle, *handlers.registered()):
        outcome = handle(judged)
        if outcome is not None:
            return outcome
    return Outcome(Verdict.OTHER)


def _claim(ref: MessageRef, digest: str) -> ReceivedMail | None:
    """The row by which the mail is taken, or None where it was. Waits for another that takes it at the moment."""
    place = _place(ref)
    try:
        with transaction.atomic():
            return ReceivedMail.objects.create(**place, digest=digest, verdict=Verdict.OTHER)
    except IntegrityError:
        first = ReceivedMail.objects.filter(mailbox=ref.mailbox, digest=digest).first()
    if first is not None and (first.uid_validity, first.uid) != (ref.uid_validity, ref.uid):
        # The same mail in another place: remembered there too, so that it can be removed there with its request.
        copy = _keyed(digest.encode(), ref.uid_validity.encode(), ref.uid.encode())
        rows = [ReceivedMail(**place, digest=copy, verdict=first.verdict, request_id=first.request_id)]
        ReceivedMail.objects.bulk_create(rows, ignore_conflicts=True)
    return None


def _place(ref: MessageRef) -> dict[str, str]:
    return {"mailbox": ref.mailbox, "uid_validity": ref.uid_validity, "uid": ref.uid}


def _digest_of_place(ref: MessageRef) -> str:
    """For a mail of which nothing could be read."""
    return _keyed(ref.mailbox.encode(), ref.uid_validity.encode(), ref.uid.encode())


def _digest(judged: Judged) -> str:
    """A keyed digest of what the sender sent: servers on the way add headers of their own, and those are left out."""
    message = judged.message
    names = ("message-id", "date", "from", "to", "subject", "in-reply-to")
    said = [value for name in names for value in (name, *message.headers(name))]
    if not message.message_id:
        said.append(str(message.size))
    texts = [part.content for part in message.parts]
    return _keyed(*(value.encode("utf-8", "replace") for value in said), *texts)


def _keyed(*values: bytes) -> str:
    key = derived(settings.SECRET_KEY, b"mailbox: digest")
    framed = b"".join(len(value).to_bytes(8, "big") + value for value in values)
    return hmac.digest(key, framed, hashlib.sha256).hex()
