"""The mails about a request that isn't carried out, or not yet: the longer time, and the refusal, each with its reason.

The reason is what a member of staff wrote, in the language in which they wrote it; all other sentences are in the
person's. Both go to an address of the request, a proven one where there is one, and never to the sender of a mail.
"""

from privacy import deletion_mails, deletion_words, mails
from privacy.deletion_requests.deadlines import EXTENDED_MAIL
from privacy.deletion_requests.endings import REFUSED_MAIL
from privacy.models import RequestAddress

TEMPLATE = "mails/deletion_answer"


@mails.kind(EXTENDED_MAIL, is_logged=False)
def extended(request_id: int) -> mails.Mail | None:
    """That the answer takes longer, until when and why (GDPR Art. 12(3))."""
    return _answer(request_id, "extended")


@mails.kind(REFUSED_MAIL, is_logged=False)
def refused(request_id: int) -> mails.Mail | None:
    """That nothing is deleted, why, and where to complain (GDPR Art. 12(4))."""
    return _answer(request_id, "refused")


def _answer(request_id: int, part: str) -> mails.Mail | None:
    """None where the person, or the reason, is no longer kept."""
    addresses = RequestAddress.objects.filter(subject__request=request_id).select_related("subject__request")
    address = min(addresses, key=lambda one: (one.proved_at is None, one.pk), default=None)
    if address is None or not address.subject.answer:
        return None
    request = address.subject.request
    until = deletion_words.day(request.due_at, request.language)
    words = deletion_words.of(request.language, part, number=request.number, until=until)
    return mails.Mail(
        to=address.address,
        subject=words["subject"],
        template=TEMPLATE,
        context=deletion_mails.context(request.language, words) | {"reason": address.subject.answer},
    )
