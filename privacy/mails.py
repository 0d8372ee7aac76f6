"""The outbox: a mail is a row in the transaction of its reason, and is sent after it.

Apps register how a kind of mail is made: `@mails.kind("order_confirmation")` on a function that takes the id of its row
and returns a `Mail`, or None where the mail is no longer needed. Sending claims the row under a lock, and repeats with
growing pauses; the Message-ID is the same each time.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import formataddr
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string

from privacy import alerts, clock, mail_log, mail_wordings
from privacy.models import Alert, OutgoingMail
from privacy.prepared_queries import PreparedInsert

log = structlog.get_logger(__name__)
_MAIL = PreparedInsert(OutgoingMail, ignore_conflicts=True)
MOST_TRIES = 12
#: As a stranger's mail may have it: what isn't one isn't repeated in a header of ours.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")

#: Of a name only `c/o` and the like keep their stroke.
_OF_ADDRESSES = re.compile(r"[:\\@]+|/{2,}")
_FULL_STOP = re.compile(r"([.。．｡])(?=[^\W\d_]{2}|\d)")


@dataclass(frozen=True)
class Mail:
    """A mail ready to be rendered: `template` names `<template>.txt` and `<template>.html`.

    With `reply_to`, a person had the shop send it: answers go to that address, and it isn't marked as automatic.

    `sender` is the address in From, under the store's name, where it isn't the shop's usual one. Bounces go to it, or
    to `return_path`: an empty one for answers that no machine may answer again (RFC 3834, section 3.1).
    `auto_submitted` is what the header of that name says where it isn't the usual word; `in_reply_to` the Message-ID
    that is answered.

    `unsubscribe` is an address of ours at which one POST, without a cookie, ends mails of this kind (RFC 8058).
    """

    to: str
    subject: str
    template: str
    context: dict[str, object] = field(default_factory=dict)
    reply_to: str = ""
    sender: str = ""
    return_path: str | None = None
    auto_submitted: str = ""
    in_reply_to: str = ""
    unsubscribe: str = ""

    def __post_init__(self) -> None:
        """A name is what somebody typed for an address that nobody proved: it reaches no mail as a link."""
        if isinstance(name := self.context.get("name"), str):
            object.__setattr__(self, "context", {**self.context, "name": without_links(name)})


def without_links(text: str) -> str:
    """A text in which no mail program finds an address to make a link of; `Dr.Ada` becomes `Dr. Ada`."""
    return " ".join(_FULL_STOP.sub(r"\1 ", _OF_ADDRESSES.sub(" ", text)).split())


class NotNow(Exception):
    """Raised by a maker of mails whose mail has to wait, as for an order on hold. It is tried again, for ever."""


#: How long a mail that can't be made yet waits before it is looked at again.
PAUSE = timedelta(minutes=5)

_kinds: dict[str, Callable[[int], Mail | None]] = {}
#: Kinds whose recipients stand in no log, and that nobody sends again by hand: those about deletions.
_unlogged: set[str] = set()


def kind(
    name: str, *, is_logged: bool = True
) -> Callable[[Callable[[int], Mail | None]], Callable[[int], Mail | None]]:
    """Registers the function that makes mails of this kind; without `is_logged` nobody reads to whom they went."""

    def remember(make: Callable[[int], Mail | None]) -> Callable[[int], Mail | None]:
        _kinds[name] = make
        if not is_logged:
            _unlogged.add(name)
        return make

    return remember


def kinds() -> Mapping[str, Callable[[int], Mail | None]]:
    """Every registered kind with its maker."""
    return dict(_kinds)


def queue(kind: str, object_id: int, *, occasion: str = "") -> None:
    """Writes the mail to be sent. The same kind, row and `occasion` give one mail, however often this is called."""
    _MAIL.write(OutgoingMail(kind=kind, object_id=object_id, dedup_key=f"{kind}:{object_id}:{occasion}"))


def message_id(mail: OutgoingMail) -> str:
    """The stable Message-ID of a mail: from its occasion, not from the moment it is sent."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{mail.dedup_key}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


def build(mail: Mail) -> EmailMultiAlternatives:
    """The multipart message: plain text first, HTML beside it."""
    context: dict[str, object] = {
        "store_name": settings.STORE_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "site_url": settings.SITE_URL,
    }
    context |= mail.context
    sender = formataddr((settings.STORE_NAME, mail.sender)) if mail.sender else settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        subject=mail_wordings.one_line(mail.subject),
        body=plain(render_to_string(f"{mail.template}.txt", context)),
        from_email=sender,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=_headers(mail),
    )
    if mail.return_path is not None:
        message.extra_headers["From"] = sender
        message.from_email = mail.return_path
    message.attach_alternative(render_to_string(f"{mail.template}.html", context), "text/html")
    return message


