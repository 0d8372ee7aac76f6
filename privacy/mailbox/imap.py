"""A mailbox on an IMAP server, read so that nobody sees that it was read: EXAMINE and BODY.PEEK, no flag changes."""

import imaplib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from imap_tools import BaseMailBox

from privacy.mailbox import body_structure, files, imap_answers
from privacy.mailbox.body_structure import Described, Item
from privacy.mailbox.files import Header, MailedFile, MailedFiles, is_file
from privacy.mailbox.messages import (
    MOST_HEADER_BYTES,
    MOST_REPORT_BYTES,
    MOST_TEXT_BYTES,
    MOST_WHOLE_BYTES,
    REPORT,
    RETURNED,
    Message,
    MessageRef,
    Part,
    Whole,
)
from privacy.mailbox.source import BrokenOff, MailboxError, UnreadableMail, mailbox_name

_CHUNK = 200
#: So many bytes of mails are asked for at once.
_GROUP = 4_000_000
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WHO = "FROM REPLY-TO SENDER RETURN-PATH TO CC DELIVERED-TO MESSAGE-ID SUBJECT"


class ImapFolder:
    """One folder, selected to be read. A source of mails (`source.Source`)."""

    def __init__(self, box: BaseMailBox, host: str, folder: str) -> None:
        self._box, self._folder = box, folder
        self.name = mailbox_name(host, folder)
        box.folder.set(folder, readonly=True)
        _, answer = box.client.response("UIDVALIDITY")
        self.uid_validity = imap_answers.text(answer[0] if answer else b"")

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
        headers = imap_answers.value(head)
        if headers is None:
            return None
        said = b" ".join(item[0] if isinstance(item, tuple) else item for item in head if item)
        bare = Message(self.ref(uid), imap_answers.size(said), imap_answers.received_at(said), headers)
        return replace(bare, parts=tuple(self._parts(uid, bare)))

    def files(self, uid: str) -> MailedFiles:
        """The files of a mail: their headers are fetched, and what is in one when it is asked for."""
        try:
            described = [part for part in self._parts_of(uid) if is_file(part.kind, is_attachment=part.is_attachment)]
            head = described[: files.MOST_NAMED]
            return MailedFiles(tuple(self._file(uid, part) for part in head), len(described) - len(head))
        except (OSError, imaplib.IMAP4.abort) as error:
            raise BrokenOff(f"The mail server broke off at mail {uid}.") from error
        except (imaplib.IMAP4.error, MailboxError) as error:
            raise UnreadableMail(f"The mail server doesn't give mail {uid}.") from error

    def _file(self, uid: str, part: Described) -> MailedFile:
        said = self._body(uid, f"{part.number}.MIME", MOST_HEADER_BYTES)
        if not said:  # a mail that is nothing but this file: what it is stands in the headers of the mail
            said = self._body(uid, "HEADER", MOST_HEADER_BYTES)
        header = files.of_headers(said or b"")
        size = files.size_of(part.size or 0, header.encoding)
        return MailedFile(header.name, part.kind, size, header.is_inline, partial(self._read, uid, part.number, header))

    def _read(self, uid: str, number: str, header: Header, most: int) -> bytes | None:
        try:
            content = self._body(uid, number, files.encoded_size(most, header.encoding))
        except (OSError, imaplib.IMAP4.abort) as error:
            raise BrokenOff(f"The mail server broke off at mail {uid}.") from error
        except (imaplib.IMAP4.error, MailboxError):
            return None
        return None if content is None else files.decoded(content, header, most)

    def ref(self, uid: str) -> MessageRef:
        return MessageRef(self.name, self.uid_validity, uid)

    def outlines(self, uids: Sequence[str]) -> Iterator[Message]:
        """Mails with the headers that say from whom and to whom they are, and nothing more."""
        for start in range(0, len(uids), _CHUNK):
            wanted = ",".join(uids[start : start + _CHUNK])
            answer = self._fetch(wanted, f"(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS ({_WHO})])")
            for uid, said in imap_answers.by_mail(answer):
                came = imap_answers.received_at(imap_answers.without_literals(said))
                yield Message(self.ref(uid), 0, came, imap_answers.value(said) or b"")

    def wholes(self, uids: Sequence[str]) -> Iterator[Whole]:
        """Mails as they came, many with one question: a search looks at each, and the way to a server is long."""
        for start in range(0, len(uids), _CHUNK):
            sizes = self._fetch(",".join(uids[start : start + _CHUNK]), "(UID RFC822.SIZE INTERNALDATE)")
            heads = {uid: imap_answers.without_literals(said) for uid, said in imap_answers.by_mail(sizes)}
            for group in _groups({uid: imap_answers.size(head) for uid, head in heads.items()}):
                contents = self._contents(group)
                for uid in group:
                    head = heads[uid]
                    yield Whole(
                        self.ref(uid), imap_answers.size(head), imap_answers.received_at(head), contents.get(uid)
                    )

    def _contents(self, uids: Sequence[str]) -> dict[str, bytes]:
        """What the server gives of these mails. One that it refuses is in no other's way."""
        try:
            answer = self._fetch(",".join(uids), f"(UID BODY.PEEK[]<0.{MOST_WHOLE_BYTES + 1}>)")
        except (imaplib.IMAP4.abort, OSError) as error:
            raise BrokenOff("The mail server broke off while its mails were searched.") from error
        except (imaplib.IMAP4.error, MailboxError):
            return {uid: content for uid in uids for content in self._contents([uid]).values()} if uids[1:] else {}
        found = {uid: imap_answers.value(said) for uid, said in imap_answers.by_mail(answer)}
        return {uid: content for uid, content in found.items() if content and len(content) <= MOST_WHOLE_BYTES}

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
        if "UIDPLUS" in imap_answers.capabilities(client):
            imap_answers.ok(client.uid("STORE", wanted, "+FLAGS.SILENT", r"(\Deleted)"))
            imap_answers.ok(client.uid("EXPUNGE", wanted))
            return
        # Without UIDPLUS (RFC 4315) all marked mails go at once: those that others marked are unmarked meanwhile.
        others = ",".join(self._box.uids("DELETED"))
        if others:
            imap_answers.ok(client.uid("STORE", others, "-FLAGS.SILENT", r"(\Deleted)"))
        try:
            imap_answers.ok(client.uid("STORE", wanted, "+FLAGS.SILENT", r"(\Deleted)"))
            imap_answers.ok(client.expunge())
        finally:
            if others:
                imap_answers.ok(client.uid("STORE", others, "+FLAGS.SILENT", r"(\Deleted)"))

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

    def _parts_of(self, uid: str) -> list[Described]:
        try:
            return list(body_structure.parts(self._fetch(uid, "(BODYSTRUCTURE)")))
        except body_structure.Unreadable:
            return []

    def _body(self, uid: str, number: str, most: int) -> bytes | None:
        return imap_answers.value(self._fetch(uid, f"(BODY.PEEK[{number}]<0.{most}>)"))

    def _fetch(self, uids: str, what: str) -> list[Item]:
        return [item for item in imap_answers.ok(self._box.client.uid("FETCH", uids, what)) if item is not None]


def _groups(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """The mails in groups of bounded size; one that is larger is a group of its own."""
    group: list[str] = []
    total = 0
    for uid, size in sizes.items():
        if group and total + size > _GROUP:
            yield group
            group, total = [], 0
        group.append(uid)
        total += size
    if group:
        yield group
