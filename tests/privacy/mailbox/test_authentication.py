"""Results of SPF, DKIM and DMARC are believed of our own server alone."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from privacy.mailbox import authentication
from privacy.mailbox.messages import Message, MessageRef


def message(*results: str) -> Message:
    raw = "".join(f"Authentication-Results: {result}\r\n" for result in results)
    return Message(MessageRef("x", "1", "1"), 0, datetime.now(UTC), raw.encode())


OURS = "mail.azureops.example"


@pytest.mark.parametrize(
    ("results", "hints"),
    [
        ([f"{OURS}; spf=pass smtp.mailfrom=x; dkim=fail (bad; sig);\r\n dmarc=none"], ("pass", "fail", "none")),
        ([f"{OURS.upper()} 1; SPF=Pass"], ("pass", "", "")),
        (["mx.evil.example; spf=pass; dkim=pass; dmarc=pass"], ("", "", "")),
        ([f"{OURS}.evil.example; spf=pass"], ("", "", "")),
        ([f"{OURS}; spf=fail", f"{OURS}; spf=pass; dkim=pass"], ("fail", "pass", "")),
        (["", ";", "=;=;=", f"{OURS}", f"{OURS}; none"], ("", "", "")),
    ],
)
def test_what_counts(settings: Settings, results: list[str], hints: tuple[str, str, str]) -> None:
    settings.MAILBOX_URL, settings.MAILBOX_AUTHSERV_ID = f"imaps://a:b@{OURS}/INBOX", ""
    expected = {name: word for name, word in zip(("spf", "dkim", "dmarc"), hints, strict=True) if word}
    assert authentication.hints(message(*results)) == expected


def test_the_name_can_be_set_and_without_one_nothing_counts(settings: Settings) -> None:
    settings.MAILBOX_URL, settings.MAILBOX_AUTHSERV_ID = "maildir:/x", "mx"
    assert authentication.hints(message("mx; spf=pass")) == {"spf": "pass"}
    settings.MAILBOX_AUTHSERV_ID = ""
    assert authentication.hints(message("; spf=pass", "mx; spf=pass")) == {}
