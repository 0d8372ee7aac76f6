"""Requests come in: from an order's page, the account, or the form without login."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Lower

from accounts.cases import deadlines, links, parts, withdrawals
from accounts.cases.attachments import File
from accounts.cases.endings import end
from accounts.cases.locked import locked_with_order, tell
from accounts.cases.messages import write
from accounts.models import Case, CaseEvent, CaseMessage, CaseParty
from privacy import clock, mails
from privacy.models import OutgoingMail
from shop import orders
from shop.models import Order, OrderParty

if TYPE_CHECKING:
    from accounts.models import User

Kind, Event, State = Case.Kind, CaseEvent.Kind, Case.State
PROOF_MAIL, RECEIVED_MAIL, WITHDRAWAL_MAIL = "case_proof", "case_received", "withdrawal_received"
#: Said twice about an order, these are one case.
_ONCE = (Kind.WITHDRAWAL, Kind.REFUND)
UNCONFIRMED = "Nobody confirmed it by the link. Order and address are its buyer’s, so it may count: please decide."


@dataclass(frozen=True)
class Request:
    """What a customer wants, as typed. `text` may be empty for a withdrawal, which needs no reason.

    Of a withdrawal `part` is what of the order it is about (see `parts`), `part_words` says so line by line, and
    `known` the last withdrawal that its writer knew of: the same once more is only new to who knew of the first.
    """

    kind: str
    email: str
    name: str = ""
    text: str = ""
    stated_order: str = ""
    files: Sequence[File] = ()
    part: str = parts.ALL
    part_words: Sequence[str] = ()
    known: int = 0

    @property
    def words(self) -> str:
        """What is kept as the customer's message: a withdrawal is a statement of its own."""
        if self.kind != Kind.WITHDRAWAL:
            return self.text
        of_order = f"the contract of order {self.stated_order}"
        said = f"I withdraw from {of_order}." if self.part == parts.ALL else f"I withdraw from this part of {of_order}:"
        return "\n\n".join(piece for piece in (said, "\n".join(self.part_words), self.text, self.name) if piece)


def receive(request: Request, order: Order | None, *, channel: str, user: "User | None" = None) -> Case:
    """Takes a request of somebody who was let in: by the order's link, or as its owner.

    A withdrawal is judged at once; one that comes after its period is a refund request, of which a person decides. Said
    again about the same order, or the same part of it, it is the same case, with what was written added.
    """
    with transaction.atomic():
        locked = orders.lock(order.pk) if order else None
        first = _same(locked, request.kind, request.part, known=request.known, words=request.words)
        if first is not None:
            _repeat(first, request)
            return first
        case = _make(request, locked, channel=channel, user=user, state=State.RECEIVED)
        _take_up(case, locked)
    return case


def ask(request: Request) -> Case:
    """Takes a request from the form without login, which waits until its address confirms it by the link in a mail.

    Whether there is such an order changes neither what is done now nor what is mailed: nobody learns it here.
    """
    with transaction.atomic():
        order = _find(request.stated_order, request.email)
        case = _make(request, order, channel=Case.Channel.FORM, user=None, state=State.UNPROVEN)
        mails.queue(PROOF_MAIL, case.pk)
    return case


def prove(case_id: int) -> Case:
    """The address has confirmed its request: it counts from the moment it was made. Quiet where it was confirmed.

    Returns the case that goes on: an earlier one where the same was said about the order before.
    """
    with locked_with_order(case_id) as (case, order):
        if case.state != State.UNPROVEN:
            return case
        first = _same(order, case.kind, case.part, known=_known(case, order), words=_said(case))
        if first is not None:
            end(case, Case.Outcome.REPEATED, detail=f"of {first.number}")
            tell(first, Event.REPEATED, detail=case.number)
            return first
        tell(case, Event.PROVED)
        # A withdrawal is paid back within 14 days of its statement, whenever its address was proven (Art. 13(1)).
        since = case.received_at if case.kind == Kind.WITHDRAWAL else clock.now()
        case.move_to(State.RECEIVED, due_at=deadlines.due(case.kind, since))
        _take_up(case, order)
    return case


def hand_over_unproven() -> int:
    """Hands withdrawals to a person that nobody confirmed for some days, but that name an order of their address;
    returns how many. A withdrawal counts when it is sent (Directive 2011/83/EU, Art. 11(2) and 11a(5))."""
    waiting = Case.objects.filter(state=State.UNPROVEN, kind=Kind.WITHDRAWAL, order__paid_at__isnull=False)
    count = 0
    for case_id in list(waiting.filter(received_at__lt=clock.now() - deadlines.HAND_OVER).values_list("pk", flat=True)):
        with locked_with_order(case_id) as (case, order):
            if case.state != State.UNPROVEN or order is None:
                continue
            if not deadlines.may_withdraw(order, at=case.received_at):
                continue
            first = _same(order, case.kind, case.part, known=_known(case, order), words=_said(case))
            if first is not None:
                end(case, Case.Outcome.REPEATED, detail=f"of {first.number}")
                continue
            case.move_to(State.RECEIVED)
            tell(case, Event.JUDGED, detail=UNCONFIRMED)
            mails.queue(WITHDRAWAL_MAIL, case.pk)
            count += 1
    return count


