"""The pass over the support mailbox."""

from collections.abc import Iterator

from privacy import mailbox
from privacy.people import Person
from privacy.residue.exemptions import Exempt
from privacy.residue.identifiers import Kind
from privacy.residue.matching import Hit, Matcher

UNREADABLE = Hit(Kind.UNREADABLE, "mail")


def search(matcher: Matcher, person: Person, exempt: Exempt) -> Iterator[tuple[str, str, Hit, bool]]:
    """Where in a mail, which mail, what was found, and whether the mail is the person's own. Of somebody else's mail a
    person decides. The mails of the request itself are let pass until its notice has gone. Raises MailboxError.
    """
    passed = {*exempt.messages, *(mailbox.refs_of_request(exempt.request) if exempt.request else ())}
    own = set(mailbox.messages_of(person.addresses))
    for ref, where, hit in mailbox.search_text(matcher.search, unreadable=UNREADABLE):
        if ref not in passed:
            yield f"mailbox, {where}", ref.uid, hit, ref in own
