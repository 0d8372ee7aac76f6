"""The connection to an IMAP server, and the folders behind it."""

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import SplitResult, unquote

from imap_tools import BaseMailBox, MailBox, MailboxFolderSelectError, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from privacy import alerts
from privacy.mailbox.imap import ImapFolder
from privacy.mailbox.source import MailboxError, mailbox_name

TIMEOUT = 20  # seconds, for each answer of the server
_CLOSED = "The folder {} of the mailbox can't be opened: deletions look into it no more. Let the shop's user read it."


@contextmanager
def folders(url: SplitResult, ca_file: str, *, every: bool) -> Iterator[Iterator[ImapFolder]]:
    """The folder that `url` names, or `every` folder of that account that can be opened, the named one first.

    Raises MailboxError with a sentence that holds neither password nor user.
    """
    host, inbox = url.hostname or "", unquote(url.path.strip("/")) or "INBOX"
    where = f"The mailbox on {host}"
    try:
        box = _connect(url, ca_file)
    except ssl.SSLError as error:
        raise MailboxError(f"{where} has no certificate that is trusted: {error.reason}.") from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailboxError(f"{where} can't be reached: {type(error).__name__}.") from error
    try:
        _log_in(box, url, where)
        yield _opened(box, host, inbox, every=every)
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailboxError(f"{where} broke off: {type(error).__name__}.") from error
    finally:
        _log_out(box)


def _opened(box: BaseMailBox, host: str, inbox: str, *, every: bool) -> Iterator[ImapFolder]:
    names = [inbox]
    if every:
        listed = [folder.name for folder in box.folder.list() if _is_there(folder.flags)]
        names += [name for name in listed if name.upper() != inbox.upper()]
    for name in names:
        try:
            folder = ImapFolder(box, host, name)
        except MailboxFolderSelectError as error:
            if name == inbox:
                raise MailboxError(f"The folder {name} of the mailbox can't be opened.") from error
            # One that others share with the shop's user, but not its mails: it stops neither a search nor a deletion.
            alerts.raise_alert("mailbox_folder", mailbox_name(host, name), _CLOSED.format(name))
            continue
        alerts.close_alert("mailbox_folder", folder.name)
        yield folder


def _is_there(flags: Sequence[str]) -> bool:
    """Whether a folder of the list has mails: a name alone has none, nor has one that is no more (RFC 5258)."""
    return not {flag.lower() for flag in flags} & {r"\noselect", r"\nonexistent"}


def _connect(url: SplitResult, ca_file: str) -> BaseMailBox:
    host = url.hostname or ""
    if url.scheme == "imap":  # on the loopback address only: the settings see to that
        return MailBoxUnencrypted(host, url.port or 143, timeout=TIMEOUT)
    context = ssl.create_default_context(cafile=ca_file or None)
    return MailBox(host, url.port or 993, timeout=TIMEOUT, ssl_context=context)


def _log_in(box: BaseMailBox, url: SplitResult, where: str) -> None:
    user, password = unquote(url.username or ""), unquote(url.password or "")
    log_in = box.login if (user + password).isascii() else box.login_utf8
    try:
        log_in(user, password, initial_folder=None)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise MailboxError(f"{where} refuses the user or the password.") from error


def _log_out(box: BaseMailBox) -> None:
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        return  # it is gone already, and said so before
