"""Requests come in: by mail, by phone, by letter."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from privacy import clock
from privacy.deletion_requests import deadlines
from privacy.deletion_requests.endings import end
from privacy.deletion_requests.locked import CannotDo, locked, tell
from privacy.deletion_requests.triage import ask_for_proof, triage
from privacy.models import DeletionRequest, RequestAddress, RequestEvent, RequestSubject

if TYPE_CHECKING:
    from privacy.deletion_requests.locked import Person

MOST_TEXT = 4_000
_TRIES = 3
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
    about an address of which another request is open becomes that one's duplicate, so that no request is lost; it makes
    that one clear where it is, and has the address asked once more.
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
            if not is_doubtful:
                _ask_again(first.pk, address.lower(), by=by)
        elif not is_doubtful:
            triage(request.pk, by=by)
            ask_for_proof(request.pk, by=by)
    request.refresh_from_db()
    return request


def _open(subject: RequestSubject, address: str) -> DeletionRequest | None:
    """Ties the address to the request. Returns the open request that has it already, if one does."""
    tied = {"subject": subject, "address": address}
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                RequestAddress.objects.create(**tied, open_address=address.lower())
        except IntegrityError:
            first = DeletionRequest.objects.filter(subject__addresses__open_address=address.lower()).first()
            if first is not None:
                RequestAddress.objects.create(**tied)
                return first  # else it ended this moment, and the address is free
        else:
            return None
    raise CannotDo("Requests about this address come and go at the moment. Try it again.")


def _duplicate(request: DeletionRequest, first: DeletionRequest, *, by: "Person") -> None:
    with locked(request.pk) as row:
        end(row, State.DUPLICATE, by=by, detail=f"of {first.number}", duplicate_of=first)
    tell(first, RequestEvent.Kind.MESSAGE, by=by, detail=f"Asked again: {request.number}")


def _ask_again(request_id: int, open_address: str, *, by: "Person") -> None:
    """A clear request about the address of an open one: whoever sent the first, this one gets its link.

    Else a forged mail, whose link nobody opens or that waits for a person, would be in the way of the person's own. An
    address gets one such mail a day at most (UTC), however often somebody asks.
    """
    with locked(request_id) as first:
        if first.state == State.RECEIVED:
            triage(first.pk, by=by)
        if first.state in {State.RECEIVED, State.TRIAGED, State.IDENTITY_PENDING}:
            today = datetime.combine(clock.today(), time.min, UTC)
            asked = first.tokens.filter(made_at__gte=today, address__open_address=open_address)
            if not asked.exists():
                ask_for_proof(first.pk, by=by, open_address=open_address)


def _line(value: str, most: int) -> str:
    """A text for one line: no control characters, no line ends, not too long."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())[:most]
