"""What is written in a case: by its customer, by us, and by staff for staff."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.cases import deadlines
from accounts.cases.attachments import MOST_OF_CASE, File
from accounts.cases.endings import end, reopen
from accounts.cases.locked import CannotDo, locked, tell
from accounts.models import Case, CaseAttachment, CaseEvent, CaseMessage, CaseParty
from privacy import clock, mails

if TYPE_CHECKING:
    from accounts.cases.locked import Staff

Sort, Way, State, Event = CaseMessage.Sort, CaseMessage.Way, Case.State, CaseEvent.Kind
ANSWER_MAIL = "case_answer"
#: More a day than anybody writes who wants to be read.
MOST_A_DAY = 20
MOST_TEXT = 10_000


class Overtaken(CannotDo):
    """Somebody wrote to the other side while an answer was written."""


class TooMuch(CannotDo):
    """A case gets more messages than anybody reads."""


def write(
    party: CaseParty,
    sort: str,
    way: str,
    text: str,
    *,
    files: Sequence[File] = (),
    by: "Staff" = None,
    mail_id: str = "",
) -> CaseMessage:
    """Adds a message with its files. The caller holds the case's lock, or has just made it."""
    message = CaseMessage.objects.create(
        party=party, sort=sort, way=way, text=text[:MOST_TEXT], by_id=by.pk if by else None, message_id=mail_id[:255]
    )
    CaseAttachment.objects.bulk_create(
        CaseAttachment(
            message=message, name=file.name, media_type=file.media_type, size=len(file.content), content=file.content
        )
        for file in files
    )
    return message


def add(
    case_id: int, text: str, *, way: str, files: Sequence[File] = (), remark: str = "", mail_id: str = ""
) -> CaseMessage:
    """The customer writes: we go on, and a case that was closed a short time ago is open again. Raises CannotDo.

    `remark` goes into the story, and names nobody.
    """
    with locked(case_id) as case:
        party = _party(case)
        if case.state == State.UNPROVEN:
            raise CannotDo("Confirm the request first, by the link in our mail.")
        if case.closed_at is not None and case.closed_at + deadlines.REOPENS < clock.now():
            raise CannotDo("This request was closed more than 30 days ago. Please make a new one.")
        _refuse_too_much(party, files)
        message = write(party, Sort.CUSTOMER, way, text, files=files, mail_id=mail_id)
        tell(case, Event.MESSAGE, detail=", ".join(filter(None, [message.get_way_display(), remark])))
        if case.closed_at is not None:
            reopen(case)
        elif case.state == State.WAITING:
            case.move_to(State.RECEIVED, due_at=deadlines.due(case.kind, clock.now()), needs_person=True)
        else:
            Case.objects.filter(pk=case.pk).update(needs_person=True)
    return message


def _refuse_too_much(party: CaseParty, files: Sequence[File]) -> None:
    day = clock.now() - timedelta(days=1)
    if party.messages.filter(sort=Sort.CUSTOMER, at__gt=day).count() >= MOST_A_DAY:
        raise TooMuch("Today we got many messages about this request. Please write again tomorrow.")
    if files and CaseAttachment.objects.filter(message__party=party).count() + len(files) > MOST_OF_CASE:
        raise TooMuch(f"A request may have {MOST_OF_CASE} files. Please describe the rest in words.")


def last_said(case: Case) -> int:
    """The last message between the customer and us; 0 where nobody is left to write to."""
    said = CaseMessage.objects.filter(party__case=case).exclude(sort=Sort.NOTE)
    return said.order_by("-pk").values_list("pk", flat=True).first() or 0


def answer(case_id: int, text: str, *, by: "Staff", outcome: str = "", seen: int | None = None) -> CaseMessage:
    """We write to the customer, who gets it by mail; with an `outcome` the case ends by that. Raises CannotDo.

    `seen` is the last message that the writer saw: a colleague's answer, or the customer's, that came since is read
    first (Overtaken).
    """
    if not text.strip():
        raise CannotDo("Write the answer first.")
    with locked(case_id) as case:
        party = _party(case)
        if case.state == State.UNPROVEN:
            raise CannotDo(f"{case.number} isn’t confirmed: nobody knows yet whose it is.")
        if seen is not None and last_said(case) != seen:
            raise Overtaken(f"Somebody wrote in {case.number} meanwhile. Read that before you send this.")
        message = write(party, Sort.SHOP, Way.DESK, text.strip(), by=by)
        Case.objects.filter(pk=case.pk, answered_at__isnull=True).update(answered_at=clock.now())
        tell(case, Event.ANSWERED, by=by)
        mails.queue(ANSWER_MAIL, message.pk)
        if outcome:
            end(case, outcome, by=by)
        elif case.state == State.RECEIVED:
            case.move_to(State.WAITING, needs_person=False)
        else:
            Case.objects.filter(pk=case.pk).update(needs_person=False)
    return message


def note(case_id: int, text: str, *, by: "Staff") -> None:
    """Staff write for staff. The customer can read it in the copy of their data. Raises CannotDo."""
    if not text.strip():
        raise CannotDo("Write the note first.")
    with locked(case_id) as case:
        write(_party(case), Sort.NOTE, Way.DESK, text.strip(), by=by)
        tell(case, Event.NOTED, by=by)


def assign(case_id: int, *, to: "Staff", by: "Staff") -> None:
    """Says who of the staff goes on with it; None: anybody."""
    with locked(case_id) as case:
        if case.assigned_to_id != (to.pk if to else None):
            case.assigned_to_id = to.pk if to else None
            case.save(update_fields=["assigned_to"])
            tell(case, Event.ASSIGNED, by=by, detail="" if to else "to nobody")


def _party(case: Case) -> CaseParty:
    found = CaseParty.objects.filter(case=case).first()
    if found is None:
        raise CannotDo(f"Nobody’s name is on {case.number} any more.")
    return found
