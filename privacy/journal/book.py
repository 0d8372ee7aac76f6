"""The journal as a file: lines that are only ever added, each chained to the one before.

A line is a JSON object with the digest of its predecessor (`prev`) and a keyed digest of itself (`mac`), so that a line
that was altered, taken out or put in is noticed. A small file beside it, `NAME.head`, names the last line that was
promised: so a journal that ends too early is noticed too. What a process that was killed left half written behind that
line was promised to nobody, and the next writer cuts it off.

Nothing here knows a database.
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from privacy.link_tokens import derived, secrets

_CHAIN = b"erasure journal: chain"
_NOTHING = "0" * 64
#: Sequence and digest of the last line: one short record, which a disk writes whole or not at all.
_HEAD = "{sequence:020d} {mac}\n"
_CHUNK = 1 << 16


class Unreadable(Exception):
    """The journal isn't what it must be: gone, altered, or cut off. The text is a sentence for who runs the shop."""


@dataclass(frozen=True)
class Mark:
    """A place in the journal: the sequence of a line and its digest. Sequence 0 is the beginning."""

    sequence: int
    mac: str


BEGINNING = Mark(0, _NOTHING)


@dataclass(frozen=True)
class Line:
    """One line: what is going to be destroyed. `content` is what the writer said; `start` and `end` where it stands."""

    mark: Mark
    content: Mapping[str, Any]
    start: int
    end: int

    @property
    def prev(self) -> Mark:
        """The mark of the line before."""
        return Mark(self.mark.sequence - 1, str(self.content["prev"]))


_START = Line(BEGINNING, {}, 0, 0)