def _headers(mail: Mail) -> dict[str, str]:
    headers = {} if mail.reply_to else {"Auto-Submitted": mail.auto_submitted or "auto-generated"}
    if mail.unsubscribe:
        headers |= {"List-Unsubscribe": f"<{mail.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    answered = _MESSAGE_ID.fullmatch(mail.in_reply_to.strip())
    return headers | ({"In-Reply-To": answered[0], "References": answered[0]} if answered else {})


def plain(text: str) -> str:
    """The text of a mail as a person would write it: one empty line between paragraphs, no spaces at line ends."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def send_due(limit: int = 50) -> int:
    """Sends up to `limit` mails whose time has come; returns how many left.

    Two workers never take the same row: a claim is one UPDATE that moves the row's next try out of reach. No lock is
    held while the mail server is spoken to, and a worker that dies leaves a row that comes back by itself.
    """
    sent = 0
    for _ in range(limit):
        row = _claim()
        if row is None:
            break
        sent += _send(row)
    return sent


def try_again(rows: QuerySet[OutgoingMail]) -> int:
    """Gives those of `rows` that were given up a new round of tries, and closes their alerts; returns how many."""
    with transaction.atomic():
        given_up = list(rows.filter(state=OutgoingMail.State.FAILED).select_for_update().values_list("pk", flat=True))
        OutgoingMail.objects.filter(pk__in=given_up).update(
            state=OutgoingMail.State.PENDING, tries=0, next_try_at=clock.now()
        )
        alerts.close(Alert.objects.filter(kind="mail_failed", key__in=[str(pk) for pk in given_up]))
    return len(given_up)


@transaction.atomic
def send_again(rows: QuerySet[OutgoingMail]) -> int:
    """Queues those of `rows` anew that were sent and whose recipient is still known; returns how many.

    Each row is sent again once: asked twice, it is one mail. To whom it goes is read when it is sent. After an erasure
    nobody is known, so nothing is sent to whom asked to be forgotten.
    """
    count = 0
    for row in rows.filter(state=OutgoingMail.State.SENT, recipient__isnull=False).exclude(kind__in=_unlogged):
        key = f"{row.kind}:{row.object_id}:again-{row.pk}"
        if row.kind in _kinds and not OutgoingMail.objects.filter(dedup_key=key).exists():
            queue(row.kind, row.object_id, occasion=f"again-{row.pk}")
            mail_log.close(OutgoingMail.objects.filter(pk=row.pk))
            count += 1
    return count


def _claim() -> OutgoingMail | None:
    with transaction.atomic():
        row = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(state=OutgoingMail.State.PENDING, next_try_at__lte=clock.now())
            .order_by("next_try_at", "id")
            .first()
        )
        if row is not None:
            row.tries += 1
            row.next_try_at = clock.now() + timedelta(seconds=min(60 * 2 ** (row.tries - 1), 6 * 3600))
            row.save(update_fields=["tries", "next_try_at"])
    return row


def _send(row: OutgoingMail) -> bool:
    try:
        mail = _kinds[row.kind](row.object_id)
        if mail is not None:
            message = build(mail_wordings.applied(row.kind, mail))
            message.extra_headers["Message-ID"] = message_id(row)
            message.connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
            message.send()
    except NotNow:
        row.tries, row.next_try_at = 0, clock.now() + PAUSE
        row.save(update_fields=["tries", "next_try_at"])
        return False
    except Exception as error:  # noqa: BLE001  (whatever a mail server or a template does, the next mail is sent)
        log.warning("mail not sent", mail=row.pk, kind=row.kind, error=type(error).__name__, count=row.tries)
        if row.tries >= MOST_TRIES:
            row.state = OutgoingMail.State.FAILED
            row.save(update_fields=["state"])
            alerts.raise_alert("mail_failed", str(row.pk), f"Mail {row.pk} ({row.kind}) could not be sent.")
        return False
    row.state = OutgoingMail.State.SENT if mail else OutgoingMail.State.DROPPED
    row.sent_at = clock.now() if mail else None
    with transaction.atomic():
        row.save(update_fields=["state", "sent_at"])
        if mail is not None and row.kind not in _unlogged:
            mail_log.write(row, address=mail.to, message_id=message_id(row))
    return mail is not None
