"""A request is taken up, and proof is asked: from the address it is about, and from no other."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from privacy import mails
from privacy.deletion_requests.locked import CannotDo, insist, locked, tell
from privacy.deletion_requests.proofs import make_token
from privacy.models import DeletionRequest, RequestAddress, RequestEvent

if TYPE_CHECKING:
    from privacy.deletion_requests.locked import Person

State = DeletionRequest.State
#: The kind of the mail with the link that proves an address; its `object_id` is that of the token.
PROOF_MAIL = "deletion_proof"
#: In these, another address can still be added or asked.
_PROOF_HELPS = {State.IDENTITY_PENDING, State.VERIFIED, State.PLANNED}


def triage(request_id: int, *, by: "Person") -> None:
    """Says that this is a request for deletion. Raises CannotDo."""
    with locked(request_id) as request:
        if request.state == State.TRIAGED:
            return
        insist(request, State.TRIAGED)
        request.move_to(State.TRIAGED, is_doubtful=False)
        tell(request, RequestEvent.Kind.TRIAGED, by=by)


def ask_for_proof(request_id: int, *, by: "Person", open_address: str = "") -> None:
    """Writes to every address of the request that isn't proven yet, or to one, with a link of its own. Raises CannotDo.

    Asked again, each gets a new link. The mail is the same whether or not anything is kept of an address.
    """
    with locked(request_id) as request:
        if request.state not in _PROOF_HELPS:
            insist(request, State.IDENTITY_PENDING)
            request.move_to(State.IDENTITY_PENDING)
        addresses = RequestAddress.objects.filter(subject__request=request, proved_at__isnull=True)
        unproven = list(addresses.filter(open_address=open_address) if open_address else addresses)
        if not unproven:
            raise CannotDo("Every address of this request is proven.")
        for address in unproven:
            mails.queue(PROOF_MAIL, make_token(request, address).pk)
        tell(request, RequestEvent.Kind.PROOF_ASKED, by=by, detail=f"Mails: {len(unproven)}")


def add_address(request_id: int, address: str, *, by: "Person") -> RequestAddress:
    """Adds an address that may be the same person's. It leads to no data before it is proven, too. Raises CannotDo."""
    typed = address.strip()
    with locked(request_id) as request:
        if request.state not in _PROOF_HELPS | {State.TRIAGED}:
            raise CannotDo(f"{request.number} is {request.get_state_display()}: no address can be added now.")
        try:
            with transaction.atomic():
                added = RequestAddress.objects.create(
                    subject=request.subject,
                    address=typed,
                    open_address=typed.lower(),
                    added_by_id=by.pk if by else None,
                )
        except IntegrityError:
            raise CannotDo("Another open request is about this address, or this one has it already.") from None
        tell(request, RequestEvent.Kind.ADDRESS_ADDED, by=by)
    return added
