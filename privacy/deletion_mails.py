"""The mails at the beginning of a request: that it came in, and the question for proof.

The question goes to the address that the request is about, from an address of ours with the token in it, so that an
answer and a bounce are known by where they come in. The acknowledgement goes to whoever wrote, by the rules for
programs that answer mails (RFC 3834): with an empty return path, and at most one a sender and day.
"""

from datetime import UTC, datetime, time

from django.conf import settings
from django.urls import reverse

from privacy import clock, deletion_requests, deletion_words, mail_addresses, mails
from privacy.deletion_requests.proofs import LIFE
from privacy.deletion_requests.triage import PROOF_MAIL
from privacy.models import DeletionRequest, OutgoingMail, ProofToken, RequestSubject

ACKNOWLEDGEMENT = "deletion_acknowledgement"


def acknowledge(request: DeletionRequest, *, to: str) -> None:
    """Has whoever wrote be told that it arrived; nothing where this sender was told something today (UTC).

    That is looked up by the requests of the sender, which go with them; a digest of the address in the outbox would
    outlive its person.
    """
    today = datetime.combine(clock.today(), time.min, UTC)
    theirs = RequestSubject.objects.filter(sender=to).values("request_id")
    told = OutgoingMail.objects.filter(kind=ACKNOWLEDGEMENT, object_id__in=theirs, created_at__gte=today)
    if not told.exists():
        mails.queue(ACKNOWLEDGEMENT, request.pk)


@mails.kind(ACKNOWLEDGEMENT, is_logged=False)
def acknowledgement(request_id: int) -> mails.Mail | None:
    """That a mail arrived; nothing where the sender was erased meanwhile."""
    subject = RequestSubject.objects.select_related("request").filter(request=request_id).exclude(sender="").first()
    if subject is None:
        return None
    request = subject.request
    until = deletion_words.day(request.due_at, request.language)
    words = deletion_words.of(request.language, "acknowledgement", number=request.number, until=until)
    return mails.Mail(
        to=subject.sender,
        subject=words["subject"],
        template="mails/deletion_acknowledgement",
        context=context(request.language, words),
        return_path="",
        auto_submitted="auto-replied",
        in_reply_to=subject.message_id,
    )


@mails.kind(PROOF_MAIL, is_logged=False)
def proof(token_id: int) -> mails.Mail | None:
    """The question for proof; nothing where it was answered, or the request ended, before the mail went."""
    row = ProofToken.objects.select_related("request", "address").filter(pk=token_id, used_at__isnull=True).first()
    if row is None or row.address is None or not row.request.is_open:
        return None
    token, language = deletion_requests.token(row), row.request.language
    until = deletion_words.day(row.made_at + LIFE, language)
    words = deletion_words.of(language, "proof", number=row.request.number, store=settings.STORE_NAME, until=until)
    return mails.Mail(
        to=row.address.address,
        subject=words["subject"],
        template="mails/deletion_proof",
        context=context(language, words) | {"link": settings.SITE_URL + reverse("deletion_proof", args=[token])},
        sender=mail_addresses.with_token(token),
    )


def context(language: str, words: dict[str, str]) -> dict[str, object]:
    """What a mail about deletion needs beside its own sentences."""
    code = deletion_words.known(language)
    return {"language": code, "words": words, "foot": deletion_words.of(code, "foot")}
