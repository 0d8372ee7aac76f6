"""A mail that asks for deletion becomes a request. Its answer may be left out (RFC 3834), the request never is."""

from privacy import alerts, clock, deletion_mails, deletion_requests
from privacy.mailbox.handlers import Outcome, Verdict
from privacy.mailbox.judging import Judged
from privacy.models import DeletionRequest

NO_ADDRESS = "mail_without_address"


def handle(judged: Judged) -> Outcome | None:
    """Receives the request that a mail makes; None where it makes none."""
    if not judged.may_be_a_request:
        return None
    message, found = judged.message, judged.recognition
    if not judged.whose.address:
        uid = message.ref.uid
        alerts.raise_alert(NO_ADDRESS, uid[:60], f"Mail {uid} asks for deletion and names no address: read it there.")
        return Outcome(Verdict.BROKEN)
    request = deletion_requests.receive(
        channel=DeletionRequest.Channel.MAIL,
        address=judged.whose.address,
        sender=message.sender,
        name=message.sender_name,
        title=message.subject,
        text=judged.reading.own or judged.reading.text,
        language=found.language,
        reasons=[*found.reasons, *judged.doubts],
        hints=judged.hints,
        message_id=message.message_id,
        is_doubtful=judged.is_doubtful,
        received_at=min(message.received_at, clock.now()),
        law=found.law,
    )
    if judged.may_be_answered:
        deletion_mails.acknowledge(request, to=message.sender)
    return Outcome(Verdict.DOUBTFUL if judged.is_doubtful else Verdict.REQUEST, request)
