"""Writing a line, and comparing what this database knows with what the journal says."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, connection, transaction

from privacy import clock
from privacy.journal import keys
from privacy.journal.book import BEGINNING, Book, Line, Mark, Unreadable
from privacy.models import JournalPosition


class JournalUnavailable(Exception):
    """Nothing may be destroyed now, because it couldn't be remembered. The text says what is wrong with the journal."""


#: Whether lines are being carried out again: what they do isn't new.
_is_replaying: ContextVar[bool] = ContextVar("is_replaying", default=False)


@dataclass(frozen=True)
class Standing:
    """How this database and the journal stand to each other. `problem` is a sentence, empty where all is well; `missed`
    are the lines that this database has to carry out again."""

    problem: str
    missed: tuple[Line, ...] = ()


def book() -> Book:
    """The journal of this shop."""
    return Book(Path(settings.ERASURE_JOURNAL))


def write(kind: str, *, hashes: Iterable[str] = (), rows: Mapping[str, Iterable[Any]], plan: str = "") -> int:
    """Writes a line about what the caller's transaction is going to destroy, and returns its sequence when it is safe.

    `rows` are primary keys by the label of their model, or by the name of a rule; `hashes` those of the person
    (`journal.person_hashes`). The caller holds its rows' locks already, and its transaction is the outermost: an inner
    one that alone is undone would leave a line that asks to be carried out. Other writers wait until it ends. Raises
    JournalUnavailable: then nothing may be destroyed.
    """
    if not connection.in_atomic_block:
        raise JournalUnavailable("A line is written in the transaction that destroys what it names.")
    position = _locked_position()
    if _is_replaying.get():
        return position.sequence
    journal = book()
    standing = _compare(journal, Mark(position.sequence, position.mac))
    if standing.problem:
        raise JournalUnavailable(standing.problem)
    content = {
        "at": clock.now().isoformat(timespec="seconds"),
        "kind": kind,
        "hashes": list(hashes),
        "rows": {label: keys.packed(theirs) for label, theirs in rows.items()},
        "plan": plan,
        "tx": _transaction(),
    }
    try:
        mark = journal.append(content)
    except (Unreadable, OSError) as error:
        raise JournalUnavailable(str(error)) from error
    move_to(mark)
    return mark.sequence


def standing() -> Standing:
    """Compares without changing anything. The journal is read first: what it says is then in the database too.

    Every line is checked, but in a process that has checked this state of the file before.
    """
    journal = book()
    try:
        last = journal.last() if journal.exists else BEGINNING
        if last != BEGINNING:
            _check_lines(journal)
    except (Unreadable, OSError) as error:
        return Standing(str(error))
    return _compare(journal, _known(), last)


_checked: dict[Path, tuple[int, ...]] = {}


def _check_lines(journal: Book) -> None:
    stamp = journal.stamp
    if _checked.get(journal.path) != stamp:
        for _ in journal.lines():
            pass
        _checked[journal.path] = stamp


def move_to(mark: Mark) -> None:
    """Notes that this database holds the deed of a line."""
    JournalPosition.objects.filter(pk=True).update(sequence=mark.sequence, mac=mark.mac, written_at=clock.now())


@contextmanager
def replaying() -> Iterator[None]:
    """Inside, deeds write no new lines: the one that is carried out again is there."""
    token = _is_replaying.set(True)
    try:
        yield
    finally:
        _is_replaying.reset(token)


def _known() -> Mark:
    position = JournalPosition.objects.filter(pk=True).first()
    return Mark(position.sequence, position.mac) if position else BEGINNING


def _locked_position() -> JournalPosition:
    JournalPosition.objects.bulk_create([JournalPosition(mac=BEGINNING.mac)], ignore_conflicts=True)
    return JournalPosition.objects.select_for_update().get(pk=True)


def _compare(journal: Book, known: Mark, last: Mark | None = None) -> Standing:
    """The position is compared with the last line, which is cheap; only where they differ the lines are read."""
    try:
        if not journal.exists:
            if known == BEGINNING:
                return Standing("")
            return Standing(
                f"The journal {journal.path} is missing, and this database knows {known.sequence} lines of it."
            )
        if (last or journal.last()) == known:
            return Standing("")
        return _behind(journal, known)
    except (Unreadable, OSError) as error:
        return Standing(str(error))


def _behind(journal: Book, known: Mark) -> Standing:
    lines = list(journal.lines())
    marks = {line.mark.sequence: line.mark for line in lines}
    first, last = (lines[0].mark.sequence, lines[-1].mark.sequence) if lines else (1, 0)
    if known.sequence > last:
        return Standing(
            f"The journal {journal.path} is older than this database: it ends at line {last}, and {known.sequence} "
            "lines are known. Put the newer one in its place."
        )
    if known.sequence < first - 1:
        return Standing(
            f"The journal {journal.path} begins at line {first}, and this database knows {known.sequence} lines: its "
            "backup is too old to be used any more."
        )
    if known.sequence >= first and marks[known.sequence] != known:
        return Standing(f"{journal.path} is the journal of another shop: line {known.sequence} isn't the known one.")
    missed = tuple(line for line in lines if line.mark.sequence > known.sequence and _was_committed(line))
    if not missed or missed[-1].mark.sequence <= _known().sequence:
        return Standing("")  # whoever wrote them was undone, or committed while we read
    words = "1 line" if len(missed) == 1 else f"{len(missed)} lines"
    return Standing(
        f"This database was restored from a backup: {words} of the journal must be carried out again. "
        "Run `manage.py privacy replay`.",
        missed,
    )


def _transaction() -> list[str]:
    """Which transaction writes: of which database cluster, on which timeline of it, and its number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        return [_cluster(), cursor.fetchone()[0]]


def _cluster() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.system_identifier || '.' || c.timeline_id FROM pg_control_system() s, pg_control_checkpoint() c"
        )
        return str(cursor.fetchone()[0])


def _was_committed(line: Line) -> bool:
    """Whether the deed of a line may have happened: not where its transaction is known to have been undone, or to be
    under way still. Of another cluster's, or of one that this cluster hasn't had yet, nobody knows."""
    cluster, number = line.content["tx"]
    if cluster != _cluster():
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_xact_status(%s::xid8)", [number])
            return cursor.fetchone()[0] not in {"aborted", "in progress"}
    except DataError:  # its number lies in the future: the cluster itself was set back
        return True
