"""What comes back to a mail with a token, other than a proof: a withdrawal, or something that a person has to read."""

from privacy import alerts
from privacy.deletion_requests.endings import withdraw
from privacy.deletion_requests.locked import CannotDo, locked, tell
from privacy.deletion_requests.proofs import of_mail
from privacy.models import DeletionRequest, ProofToken, RequestAddress, RequestEvent

ALERT = "deletion_answer"


def record_unclear(typed: str) -> DeletionRequest | None:
    """Notes that an answer needs a person, who is called; returns the request, or None where the token is unknown."""
    found = of_mail(typed)
    if found is None:
        return None
    is_proof = found.kind == ProofToken.Kind.PROOF
    with locked(found.request_id) as request:
        tell(request, RequestEvent.Kind.PROOF_DOUBTFUL if is_proof else RequestEvent.Kind.MESSAGE)
        message = f"An answer about {request.number} is in the support mailbox: read it there."
        alerts.raise_alert(ALERT, str(request.pk), message)
    return request


def withdraw_by_answer(typed: str) -> DeletionRequest | None:
    """Ends the request because the person of the token's address takes it back; what can't be ended gets a person.

    Returns the request, or None where the token is unknown. Nothing is destroyed by it, so it needs no more proof than
    that the token is known. A request with other addresses may be somebody else's, who was only thought to be the same
    person: a person decides what of it ends.
    """
    found = of_mail(typed)
    if found is None:
        return None
    try:
        with locked(found.request_id) as request:
            addresses = RequestAddress.objects.filter(subject__request=request)
            is_alone = list(addresses.values_list("pk", flat=True)) == [found.address_id]
            if is_alone:
                withdraw(found.request_id, detail="by an answer")
    except CannotDo:
        is_alone = False
    return found.request if is_alone else record_unclear(typed)
