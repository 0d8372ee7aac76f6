"""Opens the support mailbox that MAILBOX_URL names: an IMAP server, or `maildir:PATH`. Unset, there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from privacy.mailbox import imap_connection, maildir
from privacy.mailbox.source import Source

_MAILDIR = "maildir:"


def is_there() -> bool:
    """Whether the shop has a mailbox to read."""
    return bool(settings.MAILBOX_URL)


def maildir_path() -> Path | None:
    """The folder of the mailbox, where it is one on this machine."""
    url = settings.MAILBOX_URL
    return Path(url.removeprefix(_MAILDIR)) if url.startswith(_MAILDIR) else None


@contextmanager
def opened(*, every: bool = False) -> Iterator[Iterator[Source]]:
    """The folder that mail comes into; with `every`, all folders of the mailbox. Raises MailboxError.

    Each folder is to be done with before the next is asked for: an IMAP connection has one open at a time.
    """
    path = maildir_path()
    if not is_there():
        yield iter(())
    elif path is not None:
        yield maildir.folders(path, every=every)
    else:
        with imap_connection.folders(urlsplit(settings.MAILBOX_URL), settings.MAILBOX_CA, every=every) as found:
            yield found
