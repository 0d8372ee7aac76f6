"""The support mailbox: mails come in, are taken once, and are removed when their person is erased.

A mail to support is the way to ask for deletion (P12b). `fetch` reads what came in and leaves every flag as it was;
what asks for deletion becomes a request, what answers one of our mails goes to its request, other parts of the shop may
take theirs (`register_handler`), and the rest stays for people. MAILBOX_URL unset, there is no mailbox: nothing is
found, and nothing fails.
"""

from privacy.mailbox.handlers import Outcome as Outcome
from privacy.mailbox.handlers import register_handler as register_handler
from privacy.mailbox.judging import Judged as Judged
from privacy.mailbox.messages import MessageRef as MessageRef
from privacy.mailbox.opening import is_there as is_there
from privacy.mailbox.own_messages import expunge as expunge
from privacy.mailbox.own_messages import expunge_of as expunge_of
from privacy.mailbox.own_messages import messages_of as messages_of
from privacy.mailbox.own_messages import refs_of_request as refs_of_request
from privacy.mailbox.searching import Found as Found
from privacy.mailbox.searching import Look as Look
from privacy.mailbox.searching import search as search
from privacy.mailbox.source import MailboxError as MailboxError
from privacy.mailbox.taking import fetch as fetch
from privacy.mailbox.taking import preview as preview
