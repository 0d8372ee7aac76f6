"""Mailboxes for the tests: a Maildir, and a real IMAP server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from local.mail_sink import make_maildir
from tests import dovecot
from tests.dovecot import Dovecot
from tests.privacy.mailbox.letters import Box


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Dovecot]:
    if why_not := dovecot.why_not():
        pytest.skip(why_not)
    with dovecot.running() as server:
        yield server


@pytest.fixture
def imap(imap_server: Dovecot, settings: Settings) -> Dovecot:
    """An empty mailbox on a real server, which the settings name."""
    imap_server.empty()
    settings.MAILBOX_URL, settings.MAILBOX_CA = imap_server.url, ""
    return imap_server


@pytest.fixture
def maildir(tmp_path: Path, settings: Settings) -> Box:
    """An empty Maildir, which the settings name."""
    folder = make_maildir(tmp_path / "support-mail")
    settings.MAILBOX_URL = f"maildir:{folder}"
    return Box(folder)