def close_unproven() -> int:
    """Removes requests that nobody confirmed within two weeks, with what was typed; returns how many."""
    stale = Case.objects.filter(state=State.UNPROVEN, received_at__lt=clock.now() - deadlines.UNPROVEN)
    with transaction.atomic():
        ids = list(stale.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Case.objects.filter(pk__in=ids).delete()
    return len(ids)


def _find(number: str, email: str) -> Order | None:
    """The order with this number, if the address is its buyer's and it may still be talked about."""
    parties = OrderParty.objects.in_use().annotate(address=Lower("email"))
    party = parties.filter(order__number=number, address=email.lower()).select_related("order").first()
    return party.order if party else None


def _same(order: Order | None, kind: str, part: str, *, known: int, words: str) -> Case | None:
    """The case in which the same was said about the order: a withdrawal for ever, a refund request while it is open."""
    if order is None or kind not in _ONCE:
        return None
    if kind == Kind.REFUND:
        proven = Case.objects.filter(order=order, kind=kind).exclude(state=State.UNPROVEN)
        return proven.filter(closed_at__isnull=True).first()
    made = parts.made(order)
    if part == parts.IN_WORDS:
        return made.filter(part=part, party__messages__text=words).first()
    again = made.filter(part=part, pk__gt=known).first()
    left = {choice.number for choice in parts.choices(order)}
    is_new = not again and (left & parts.counted(part).keys() if part else left or not made)
    return None if is_new else again or made.last()


def _known(case: Case, order: Order | None) -> int:
    """The last withdrawal that stood when this one was written."""
    before = parts.made(order).filter(received_at__lt=case.received_at) if order else Case.objects.none()
    came_up = [first.pk for first in before if _taken_up_at(first) < case.received_at]
    return max(came_up, default=0)


def _taken_up_at(case: Case) -> datetime:
    proved = case.events.filter(kind=Event.PROVED).values_list("at", flat=True).first()
    return proved or case.received_at


def _said(case: Case) -> str:
    texts = CaseMessage.objects.filter(party__case=case, sort=CaseMessage.Sort.CUSTOMER)
    return texts.values_list("text", flat=True).first() or ""


def _make(request: Request, order: Order | None, *, channel: str, user: "User | None", state: str) -> Case:
    now, made = clock.now(), links.new()
    case = Case.objects.create(
        kind=request.kind,
        state=state,
        channel=channel,
        order=order,
        part=request.part,
        received_at=now,
        due_at=deadlines.due(request.kind, now),
        link_hash=made.link_hash,
        mail_hash=made.mail_hash,
    )
    party = CaseParty.objects.create(
        case=case,
        user=user,
        email=request.email.lower(),
        name=request.name,
        stated_order=request.stated_order,
        link_nonce=made.link_nonce,
        mail_nonce=made.mail_nonce,
    )
    tell(case, Event.RECEIVED, detail=f"by {case.get_channel_display()}")
    write(party, CaseMessage.Sort.CUSTOMER, CaseMessage.Way.PAGE, request.words, files=request.files)
    return case


def _take_up(case: Case, order: Order | None) -> None:
    """Judges a proven withdrawal, and has the customer told that the request is here."""
    mail = RECEIVED_MAIL
    if case.kind == Kind.WITHDRAWAL:
        if order is not None and order.paid_at and not deadlines.may_withdraw(order, at=case.received_at):
            tell(case, Event.LATE, detail=f"It ended on {deadlines.last_day(order):%-d %B %Y}.")
            case.kind = Kind.REFUND
            case.save(update_fields=["kind"])
        else:
            mail = WITHDRAWAL_MAIL
            withdrawals.carry_out(case, order)
    mails.queue(mail, case.pk)


def _repeat(first: Case, request: Request) -> None:
    """The same again: what was written is added where it isn't there yet, and the acknowledgement goes out once more
    only where it never left."""
    tell(first, Event.REPEATED)
    party = CaseParty.objects.filter(case=first).first()
    if party is None:
        return
    if request.text and not party.messages.filter(text=request.words).exists():
        write(party, CaseMessage.Sort.CUSTOMER, CaseMessage.Way.PAGE, request.words, files=request.files)
    failed = OutgoingMail.objects.filter(object_id=first.pk, kind__in=[RECEIVED_MAIL, WITHDRAWAL_MAIL])
    mails.try_again(failed)
