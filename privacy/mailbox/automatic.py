"""Which mails no program may answer (RFC 3834, section 2), and why: a machine wrote them, or a list carried them."""

import re
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

from privacy import mail_addresses
from privacy.mailbox.messages import Message


class Origin(StrEnum):
    """Who wrote a mail, as far as its headers tell."""

    PERSON = "person"
    OURSELVES = "ourselves"
    BOUNCE = "bounce"
    LIST = "list"
    MACHINE = "machine"


_DAEMONS = re.compile(r"(?:mailer[-_.]?daemon|postmaster|mail[-_.]?daemon|mdaemon|bounces?)(?:[+=-].*)?@")
_NOBODY = re.compile(r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply\w*|notifications?|auto[-_.]?reply)(?:[+=-].*)?@")
_LISTS = ("list-id", "list-post", "list-help", "list-unsubscribe", "list-subscribe", "list-owner", "mailing-list")
_MACHINES = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply", "x-loop")
_PRECEDENCE = {"bulk": Origin.LIST, "list": Origin.LIST, "junk": Origin.MACHINE, "auto_reply": Origin.MACHINE}
_AWAY = re.compile(
    r"^\s*(?:automati(?:c reply|sche antwort|sch antwoord)|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office"
    r"|abwesen(?:d|heit)\w*|r[ée]ponse automatique|absence du bureau|respuesta autom[áa]tica|risposta automatica"
    r"|automatisch antwoord|afwezig\w*|odpowied[źz] automatyczna|resposta autom[áa]tica|autoreply|ooo\b)",
    re.IGNORECASE,
)


def origin(message: Message) -> Origin:
    """Who wrote this mail. What comes from ourselves is told first: our own mails say that they are automatic."""
    if _is_ours(message):
        return Origin.OURSELVES
    if is_bounce(message):
        return Origin.BOUNCE
    if any(message.has(name) for name in _LISTS):
        return Origin.LIST
    precedence = _PRECEDENCE.get(message.header("precedence").lower())
    if precedence:
        return precedence
    return Origin.MACHINE if _is_of_a_machine(message) else Origin.PERSON


def says_automatic(message: Message) -> bool:
    """Whether the mail itself says that no person sent it (RFC 3834, section 5)."""
    word = message.header("auto-submitted").split(";")[0].strip().lower()
    return bool(word) and word != "no"


def is_report(message: Message) -> bool:
    """Whether a mail server reports in its form what became of a mail (RFC 3464)."""
    is_report = message.content_type == "multipart/report" and message.parameter("report-type") == "delivery-status"
    return is_report or message.has("x-failed-recipients")


def is_bounce(message: Message) -> bool:
    """Whether it comes from a mail server that could not deliver a mail.

    A person may write as postmaster or from bounces@, too: what is no report and has a return path was written by one.
    """
    return is_report(message) or (bool(_DAEMONS.match(message.sender)) and not message.addresses("return-path"))


def _is_of_a_machine(message: Message) -> bool:
    return (
        says_automatic(message)
        or any(message.has(name) for name in _MACHINES)
        or message.header("x-auto-response-suppress").strip().lower() not in {"", "none"}
        or message.content_type == "multipart/report"
        or (message.has("return-path") and not message.addresses("return-path"))
        or bool(_NOBODY.match(message.sender))
        or bool(_AWAY.match(message.subject))
    )


def _is_ours(message: Message) -> bool:
    host = urlsplit(settings.SITE_URL).hostname or ""
    has_our_host = message.message_id.rstrip(">").endswith(f"@{host}")  # as mail programs on that host have it, too
    return mail_addresses.is_ours(message.sender) or (has_our_host and says_automatic(message))
