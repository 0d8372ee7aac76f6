"""A mailbox that is a folder on this machine, in the form of Maildir: what `make run` has, and small installations.

Reading moves nothing from `new` to `cur` and touches no flag. A mail's number is the unique part of its file's name,
which stays the same when its flags change.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from privacy.mailbox import files, mime_scan
from privacy.mailbox.files import Header, MailedFile, MailedFiles
from privacy.mailbox.messages import MOST_WHOLE_BYTES, Message, MessageRef, Whole
from privacy.mailbox.source import MailboxError, UnreadableMail, mailbox_name

_MOST_UID = 120


class MaildirFolder:
    """One folder of mails. A source of mails (`source.Source`)."""

    uid_validity = "maildir"

    def __init__(self, root: Path, folder: Path) -> None:
        self._folder = folder
        self.name = mailbox_name("maildir", root.name if folder == root else f"{root.name}/{folder.name}")

    def ref(self, uid: str) -> MessageRef:
        return MessageRef(self.name, self.uid_validity, uid)

    def uids(self, since: date | None = None) -> list[str]:
        """The numbers of its mails, in the order of their names, those that came in before `since` left out."""
        files = self._files()
        if since is None:
            return list(files)
        return [uid for uid, file in files.items() if (came := _received_at(file)) and came.date() >= since]

    def message(self, uid: str) -> Message | None:
        """The mail with its text parts. None: it is gone."""
        file = self._files().get(uid)
        received_at = _received_at(file) if file else None
        if file is None or received_at is None:
            return None
        try:
            with file.open("rb") as content:
                headers, parts = mime_scan.scan(content)
                size = file.stat().st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnreadableMail(f"Mail {uid} can't be read: {error.strerror}.") from error
        return Message(self.ref(uid), size, received_at, headers, tuple(parts))

    def files(self, uid: str) -> MailedFiles:
        """The files of a mail; the mail is read anew for each that is asked for."""
        try:
            with self._files()[uid].open("rb") as mail:
                found = mime_scan.files(mail)
        except (KeyError, FileNotFoundError):
            return MailedFiles()
        except OSError as error:
            raise UnreadableMail(f"Mail {uid} can't be read: {error.strerror}.") from error
        return files.gathered(self._file(uid, number, *of_part) for number, of_part in enumerate(found))

    def _file(self, uid: str, number: int, raw_headers: bytes, size: int) -> MailedFile:
        header = files.of_headers(raw_headers)
        read = partial(self._read, uid, number, header)
        return MailedFile(header.name, header.kind, files.size_of(size, header.encoding), header.is_inline, read)

    def _read(self, uid: str, number: int, header: Header, most: int) -> bytes | None:
        try:
            with self._files()[uid].open("rb") as mail:
                content = mime_scan.content_of(mail, number, files.encoded_size(most, header.encoding))
        except (KeyError, OSError):
            return None
        return None if content is None else files.decoded(content, header, most)

    def outlines(self, uids: Sequence[str]) -> Iterator[Message]:
        """Mails as `message` gives them: nothing is saved by reading less of a file."""
        return (found for uid in uids if (found := self.message(uid)) is not None)

    def wholes(self, uids: Sequence[str]) -> Iterator[Whole]:
        """Mails as their files have them. A file that went meanwhile is left out."""
        files = self._files()
        for uid in uids:
            file = files.get(uid)
            received_at = _received_at(file) if file else None
            if file is None or received_at is None:
                continue
            try:
                size = file.stat().st_size
                content = file.read_bytes() if size <= MOST_WHOLE_BYTES else None
            except FileNotFoundError:
                continue
            except OSError:
                size, content = 0, None
            yield Whole(self.ref(uid), size, received_at, content)

    def expunge(self, uids: Sequence[str]) -> int:
        """Removes the files; returns how many were there."""
        files = self._files()
        there = [files[uid] for uid in dict.fromkeys(uids) if uid in files]
        for file in there:
            file.unlink(missing_ok=True)
        return len(there)

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for name in ("new", "cur"):
            try:
                files = sorted(path for path in (self._folder / name).iterdir() if not path.name.startswith("."))
            except OSError as error:
                raise MailboxError(f"{self._folder} can't be read as a Maildir: {error.strerror}.") from error
            found |= {_uid(file): file for file in files if file.is_file()}
        return found


def folders(path: Path, *, every: bool) -> Iterator[MaildirFolder]:
    """The Maildir itself, and with `every` also the folders in it (Maildir++: their names begin with a dot)."""
    yield MaildirFolder(path, path)
    if every and path.is_dir():
        for inner in sorted(path.iterdir()):
            if inner.name.startswith(".") and (inner / "cur").is_dir():
                yield MaildirFolder(path, inner)


def _uid(file: Path) -> str:
    """A name that isn't UTF-8, as old programs wrote them, or is too long, can't be remembered; its digest can."""
    unique = file.name.partition(":")[0]
    if len(unique) <= _MOST_UID and unique.isprintable():
        return unique
    return hashlib.sha256(unique.encode("utf-8", "surrogateescape")).hexdigest()


def _received_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return None
