"""The mails of a case (P6b). Each comes from an address of ours with the case's token in it, to which answers go."""

from django.conf import settings

from accounts.cases import deadlines, links, parts
from accounts.cases.endings import CLOSED_MAIL
from accounts.cases.messages import ANSWER_MAIL
from accounts.cases.receiving import PROOF_MAIL, RECEIVED_MAIL, WITHDRAWAL_MAIL
from accounts.cases.settling import REFUNDING_MAIL
from accounts.models import Case, CaseEvent, CaseMessage, CaseParty
from privacy.mails import Mail, kind
from shop import words

State, Outcome = Case.State, Case.Outcome
KINDS = (PROOF_MAIL, RECEIVED_MAIL, WITHDRAWAL_MAIL, REFUNDING_MAIL, CLOSED_MAIL)
_CLOSED = {
    Outcome.ANSWERED: "We have answered, and closed your request.",
    Outcome.REFUNDED: "Your money is on its way back, and your request is closed.",
    Outcome.REFUSED: "We could not do what you asked for. Our answer to you says why.",
}


@kind(PROOF_MAIL)
def proof(case_id: int) -> Mail | None:
    """Asks the address that was typed into the form whether the request is its own; None where it answered.

    It quotes nothing: whoever can have the shop send words to an address that nobody proved, sends theirs. Of a
    withdrawal it is the acknowledgement as well, with the order, day and time (Directive 2011/83/EU, Art. 11a(4)): only
    where the order is that address's own.
    """
    party = _party(case_id)
    if party is None or party.case.state != State.UNPROVEN:
        return None
    kind_words, order = party.case.get_kind_display(), party.case.order
    return _mail(
        party,
        f"Please confirm your {kind_words}",
        "mails/case_proof",
        name="",
        kind=kind_words,
        is_withdrawal=party.case.kind == Case.Kind.WITHDRAWAL,
        taken=", ".join(parts.in_words(order, party.case.part)) if order else "",
        received=words.moment(party.case.received_at),
        until=words.day((party.case.received_at + deadlines.UNPROVEN).date()),
    )


@kind(RECEIVED_MAIL)
def received(case_id: int) -> Mail | None:
    """Says that a request is here, what it says, and until when we answer."""
    party = _party(case_id)
    if party is None:
        return None
    late = party.case.events.filter(kind=CaseEvent.Kind.LATE).exists()
    return _mail(
        party,
        f"{party.case.number}: we have your {party.case.get_kind_display()}",
        "mails/case_received",
        kind=party.case.get_kind_display(),
        said=_said(party),
        due=words.day(party.case.due_at.date()),
        late=_late(party) if late else "",
    )


@kind(WITHDRAWAL_MAIL)
def withdrawal_received(case_id: int) -> Mail | None:
    """The acknowledgement of a withdrawal on a durable medium: its content, day and time (Directive 2011/83/EU,
    Art. 11a(4)), and what follows."""
    party = _party(case_id)
    if party is None:
        return None
    case, refund = party.case, party.case.refunds.first()
    return _mail(
        party,
        f"{case.number}: we have your withdrawal",
        "mails/withdrawal_received",
        said=_said(party),
        received=words.moment(case.received_at),
        amount=refund.amount if refund else "",
        needs_person=case.needs_person,
        due=words.day(case.due_at.date()),
    )


@kind(REFUNDING_MAIL)
def refunding(case_id: int) -> Mail | None:
    """Says that a refund was agreed to, and how much goes back."""
    party = _party(case_id)
    refund = party.case.refunds.last() if party else None
    if party is None or refund is None:
        return None
    said = f"We agree to your request: {refund.amount} go back the way you paid."
    note = "We write again when the money has left. Keys that go back stop working."
    return _mail(party, f"{party.case.number}: {refund.amount} go back", "mails/case_update", said=said, note=note)


@kind(ANSWER_MAIL)
def answer(message_id: int) -> Mail | None:
    """What we wrote, word for word."""
    message = CaseMessage.objects.select_related("party__case__order").filter(pk=message_id).first()
    if message is None:
        return None
    last = message.party.messages.filter(sort=CaseMessage.Sort.CUSTOMER, at__lte=message.at).exclude(message_id="")
    answered = last.order_by("-at").values_list("message_id", flat=True).first() or ""
    subject = f"{message.party.case.number}: our answer"
    return _mail(
        message.party, subject, "mails/case_answer", in_reply_to=answered, is_by_person=True, answer=message.text
    )


@kind(CLOSED_MAIL)
def closed(case_id: int) -> Mail | None:
    """Says that a case is closed, and how it opens again; None where it is open again already."""
    party = _party(case_id)
    if party is None or party.case.state != State.CLOSED:
        return None
    said = _CLOSED.get(Outcome(party.case.outcome), "Your request is closed.")
    note = f"Should something be left, answer this mail within {deadlines.REOPENS.days} days: it opens again."
    return _mail(party, f"{party.case.number} is closed", "mails/case_update", said=said, note=note)


def _late(party: CaseParty) -> str:
    day = deadlines.last_day(party.case.order) if party.case.order else None
    return f" on {words.day(day)}" if day else ""


def _party(case_id: int) -> CaseParty | None:
    return CaseParty.objects.select_related("case__order").filter(case=case_id).first()


def _said(party: CaseParty) -> str:
    """The customer's own first words."""
    return party.messages.filter(sort=CaseMessage.Sort.CUSTOMER).values_list("text", flat=True).first() or ""


def _mail(
    party: CaseParty,
    subject: str,
    template: str,
    *,
    in_reply_to: str = "",
    is_by_person: bool = False,
    **context: object,
) -> Mail:
    order = party.case.order
    return Mail(
        to=party.email,
        subject=subject,
        template=template,
        sender=links.mail_address(party),
        auto_submitted="no" if is_by_person else "",  # RFC 3834, section 5.1: a person wrote it
        in_reply_to=in_reply_to,
        context={
            "name": party.name,
            "number": party.case.number,
            "order_number": order.number if order else "",
            "link": links.link(party),
            "store": settings.STORE_NAME,
            **context,
        },
    )
