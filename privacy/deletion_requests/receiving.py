"""Requests come in: by mail, by phone, by letter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from privacy import clock
from privacy.deletion_requests import deadlines
from privacy.deletion_requests.endings import end
from privacy.deletion_requests.locked import locked, tell
from privacy.deletion_requests.triage import ask_for_proof, triage
from privacy.models import DeletionRequest, RequestAddress, RequestEvent, RequestSubject

if TYPE_CHECKING:
    from privacy.deletion_requests.locked import Person

MOST_TEXT = 4_000
State = DeletionRequest.State


def receive(
    *,
    channel: str,
    address: str,
    sender: str = "",
    name: str = "",
    title: str = "",
    text: str = "",
    language: str = "",
    reasons: Sequence[str] = (),
    hints: Mapping[str, str] | None = None,
    message_id: str = "",
    is_doubtful: bool = False,
    received_at: datetime | None = None,
    law: str = DeletionRequest.Law.GDPR,
    by: "Person" = None,
) -> DeletionRequest:
    """Writes a request about `address` down; `received_at` begins its time.

    One that is clear is taken up at once, and proof is asked from the address. A doubtful one waits for a person. One
    about an address of which another request is open becomes that one's duplicate, so that no request is lost.
    """
    came = received_at or clock.now()
    with transaction.atomic():
        request = DeletionRequest.objects.create(
            channel=channel,
            law=law,
            language=language[:2],
            is_doubtful=is_doubtful,
            received_at=came,
            due_at=deadlines.due(came, law),
        )
        subject = RequestSubject.objects.create(
            request=request,
            sender=_line(sender, 320),
            name=_line(name, 120),
            title=_line(title, 200),
            text=text.replace("\0", "")[:MOST_TEXT],
            reasons=list(reasons),
            hints=dict(hints or {}),
            message_id=_line(message_id, 255),
        )
        tell(request, RequestEvent.Kind.RECEIVED, by=by, detail=f"by {request.get_channel_display()}")
        first = _open(subject, _line(address, 254))
        if first is not None:
            _duplicate(request, first, by=by)
        elif not is_doubtful:
            triage(request.pk, by=by)
            ask_for_proof(request.pk, by=by)
    request.refresh_from_db()
    return request


def _open(subject: RequestSubject, address: str) -> DeletionRequest | None:
    """Ties the address to the request. Returns the open request that has it already, if one does."""
    try:
        with transaction.atomic():
            RequestAddress.objects.create(subject=subject, address=address, open_address=address.lower())
    except IntegrityError:
        RequestAddress.objects.create(subject=subject, address=address)
        return DeletionRequest.objects.get(subject__addresses__open_address=address.lower())
    return None


def _duplicate(request: DeletionRequest, first: DeletionRequest, *, by: "Person") -> None:
    with locked(request.pk) as row:
        end(row, State.DUPLICATE, by=by, detail=f"of {first.number}", duplicate_of=first)
    tell(first, RequestEvent.Kind.MESSAGE, by=by, detail=f"Asked again: {request.number}")


def _line(value: str, most: int) -> str:
    """A text for one line: no control characters, no line ends, not too long."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())[:most]
