"""Which mail of ours came back: by the address it came back to, else by what the report quotes of it (RFC 3464)."""

import re
from datetime import UTC, datetime

from privacy import mail_addresses
from privacy.mailbox import charsets, mime_text
from privacy.mailbox.messages import REPORT, RETURNED, Message, MessageRef

_ACTION = re.compile(r"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^status:\s*(\d)\.", re.IGNORECASE | re.MULTILINE)
_LATE = re.compile(r"delay|warning|verz[öo]gert|retard|not yet been delivered", re.IGNORECASE)
_NOWHERE = MessageRef("", "", "")


def token_of(message: Message) -> str:
    """The token of the mail that the report is about, or nothing where it names none."""
    to_us = [mail_addresses.token_of(address) for address in message.recipients]
    return next((token for token in [*to_us, *_quoted_tokens(message)] if token), "")


def has_failed(message: Message) -> bool:
    """Whether the mail won't be delivered. A report may also say that it is late, or that it arrived."""
    reports = [_words(part.content) for part in message.parts if part.kind == REPORT]
    actions = [action.lower() for report in reports for action in _ACTION.findall(report)]
    if actions:
        return "failed" in actions
    classes = [status for report in reports for status in _STATUS.findall(report)]
    if classes:
        return "5" in classes
    return not _LATE.search(message.subject)


def _quoted_tokens(message: Message) -> list[str]:
    """The tokens in the sender's addresses of the mail that is quoted."""
    found = []
    for part in message.parts:
        if part.kind in RETURNED:
            quoted = Message(_NOWHERE, 0, datetime.min.replace(tzinfo=UTC), mime_text.of_part(part))
            senders = quoted.addresses("return-path", "from", "reply-to", "sender")
            found += [mail_addresses.token_of(address) for _, address in senders]
    return found


def _words(content: bytes) -> str:
    return charsets.clean(charsets.decoded(content, ""))
