"""The pass over the support mailbox."""

import io
from collections.abc import Iterator

from privacy import mailbox
from privacy.people import Person
from privacy.residue import files
from privacy.residue.exemptions import Exempt
from privacy.residue.identifiers import Kind
from privacy.residue.matching import Hit, Matcher

UNREADABLE = Hit(Kind.UNREADABLE, "mail")


def search(matcher: Matcher, person: Person, exempt: Exempt) -> Iterator[tuple[str, str, Hit, bool]]:
    """Where in a mail, which mail, what was found, and whether the mail is the person's own. Of somebody else's mail a
    person decides, and so of one that the person wrote after being told. The mails of the request itself are let pass
    until its notice has gone. Raises MailboxError.
    """
    passed = {*exempt.messages, *(mailbox.refs_of_request(exempt.request) if exempt.request else ())}
    own = set(mailbox.messages_of(person.addresses, until=exempt.told_at))
    look = mailbox.Look(
        in_text=lambda text: matcher.search(text) if matcher.may_be_in_text(text) else set(),
        in_file=lambda content: files.in_file(io.BytesIO(content), matcher),
        unreadable=UNREADABLE,
    )
    for found in mailbox.search(look):
        if found.ref not in passed:
            yield f"mailbox, {found.where}", found.ref.uid, found.what, found.ref in own
