"""Answers by mail, to `support+TOKEN@`: they become messages of their case, if they come from its person.

What asks for deletion was taken before, wherever it was sent to. Nothing here answers a mail: two machines could else
write to each other for ever. Its files are picked before the mail is taken, while nothing is locked.
"""

from collections.abc import Callable

from accounts.cases import attachments, links, mail_files, messages
from accounts.cases.locked import CannotDo, locked, tell
from accounts.cases.mail_files import Picked
from accounts.models import Case, CaseAttachment, CaseEvent, CaseMessage, CaseParty
from privacy import mail_addresses, people
from privacy.mailbox import bounces, register_handler
from privacy.mailbox.automatic import Origin
from privacy.mailbox.files import MailedFiles
from privacy.mailbox.handlers import Outcome, Verdict
from privacy.mailbox.judging import Judged

Event = CaseEvent.Kind
#: What stands in for the text of a mail that has none.
NO_TEXT = "(This mail has no text.)"


def pick_files(judged: Judged, files: Callable[[], MailedFiles]) -> Picked | None:
    """The files of an answer that will become a message, by what is known now; of any other mail none is looked at."""
    party = None if judged.may_be_a_request or judged.origin != Origin.PERSON else _meant(judged)
    if party is None or not _is_theirs(judged, party):
        return None
    kept = CaseAttachment.objects.filter(message__party=party).count()
    return mail_files.pick(files(), room=attachments.MOST_OF_CASE - kept)


@register_handler("cases", pick=pick_files)
def as_answer(judged: Judged) -> Outcome | None:
    """A bounce, or an answer to a case's address; None where it is neither."""
    if judged.origin == Origin.BOUNCE:
        return _bounce(judged)
    party = _meant(judged)
    if party is None:
        return None
    if judged.origin != Origin.PERSON:
        return Outcome(Verdict.OTHER)  # an absence note says nothing, and needs nobody
    if not _is_theirs(judged, party):
        return _left_to_people(party, Event.STRANGER)
    return _add(judged, party)


def _add(judged: Judged, party: CaseParty) -> Outcome:
    text = judged.reading.own.strip() or judged.reading.text.strip() or NO_TEXT
    picked = judged.picked.get("cases")
    files = picked if isinstance(picked, Picked) else Picked()
    said = text.replace("\0", "")[: messages.MOST_TEXT - len(files.words) - 2]
    try:
        messages.add(
            party.case_id,
            f"{said}\n\n{files.words}".strip(),
            way=CaseMessage.Way.MAIL,
            files=files.kept,
            remark=f"files not taken: {files.count_left}" if files.count_left else "",
            mail_id=judged.message.message_id,
        )
    except messages.TooMuch:
        return _left_to_people(party, Event.TOO_MUCH)
    except CannotDo:
        return Outcome(Verdict.ANSWER)  # closed long ago, or never confirmed: a person reads it in the mailbox
    return Outcome(Verdict.HANDLED)


def _meant(judged: Judged) -> CaseParty | None:
    """The party whose case's address it was sent to, as far as it is one of ours."""
    typed = [mail_addresses.token_of(address) for address in judged.message.recipients]
    return next((party for token in typed if token and (party := links.find_by_mail(token))), None)


def _is_theirs(judged: Judged, party: CaseParty) -> bool:
    """Whether the mail comes from an address of the case's person, and isn't known to be forged."""
    if judged.hints.get("dmarc") == "fail":
        return False
    theirs = {mail_addresses.normal(party.email)}
    if party.user_id is not None:
        theirs |= {mail_addresses.normal(address) for address in people.of_account(party.user_id).addresses}
    return mail_addresses.normal(judged.message.sender) in theirs


def _left_to_people(party: CaseParty, kind: CaseEvent.Kind) -> Outcome:
    """The mail stays where it is; the case says so once a round, and waits for a person."""
    with locked(party.case_id) as case:
        last = case.events.filter(kind__in=[kind, Event.ANSWERED]).last()
        if last is None or last.kind != kind:
            tell(case, kind)
        if case.is_open and case.state != Case.State.UNPROVEN:
            Case.objects.filter(pk=case.pk).update(needs_person=True)
    return Outcome(Verdict.ANSWER)


def _bounce(judged: Judged) -> Outcome | None:
    token = bounces.token_of(judged.message)
    party = links.find_by_mail(token) if token and bounces.has_failed(judged.message) else None
    if party is None:
        return None
    _left_to_people(party, Event.BOUNCED)
    return Outcome(Verdict.BOUNCE)
