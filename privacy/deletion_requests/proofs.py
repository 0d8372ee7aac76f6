"""Proof that an address is the asker's: a link in a mail to that address, or a reply to the mail; each works once."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from privacy import clock
from privacy.deletion_requests.endings import end
from privacy.deletion_requests.locked import CannotDo, insist, locked, tell
from privacy.link_tokens import Links
from privacy.models import DeletionRequest, ProofToken, RequestAddress, RequestEvent
from privacy.models.proofs import PROOF_DAYS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from privacy.deletion_requests.locked import Person

LINKS = Links(b"deletion: proof", in_addresses=True)
LIFE = timedelta(days=PROOF_DAYS)
State, Kind = DeletionRequest.State, ProofToken.Kind
_WAITS = {State.IDENTITY_PENDING, State.VERIFIED, State.PLANNED}


class InvalidToken(Exception):
    """A link, or a reply, proves nothing: unknown, used, too old, or the request is over. All get the same answer."""


def make_token(request: DeletionRequest, address: RequestAddress | None, *, kind: str = Kind.PROOF) -> ProofToken:
    """A token for a mail to `address`; `token` spells it when the mail is made."""
    nonce, hashed = LINKS.new()
    return ProofToken.objects.create(request=request, address=address, kind=kind, nonce=nonce, token_hash=hashed)


def token(row: ProofToken) -> str:
    """What stands in the link and before the @: small letters and digits."""
    return LINKS.token(row.nonce, row.token_hash)


def find(typed: str) -> ProofToken | None:
    """The token of kind `proof` that still proves something, or None."""
    found = _alive().filter(token_hash=LINKS.hash(typed), kind=Kind.PROOF, used_at__isnull=True)
    found = found.filter(request__state__in=_WAITS, address__isnull=False)
    return found.select_related("request", "address").first()


def of_mail(typed: str) -> ProofToken | None:
    """The token of any kind, used or not, in an address that somebody wrote to, or None."""
    return _alive().filter(token_hash=LINKS.hash(typed)).select_related("request", "address").first()


def prove(typed: str, *, way: str) -> DeletionRequest:
    """Proves the token's address, once. Raises InvalidToken.

    A further address makes a plan that was made without it outdated.
    """
    found = find(typed)
    if found is None:
        raise InvalidToken
    with locked(found.request_id) as request:
        row = ProofToken.objects.select_for_update(of=("self",)).filter(pk=found.pk, used_at__isnull=True).first()
        if row is None or row.address_id is None or request.state not in _WAITS:
            raise InvalidToken
        row.used_at, row.used_way = clock.now(), way
        row.save(update_fields=["used_at", "used_way"])
        RequestAddress.objects.filter(pk=row.address_id, proved_at__isnull=True).update(proved_at=clock.now())
        request.move_to(State.VERIFIED)
        tell(request, RequestEvent.Kind.PROVED, detail=row.get_used_way_display())
    return request


def vouch(request_id: int, *, by: "Person", detail: str) -> None:
    """A staff member answers for whose the request's addresses are, where the person was identified otherwise.

    `detail` says how. Raises CannotDo.
    """
    if by is None or not detail.strip():
        raise CannotDo("Say who answers for the address, and how the person was identified.")
    with locked(request_id) as request:
        if request.state not in {State.VERIFIED, State.PLANNED}:
            insist(request, State.VERIFIED)
        RequestAddress.objects.filter(subject__request=request, proved_at__isnull=True).update(proved_at=clock.now())
        request.move_to(State.VERIFIED)
        tell(request, RequestEvent.Kind.PROVED, by=by, detail=detail.strip())


def record_bounce(typed: str) -> DeletionRequest | None:
    """Notes that the mail with this token came back; the request is returned, or None where the token is unknown."""
    found = of_mail(typed)
    if found is None:
        return None
    with locked(found.request_id) as request:
        if found.kind == Kind.NOTICE:
            if request.bounced_at is None:
                request.bounced_at = clock.now()
                request.save(update_fields=["bounced_at"])
                tell(request, RequestEvent.Kind.BOUNCED)
        elif not request.events.filter(kind=RequestEvent.Kind.PROOF_BOUNCED).exists():
            tell(request, RequestEvent.Kind.PROOF_BOUNCED)
    return request


def close_unverified() -> int:
    """Closes the requests that nobody confirmed while a link still worked; returns how many."""
    waiting = DeletionRequest.objects.filter(state=State.IDENTITY_PENDING)
    stale = waiting.exclude(tokens__made_at__gt=clock.now() - LIFE).values_list("pk", flat=True)
    count = 0
    for request_id in list(stale):
        with transaction.atomic(), locked(request_id) as request:
            alive = request.tokens.filter(made_at__gt=clock.now() - LIFE).exists()
            if request.state == State.IDENTITY_PENDING and not alive:
                end(request, State.UNVERIFIED_CLOSED)
                count += 1
    return count


def _alive() -> "QuerySet[ProofToken]":
    return ProofToken.objects.filter(made_at__gt=clock.now() - LIFE)
