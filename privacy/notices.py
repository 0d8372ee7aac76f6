"""The end of a deletion: the person is told, once it has succeeded and not before (P12d), and is then forgotten.

clean first scan -> the notice is queued -> a mail server accepts it: the request's own mails and its subject go ->
72 hours, or a bounce: the key of the sealed address is destroyed, and a second scan looks without any exemption but
restricted rows -> completed. What the second scan finds sends the request back to be carried out; the person isn't told
again. Who came back since, with a new order or account, keeps what is new: then a person looks at what was found. Each
step can be repeated: whoever is killed leaves it to the next run.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Q

from privacy import alerts, clock, journal, mailbox, mails, residue, sealed_people
from privacy.deletion_requests.locked import locked, tell
from privacy.deletion_requests.proofs import make_token
from privacy.erasure import plans, returning
from privacy.erasure.cases import Case
from privacy.models import (
    DeletionRequest,
    DeletionStep,
    OutgoingMail,
    ProofToken,
    RequestEvent,
    RequestSubject,
    SealedAddress,
)
from privacy.residue import Exempt, Report
from privacy.sealed_people import Sealed

log = structlog.get_logger(__name__)
State, Event = DeletionRequest.State, RequestEvent.Kind
MAIL = "deletion_notice"
#: So long after the notice was accepted its address is kept, for a bounce that comes late.
KEPT = timedelta(hours=72)
PAUSE = timedelta(minutes=5)
#: A scan that can't be made for so long calls a person.
MANY_TRIES = 12
ALERT = "erasure_stuck"
CAME_BACK = "erasure_came_back"
#: Beginnings of the labels of what a request itself needs: it isn't kept once the person was told.
OF_REQUEST = ("privacy.Request", "privacy.Deletion", "privacy.Sealed")
#: In a line of the journal: something of the person is kept, restricted.
_KEPT_WORD = "kept"


def write(request_id: int) -> None:
    """Queues the notice, with a token in its sender by which a bounce is known. Nothing where the person was told.

    Called in the transaction that found nothing left.
    """
    request = DeletionRequest.objects.get(pk=request_id)
    if request.told_at is not None:
        return
    if not request.tokens.filter(kind=ProofToken.Kind.NOTICE).exists():
        make_token(request, None, kind=ProofToken.Kind.NOTICE)
    mails.queue(MAIL, request_id)
    tell(request, Event.NOTICE_WRITTEN)


def is_retained(request: DeletionRequest) -> bool:
    """Whether anything is kept of the person but what the request itself needed, which goes with the notice."""
    return any(not row["model"].startswith(OF_REQUEST) for row in request.receipt.get("kept", ()))


def watch() -> int:
    """Goes on with every request whose notice was accepted, or whose time is over; returns how many moved on."""
    going = DeletionRequest.objects.filter(state=State.NOTIFYING, next_try_at__lte=clock.now())
    count = 0
    for request_id in list(going.order_by("next_try_at", "id").values_list("pk", flat=True)):
        try:
            count += _accepted(request_id) or _over(request_id)
        except Exception as error:  # noqa: BLE001  (whatever is away for one request, the next goes on)
            _failed(request_id, error)
    return count


def _accepted(request_id: int) -> bool:
    """Notes that a mail server took the notice; then nothing is needed any more but a sealed address."""
    mail = OutgoingMail.objects.filter(kind=MAIL, object_id=request_id, state=OutgoingMail.State.SENT).first()
    if mail is None or not DeletionRequest.objects.filter(pk=request_id, told_at__isnull=True).exists():
        return False
    sealed = sealed_people.of_request(request_id)
    if sealed is not None:
        theirs = mailbox.messages_of(sealed.person.addresses, until=mail.sent_at)
        mailbox.expunge([*mailbox.refs_of_request(request_id), *theirs])
    with locked(request_id) as request:
        if request.state != State.NOTIFYING or request.told_at is not None:
            return False
        subjects = RequestSubject.objects.filter(Q(request=request) | Q(request__duplicate_of=request))
        journal.write(
            "told",
            hashes=journal.person_hashes(sealed.person) if sealed else [],
            rows={"privacy.DeletionRequest": [request.pk]},
            plan=f"{mail.sent_at.isoformat() if mail.sent_at else ''} {_KEPT_WORD if is_retained(request) else ''}",
        )
        subjects.delete()
        request.told_at = mail.sent_at
        request.save(update_fields=["told_at"])
        tell(request, Event.TOLD)
    return True


def _over(request_id: int) -> bool:
    """After 72 hours, or a bounce: destroys the key and looks once more, in one transaction: a crash leaves both."""
    with locked(request_id) as request:
        if request.state != State.NOTIFYING or request.told_at is None:
            return False
        if request.bounced_at is None and request.told_at > clock.now() - KEPT:
            return False
        sealed = sealed_people.of_request(request_id)
        if sealed is not None:
            key = bytes(request.sealed_address.key or b"")
            came_back = returning.came_back(request)
            untouched = plans.untouched_rows(Case(sealed.person, request_id))  # asks what is sealed
            sealed_people.destroy(request_id)
            report = _second_scan(request, sealed, untouched)
            if not report.is_clean and came_back:
                _leave_to_a_person(request, report)
            elif not report.is_clean:
                sealed_people.put_back(request_id, key)
                _send_back(request, report)
                return True
            journal.write(
                "key",
                hashes=journal.person_hashes(sealed.person),
                rows={"privacy.SealedAddress": [request.sealed_address.pk]},
            )
            request.receipt = {**request.receipt, "second_scan": report.receipt}
        kept = is_retained(request)
        end = State.COMPLETED_WITH_RETENTION if kept else State.COMPLETED
        request.move_to(end, closed_at=clock.now(), retained=kept, receipt=request.receipt, problem="", tries=0)
        tell(request, Event.COMPLETED)
        alerts.close_alert(ALERT, str(request_id))
    return True


def _second_scan(request: DeletionRequest, sealed: Sealed, untouched: Mapping[str, Sequence[Any]]) -> Report:
    rows = {label: frozenset(str(key) for key in keys) for label, keys in untouched.items()}
    return residue.scan(sealed.person, exempt=Exempt(rows=rows, told_at=request.told_at), known=sealed.known)


def _leave_to_a_person(request: DeletionRequest, report: Report) -> None:
    tell(request, Event.RESIDUE, detail=f"Places after the notice, of somebody who came back: {len(report.findings)}")
    words = f"{request.number}: {len(report.findings)} places name the person, who came back. Look whether all are new."
    alerts.raise_alert(CAME_BACK, str(request.pk), words)


def _send_back(request: DeletionRequest, report: Report) -> None:
    """Something came back since the person was told: it is erased too, and a person hears of it."""
    DeletionStep.objects.filter(request=request, kind=DeletionStep.Kind.LOCAL).update(
        state=DeletionStep.State.PENDING, done_at=None
    )
    request.move_to(State.EXECUTING, next_try_at=clock.now(), tries=0, rounds=0)
    tell(request, Event.RESIDUE, detail=f"Places after the notice: {len(report.findings)}")
    alerts.raise_alert(
        ALERT, str(request.pk), f"{request.number}: something came back after the person was told. It is erased again."
    )


def _failed(request_id: int, error: Exception) -> None:
    with locked(request_id) as request:
        request.tries += 1
        request.problem = type(error).__name__[:60]
        request.next_try_at = clock.now() + PAUSE
        request.save(update_fields=["tries", "problem", "next_try_at"])
    log.warning("deletion stopped", state=request.state, error=request.problem, count=request.tries)
    if request.tries >= MANY_TRIES:
        alerts.raise_alert(ALERT, str(request_id), f"{request.number}: it can't be ended ({request.problem}).")


# --- After a restore --------------------------------------------------------------------------------------------------

#: The way from birth to the end, for a request that a backup has in an earlier state than it had reached.
_WAY = (
    *(State.TRIAGED, State.IDENTITY_PENDING, State.VERIFIED, State.PLANNED, State.APPROVED),
    *(State.EXECUTING, State.VERIFYING, State.NOTIFYING),
)


@journal.replayer("told")
def told_again(entry: journal.Entry) -> int:
    """Ends a request whose person had been told: the lines before this one erased again what the backup brought back,
    so there is nothing left to do, and nobody is told twice."""
    count = 0
    told_at, _, kept = entry.plan.partition(" ")
    for request_id in entry.rows["privacy.DeletionRequest"]:
        request = DeletionRequest.objects.select_for_update().filter(pk=request_id, closed_at__isnull=True).first()
        if request is None or not _is_about(request, entry.hashes):
            continue
        for state in _WAY:
            if request.can_move_to(state):
                request.move_to(state)
        RequestSubject.objects.filter(Q(request=request) | Q(request__duplicate_of=request)).delete()
        sealed_people.destroy(request.pk)
        OutgoingMail.objects.filter(kind=MAIL, object_id=request.pk, state=OutgoingMail.State.PENDING).update(
            state=OutgoingMail.State.DROPPED
        )
        end = State.COMPLETED_WITH_RETENTION if kept == _KEPT_WORD else State.COMPLETED
        request.move_to(end, closed_at=clock.now(), told_at=told_at, retained=kept == _KEPT_WORD)
        tell(request, Event.COMPLETED, detail="After a restore: it had been carried out, and the person told.")
        count += 1
    return count


@journal.replayer("key")
def destroy_again(entry: journal.Entry) -> int:
    """Destroys the key of a sealed address that a backup brought back."""
    rows = SealedAddress.objects.filter(pk__in=entry.rows["privacy.SealedAddress"], key__isnull=False)
    count = 0
    for request_id in list(rows.values_list("request", flat=True)):
        sealed = sealed_people.of_request(request_id)
        if sealed is not None and journal.is_any_of(sealed.person.addresses, entry.hashes):
            sealed_people.destroy(request_id)
            count += 1
    return count


def _is_about(request: DeletionRequest, hashes: frozenset[str]) -> bool:
    addresses = RequestSubject.objects.filter(request=request).values_list("addresses__address", flat=True)
    sealed = sealed_people.person_of(request).addresses
    return journal.is_any_of([*(address for address in addresses if address), *sealed], hashes)