class Book:
    """The file at `path`. All processes of the shop share it, on whatever machine they run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._head_path = path.with_name(path.name + ".head")

    @property
    def exists(self) -> bool:
        return self.path.exists() or self._head_path.exists()

    @property
    def stamp(self) -> tuple[int, ...]:
        """What changes whenever the file does: whoever checked every line needn't again before."""
        about = self.path.stat()
        return about.st_ino, about.st_size, about.st_mtime_ns

    def last(self) -> Mark:
        """The last line. Raises Unreadable."""
        with self._locked(fcntl.LOCK_SH) as file:
            return self._last_line(file).mark

    def append(self, content: Mapping[str, Any]) -> Mark:
        """Adds a line, and returns when neither a crash nor a power cut can take it back. Raises Unreadable: then
        nothing was written."""
        if not self.exists:
            self._begin()
        with self._locked(fcntl.LOCK_EX) as file:
            before = self._last_line(file)
            record = {"seq": before.mark.sequence + 1, **content, "prev": before.mark.mac}
            mark = Mark(record["seq"], _mac(record, secrets()[0]))
            file.truncate(before.end)
            file.seek(before.end)
            file.write(json.dumps({**record, "mac": mark.mac}, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            self._promise(mark)
        return mark

    def lines(self, after: int = 0) -> Iterator[Line]:
        """The lines behind the sequence `after`. The chain is followed from the first line on. Raises Unreadable."""
        with self._locked(fcntl.LOCK_SH) as file:
            last = self._last_line(file)
            previous: Line | None = None
            for line in _read(file, 0, last.end):
                if previous is not None and line.prev != previous.mark:
                    raise Unreadable(f"The journal {self.path} was altered at line {line.mark.sequence}.")
                previous = line
                if line.mark.sequence > after:
                    yield line

    def forget_before(self, sequence: int) -> int:
        """Leaves the lines before `sequence` out, which no backup needs any more; returns how many. Raises Unreadable.

        The file is replaced as a whole: whoever waits for its lock takes the new one.
        """
        with self._locked(fcntl.LOCK_EX) as file:
            last = self._last_line(file)
            gone = [line for line in _read(file, 0, last.end) if line.mark.sequence < min(sequence, last.mark.sequence)]
            if gone:
                file.seek(gone[-1].end)
                copy = self.path.with_name(self.path.name + ".new")
                _write_whole(copy, file.read(last.end - gone[-1].end))
                copy.replace(self.path)
                _sync_folder(self.path)
        return len(gone)

    def _begin(self) -> None:
        """Makes the two files, the head last. Whoever comes second finds them."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
            with self._locked(fcntl.LOCK_EX):
                if not self._head_path.exists():
                    _write_whole(self._head_path, _HEAD.format(sequence=0, mac=_NOTHING).encode())
                    _sync_folder(self.path)
        except OSError as error:
            raise Unreadable(f"The journal {self.path} can't be made: {error.strerror}.") from error

    def _promised(self) -> Mark:
        try:
            sequence, mac = self._head_path.read_text("ascii").split()
            return Mark(int(sequence), mac)
        except FileNotFoundError as error:
            raise Unreadable(f"{self._head_path} is missing: it belongs to the journal and moves with it.") from error
        except (OSError, ValueError) as error:
            raise Unreadable(f"{self._head_path} can't be read.") from error

    def _promise(self, mark: Mark) -> None:
        descriptor = os.open(self._head_path, os.O_WRONLY)
        try:
            os.pwrite(descriptor, _HEAD.format(sequence=mark.sequence, mac=mark.mac).encode(), 0)
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def _last_line(self, file: IO[bytes]) -> Line:
        """The last line: the promised one, or a whole one behind it, whose writer died before it could promise it."""
        promised = self._promised()
        last = self._find(file, promised) if promised.sequence else _START
        for line in _read(file, last.end, os.fstat(file.fileno()).st_size, is_torn_allowed=True):
            if line.prev != last.mark:
                raise Unreadable(f"The journal {self.path} was altered at line {line.mark.sequence}.")
            last = line
        return last

    def _find(self, file: IO[bytes], promised: Mark) -> Line:
        """The promised line, looked for from the end of the file, where it is."""
        sign = f'"mac":"{promised.mac}"}}\n'.encode()
        start, block = os.fstat(file.fileno()).st_size, b""
        while start > 0 and (sign not in block or b"\n" not in block[: block.index(sign)]):
            begin = max(0, start - _CHUNK)
            file.seek(begin)
            block, start = file.read(start - begin) + block, begin
        if sign in block:
            end = block.index(sign) + len(sign)
            line_start = block.rfind(b"\n", 0, end - 1) + 1
            line = _parsed(block[line_start : end - 1], start + line_start, start + end)
            if line is not None and line.mark == promised:
                return line
        raise Unreadable(f"The journal {self.path} was cut off or altered: line {promised.sequence} isn't there.")

    @contextmanager
    def _locked(self, how: int) -> Iterator[IO[bytes]]:
        """The file under its lock; opened anew where it was replaced while this waited."""
        while True:
            try:
                file = self.path.open("r+b")
            except FileNotFoundError as error:
                raise Unreadable(f"The journal {self.path} is missing.") from error
            except OSError as error:
                raise Unreadable(f"The journal {self.path} can't be opened: {error.strerror}.") from error
            with file:
                fcntl.flock(file, how)
                if _is_at(file, self.path):
                    yield file
                    return


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _read(file: IO[bytes], start: int, until: int, *, is_torn_allowed: bool = False) -> Iterator[Line]:
    """The lines between two places of the file, each checked by its own digest. Raises Unreadable."""
    file.seek(start)
    while start < until:
        raw = file.readline()
        if not raw.endswith(b"\n"):
            if is_torn_allowed:
                return
            raise Unreadable("The journal ends in the middle of a line.")
        line = _parsed(raw[:-1], start, start + len(raw))
        if line is None:
            raise Unreadable("A line of the journal was altered.")
        yield line
        start = line.end
        file.seek(start)  # whoever took the line may have read elsewhere


def _parsed(raw: bytes, start: int, end: int) -> Line | None:
    """A line, or None where its digest doesn't fit under any secret."""
    try:
        record = json.loads(raw)
        mark = Mark(record["seq"], record.pop("mac"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    if not any(hmac.compare_digest(mark.mac, _mac(record, secret)) for secret in secrets()):
        return None
    return Line(mark, record, start, end)


def _mac(record: Mapping[str, Any], secret: str) -> str:
    text = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(derived(secret, _CHAIN), text, "sha256").hex()


def _write_whole(path: Path, content: bytes) -> None:
    """Writes a new file and waits until the disk has it."""
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Waits until the disk knows which files are in the folder."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
