"""Mails to an address with a token: proofs, withdrawals, bounces, and answers that a person reads.

Such a mail is never answered by the shop, whatever it says: two machines could else write to each other for ever.
"""

from privacy import deletion_requests, mail_addresses, mail_log
from privacy.deletion_requests import InvalidToken
from privacy.mailbox import agreement, bounces
from privacy.mailbox.agreement import Answer
from privacy.mailbox.automatic import Origin
from privacy.mailbox.handlers import Outcome, Verdict
from privacy.mailbox.judging import Judged
from privacy.models import ProofToken


def handle(judged: Judged) -> Outcome | None:
    """What becomes of a bounce, or of an answer to a token's address; None where it is neither."""
    if judged.origin == Origin.BOUNCE:
        return _bounce(judged)
    token = _token(judged)
    if token is None:
        return None
    answers = [agreement.of(reading.own) for reading in judged.readings]
    if judged.origin != Origin.PERSON:
        return _of_a_machine(token, answers)
    if Answer.WITHDRAWS in answers:
        return Outcome(Verdict.WITHDRAWAL, deletion_requests.withdraw_by_answer(token))
    if set(answers) == {Answer.AGREES}:
        return _proof(token)
    return Outcome(Verdict.ANSWER, deletion_requests.record_unclear(token))


def _token(judged: Judged) -> str | None:
    """The token of the address that it was sent to, as far as it is one of ours."""
    typed = [mail_addresses.token_of(address) for address in judged.message.recipients]
    return next((token for token in typed if token and deletion_requests.of_mail(token)), None)


def _proof(token: str) -> Outcome | None:
    found = deletion_requests.of_mail(token)
    if found is None:
        return None
    if found.kind == ProofToken.Kind.PROOF and found.used_at is not None:
        return Outcome(Verdict.PROOF, found.request)  # the link was quicker
    try:
        return Outcome(Verdict.PROOF, deletion_requests.prove(token, way=ProofToken.Way.REPLY))
    except InvalidToken:
        return Outcome(Verdict.ANSWER, deletion_requests.record_unclear(token))


def _of_a_machine(token: str, answers: list[Answer]) -> Outcome:
    """An absence note proves nothing and needs nobody. One that agrees or takes back may be a person, who is heard."""
    found = deletion_requests.of_mail(token)
    if set(answers) != {Answer.UNCLEAR}:
        return Outcome(Verdict.ANSWER, deletion_requests.record_unclear(token))
    return Outcome(Verdict.OTHER, found.request if found else None)


def _bounce(judged: Judged) -> Outcome | None:
    if not bounces.has_failed(judged.message):
        return None
    token = bounces.token_of(judged.message)
    request = deletion_requests.record_bounce(token) if token else None
    if request:
        return Outcome(Verdict.BOUNCE, request)
    ours = mail_log.record_bounce(bounces.message_ids(judged.message), bounces.status_of(judged.message))
    return Outcome(Verdict.BOUNCE) if ours else None
