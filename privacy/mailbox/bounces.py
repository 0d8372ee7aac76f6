"""Which mail of ours came back: by the address it came back to, else by what the report quotes of it (RFC 3464)."""

import re
from datetime import UTC, datetime

from privacy import mail_addresses
from privacy.mailbox import charsets, mime_text
from privacy.mailbox.messages import REPORT, RETURNED, Message, MessageRef, Part

_ACTION = re.compile(r"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"^status:\s*(\d)\.", re.IGNORECASE | re.MULTILINE)
_FULL_STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
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


def status_of(message: Message) -> str:
    """Why it wasn't delivered, as a code of RFC 3463 such as 5.1.1; empty where the report gives none."""
    reports = [_words(part.content) for part in message.parts if part.kind == REPORT]
    return next((found[1] for report in reports for found in _FULL_STATUS.finditer(report)), "")


def message_ids(message: Message) -> list[str]:
    """The Message-IDs of the mails that the report quotes."""
    quoted = [_quoted(part) for part in message.parts if part.kind in RETURNED]
    return [one.message_id for one in quoted if one.message_id]


def _quoted(part: Part) -> Message:
    return Message(_NOWHERE, 0, datetime.min.replace(tzinfo=UTC), mime_text.of_part(part))


def _quoted_tokens(message: Message) -> list[str]:
    """The tokens in the sender's addresses of the mail that is quoted."""
    found = []
    for part in message.parts:
        if part.kind in RETURNED:
            senders = _quoted(part).addresses("return-path", "from", "reply-to", "sender")
            found += [mail_addresses.token_of(address) for _, address in senders]
    return found


def _words(content: bytes) -> str:
    return charsets.clean(charsets.decoded(content, ""))
