"""A mailbox on an IMAP server, read so that nobody sees that it was read: EXAMINE and BODY.PEEK, no flag changes."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, unquote

from imap_tools import BaseMailBox, MailBox, MailboxFolderSelectError, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from privacy import alerts
from privacy.mailbox import body_structure
from privacy.mailbox.body_structure import Described, Item
from privacy.mailbox.messages import (
    MOST_HEADER_BYTES,
    MOST_REPORT_BYTES,
    MOST_TEXT_BYTES,
    REPORT,
    RETURNED,
    Message,
    MessageRef,
    Part,
)
from privacy.mailbox.source import BrokenOff, MailboxError, UnreadableMail, mailbox_name

TIMEOUT = 20  # seconds, for each answer of the server
_CHUNK = 200
_CLOSED = "The folder {} of the mailbox can't be opened: deletions look into it no more. Let the shop's user read it."
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_QUOTED = re.compile(rb'BODY\[[^\]]*\](?:<\d+>)?\s+"((?:[^"\\]|\\.)*)"')
_UID = re.compile(rb"UID (\d+)")
_WHO = "FROM REPLY-TO SENDER RETURN-PATH TO CC DELIVERED-TO MESSAGE-ID SUBJECT"


class ImapFolder:
    """One folder, selected to be read. A source of mails (`source.Source`)."""

    def __init__(self, box: BaseMailBox, host: str, folder: str) -> None:
        self._box, self._folder = box, folder
        self.name = mailbox_name(host, folder)
        box.folder.set(folder, readonly=True)
        _, answer = box.client.response("UIDVALIDITY")
        self.uid_validity = _text(answer[0] if answer else b"")

    def uids(self, since: date | None = None) -> list[str]:
        """The numbers of its mails, those that came in before `since` left out."""
        return self._box.uids(f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}" if since else "ALL")

    def message(self, uid: str) -> Message | None:
        """Size and headers first, then the text parts alone, `MOST_TEXT_BYTES` of all at most. None: it is gone.

        Raises UnreadableMail. The connection is of no use any more then: where an answer was too long, or wasn't one,
        the next command reads the rest of it.
        """
        try:
            return self._message(uid)
        except (OSError, imaplib.IMAP4.abort) as error:
            raise BrokenOff(f"The mail server broke off at mail {uid}.") from error
        except (imaplib.IMAP4.error, MailboxError) as error:
            raise UnreadableMail(f"The mail server doesn't give mail {uid}.") from error

    def _message(self, uid: str) -> Message | None:
        head = self._fetch(uid, f"(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>)")
        headers = _value(head)
        if headers is None:
            return None
        said = b" ".join(item[0] if isinstance(item, tuple) else item for item in head if item)
        bare = Message(self.ref(uid), _size(said), _received_at(said), headers)
        return replace(bare, parts=tuple(self._parts(uid, bare)))

    def ref(self, uid: str) -> MessageRef:
        return MessageRef(self.name, self.uid_validity, uid)

    def outlines(self, uids: Sequence[str]) -> Iterator[Message]:
        """Mails with the headers that say from whom and to whom they are, and nothing more."""
        for start in range(0, len(uids), _CHUNK):
            wanted = ",".join(uids[start : start + _CHUNK])
            for item in self._fetch(wanted, f"(UID BODY.PEEK[HEADER.FIELDS ({_WHO})])"):
                if isinstance(item, tuple) and (number := _UID.search(item[0])):
                    yield Message(self.ref(_text(number[1])), 0, datetime.min.replace(tzinfo=UTC), item[1])

    def expunge(self, uids: Sequence[str]) -> int:
        """Removes mails for good, and no other that somebody else marked as deleted; returns how many were there."""
        box = self._box
        box.folder.set(self._folder, readonly=False)
        try:
            there = sorted(set(uids) & set(box.uids("ALL")), key=int)
            for start in range(0, len(there), _CHUNK):
                self._expunge(",".join(there[start : start + _CHUNK]))
            left = set(there) & set(box.uids("ALL"))
        finally:
            box.folder.set(self._folder, readonly=True)
        if left:
            raise MailboxError(f"The mail server kept {len(left)} mails that it was asked to remove.")
        return len(there)

    def _expunge(self, wanted: str) -> None:
        client = self._box.client
        if "UIDPLUS" in _capabilities(client):
            _ok(client.uid("STORE", wanted, "+FLAGS.SILENT", r"(\Deleted)"))
            _ok(client.uid("EXPUNGE", wanted))
            return
        # Without UIDPLUS (RFC 4315) all marked mails go at once: those that others marked are unmarked meanwhile.
        others = ",".join(self._box.uids("DELETED"))
        if others:
            _ok(client.uid("STORE", others, "-FLAGS.SILENT", r"(\Deleted)"))
        try:
            _ok(client.uid("STORE", wanted, "+FLAGS.SILENT", r"(\Deleted)"))
            _ok(client.expunge())
        finally:
            if others:
                _ok(client.uid("STORE", others, "+FLAGS.SILENT", r"(\Deleted)"))

    def _parts(self, uid: str, bare: Message) -> Iterator[Part]:
        left = MOST_TEXT_BYTES
        for described in self._described(uid):
            most = MOST_REPORT_BYTES if described.kind == REPORT or described.kind in RETURNED else left
            content = self._body(uid, described.number, min(most, left))
            if content is None and not described.is_empty:
                raise MailboxError("The mail server has a part and doesn't give it.")
            content = content or b""
            left -= len(content)
            yield Part(described.kind, described.charset, described.encoding, content, described.is_attachment)
            if left <= 0:
                return
        # What calls itself text and has no part that can be told apart is read as it stands.
        if left == MOST_TEXT_BYTES and bare.content_type.startswith(("multipart/", "text/")):
            yield Part("text/plain", "", "", self._body(uid, "TEXT", MOST_TEXT_BYTES) or b"")

    def _described(self, uid: str) -> list[Described]:
        try:
            return body_structure.wanted_parts(self._fetch(uid, "(BODYSTRUCTURE)"))
        except body_structure.Unreadable:
            return []

    def _body(self, uid: str, number: str, most: int) -> bytes | None:
        return _value(self._fetch(uid, f"(BODY.PEEK[{number}]<0.{most}>)"))

    def _fetch(self, uids: str, what: str) -> list[Item]:
        return [item for item in _ok(self._box.client.uid("FETCH", uids, what)) if item is not None]


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


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _capabilities(client: imaplib.IMAP4) -> set[str]:
    # A server may offer more after the sign-in than imaplib remembers from before it.
    return set(" ".join(_text(line) for line in _ok(client.capability())).upper().split())


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    word, lines = answer
    if word != "OK":
        raise MailboxError("The mail server refused a command.")
    return lines


def _size(said: bytes) -> int:
    found = _SIZE.search(said)
    return int(found[1]) if found else 0


def _received_at(said: bytes) -> datetime:
    found = _DATE.search(said)
    try:
        came = parsedate_to_datetime(_text(found[1]).strip().replace("-", " ", 2)) if found else datetime.now(UTC)
    except ValueError:
        return datetime.now(UTC)
    return came if came.tzinfo else came.replace(tzinfo=UTC)  # "-0000" is UTC, of a zone that isn't told


def _value(answer: Sequence[Item]) -> bytes | None:
    """The text in the answer to a FETCH, which servers write as a literal or, where it is short, as a quoted string
    (`nstring`, RFC 3501, section 4.5). None where they have none: NIL."""
    for item in answer:
        if isinstance(item, tuple):
            return item[1]
        quoted = _QUOTED.search(item)
        if quoted:
            return re.sub(rb"\\(.)", rb"\1", quoted[1])
    return None


def _text(value: bytes | str) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value
