"""A person's messages in the mailbox, in every folder of it: found, searched, and removed for good."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

import structlog

from privacy import mail_addresses
from privacy.mailbox import mime_text, opening, taking
from privacy.mailbox.messages import Message, MessageRef
from privacy.mailbox.source import BrokenOff, UnreadableMail
from privacy.models import ReceivedMail

log = structlog.get_logger(__name__)

_FROM = ("from", "reply-to", "sender", "return-path")
_TO = ("to", "cc", "delivered-to")
T = TypeVar("T")


def messages_of(wanted: Collection[str]) -> list[MessageRef]:
    """The mails that one of these addresses sent, and ours to one of them. Raises MailboxError."""
    theirs = {mail_addresses.normal(address) for address in wanted}
    found = []
    with opening.opened(every=True) as folders:
        for folder in folders:
            found += [outline.ref for outline in folder.outlines(folder.uids()) if _is_of(outline, theirs)]
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


def expunge_of(wanted: Collection[str], *, request_id: int | None) -> int:
    """Removes the messages of these addresses, but for those of the request, which its notice still needs.

    What came in meanwhile is taken first: nobody's mail is removed before it was judged.
    """
    while taking.fetch():
        pass
    needed = set(refs_of_request(request_id)) if request_id else set()
    return expunge(ref for ref in messages_of(wanted) if ref not in needed)


def search_text(find: Callable[[str], Iterable[T]], *, unreadable: T) -> Iterator[tuple[MessageRef, str, T]]:
    """What `find` finds in the mailbox, and where: in the headers as they were sent and as they are read, and in the
    text parts of each mail. Attachments aren't opened. Of a mail that can't be read `unreadable` is what was found: one
    bad mail stops no search. Raises MailboxError.
    """
    with opening.opened(every=True) as folders:
        for folder in folders:
            for uid in folder.uids():
                try:
                    message = folder.message(uid)
                    texts = list(_texts(message)) if message is not None else []
                except BrokenOff:
                    raise  # else all that follow would seem to be unreadable
                except (UnreadableMail, ValueError, LookupError) as error:
                    log.warning("mail not searched", error=type(error).__name__)
                    yield folder.ref(uid), "mail", unreadable
                    continue
                yield from ((folder.ref(uid), where, hit) for where, text in texts for hit in find(text))


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    yield "headers", message.raw_headers.decode("utf-8", "replace")
    read = [message.header(name) for name in ("subject", "from", "to", "cc", "reply-to", "sender")]
    yield "headers, decoded", "\n".join(read)
    for part in message.parts:
        yield f"text ({part.kind})", mime_text.decoded(part)


def _is_of(outline: Message, theirs: Collection[str]) -> bool:
    if any(address in theirs for _, address in outline.addresses(*_FROM)):
        return True
    is_ours = mail_addresses.is_ours(outline.sender)
    return is_ours and any(address in theirs for _, address in outline.addresses(*_TO))
