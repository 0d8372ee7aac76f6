"""A person's messages in the mailbox, in every folder of it: found, and removed for good."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from privacy import mail_addresses
from privacy.mailbox import opening, taking
from privacy.mailbox.messages import Message, MessageRef
from privacy.models import ReceivedMail

_FROM = ("from", "reply-to", "sender", "return-path")
_TO = ("to", "cc", "delivered-to")


def messages_of(wanted: Collection[str], *, until: datetime | None = None) -> list[MessageRef]:
    """The mails that one of these addresses sent, and ours to one of them; with `until`, not those that came in later.
    Raises MailboxError.
    """
    theirs = {mail_addresses.normal(address) for address in wanted}
    found = []
    with opening.opened(every=True) as folders:
        for folder in folders:
            outlines = (each for each in folder.outlines(folder.uids()) if until is None or each.received_at <= until)
            found += [outline.ref for outline in outlines if _is_of(outline, theirs)]
    return found


def refs_of_request(request_id: int) -> list[MessageRef]:
    """Where the mails of a request lie: the one that made it, and the answers to ours about it."""
    rows = ReceivedMail.objects.filter(request_id=request_id).values_list("mailbox", "uid_validity", "uid")
    return [MessageRef(*row) for row in rows]


def expunge(refs: Iterable[MessageRef]) -> int:
    """Removes mails for good; returns how many were there. What the server numbered anew since isn't touched: who was
    found before that is found again by `messages_of`. Raises MailboxError.
    """
    by_folder = defaultdict(list)
    for ref in refs:
        by_folder[ref.mailbox, ref.uid_validity].append(ref.uid)
    if not by_folder:
        return 0
    with opening.opened(every=True) as folders:
        return sum(
            folder.expunge(by_folder[folder.name, folder.uid_validity])
            for folder in folders
            if (folder.name, folder.uid_validity) in by_folder
        )


def expunge_of(wanted: Collection[str], *, request_id: int | None, until: datetime | None = None) -> int:
    """Removes the messages of these addresses, but for those of the request, which its notice still needs.

    What came in meanwhile is taken first: nobody's mail is removed before it was judged.
    """
    while taking.fetch():
        pass
    needed = set(refs_of_request(request_id)) if request_id else set()
    return expunge(ref for ref in messages_of(wanted, until=until) if ref not in needed)


def _is_of(outline: Message, theirs: Collection[str]) -> bool:
    if any(address in theirs for _, address in outline.addresses(*_FROM)):
        return True
    is_ours = mail_addresses.is_ours(outline.sender)
    return is_ours and any(address in theirs for _, address in outline.addresses(*_TO))
