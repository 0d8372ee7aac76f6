"""What our own mail server found out about a sender: SPF, DKIM and DMARC (RFC 8601). They are hints for a person.

A mail may bring such results of its own. Only those of our server count, which puts its own on top and is expected to
take off others that bear its name (RFC 8601, section 5).
"""

import re
from urllib.parse import urlsplit

from django.conf import settings

from privacy.mailbox.messages import Message

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"^\s*(spf|dkim|dmarc)\s*=\s*(\w{1,20})", re.IGNORECASE)


def server_name() -> str:
    """The name under which our server signs its results: the setting, else the host of the mailbox."""
    return (settings.MAILBOX_AUTHSERV_ID or urlsplit(settings.MAILBOX_URL).hostname or "").lower()


def hints(message: Message) -> dict[str, str]:
    """The results of our own server by method, such as `{"dmarc": "pass"}`; of two the upper one."""
    ours, found = server_name(), dict[str, str]()
    for value in message.headers("authentication-results"):
        name, *results = _COMMENT.sub(" ", value).split(";")
        if not ours or name.lower().split()[:1] != [ours]:
            continue
        for result in results:
            match = _RESULT.match(result)
            if match:
                found.setdefault(match[1].lower(), match[2].lower())
    return found
