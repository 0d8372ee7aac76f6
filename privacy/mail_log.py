"""The log of deliveries: to whom a mail went, for thirty days, and whether it came back.

What a mail server accepted may still come back as a report (RFC 3464) to the support mailbox. It names the mail by its
Message-ID. Mails about deletions are not in this log: their addresses are kept apart (`privacy.sealed_people`).
"""

import structlog
from django.db import transaction
from django.db.models import QuerySet

from privacy import clock
from privacy.models import MailRecipient, OutgoingMail

log = structlog.get_logger(__name__)

#: Codes of RFC 3463 (and of its registry at IANA) in words; by their last two numbers, as the first says only how sure
#: the server is.
_WHY = {
    "1.1": "no such mailbox",
    "1.2": "no such server",
    "1.10": "the domain takes no mail",
    "2.1": "the mailbox is closed",
    "2.2": "the mailbox is full",
    "2.3": "too large for the mailbox",
    "4.1": "no answer from the server",
    "4.4": "no way to the server",
    "4.7": "too late",
    "7.1": "refused by the server’s rules",
    "7.26": "our sender wasn’t proven",
}


def write(row: OutgoingMail, *, address: str, message_id: str) -> None:
    """Keeps to whom a mail went. Sent once more after a crash, it is the same row."""
    MailRecipient.objects.update_or_create(
        mail=row, defaults={"address": address[:254], "message_id": message_id, "sent_at": clock.now()}
    )


@transaction.atomic
def record_bounce(message_ids: list[str], status: str) -> OutgoingMail | None:
    """Writes down that the mail with one of these Message-IDs came back; None where none is a mail of the log.

    `status` is the code of RFC 3463 that the report gives, as far as it gives one.
    """
    sent = OutgoingMail.objects.filter(recipient__message_id__in=message_ids[:20])
    row = sent.select_for_update(of=("self",)).order_by("pk").first()
    if row is not None and row.bounced_at is None:
        row.bounced_at, row.bounce = clock.now(), status[:12]
        row.save(update_fields=["bounced_at", "bounce"])
        log.info("mail came back", mail=row.pk, kind=row.kind)
    return row


def returned() -> QuerySet[OutgoingMail]:
    """Mails that came back and wait for a person: nobody has closed them, and their recipient is still known."""
    back = OutgoingMail.objects.filter(bounced_at__isnull=False, bounce_closed_at__isnull=True)
    return back.filter(recipient__isnull=False)


def close(rows: QuerySet[OutgoingMail]) -> int:
    """Says of those of `rows` that came back that nothing is left to do; returns how many of them were open."""
    back = rows.filter(bounced_at__isnull=False, bounce_closed_at__isnull=True)
    return back.update(bounce_closed_at=clock.now())


def words_of(status: str) -> str:
    """Why a mail came back, from the code of RFC 3463 that the report gave: in words where they are known."""
    known = _WHY.get(status.partition(".")[2])
    return f"{known} ({status})" if known else status
