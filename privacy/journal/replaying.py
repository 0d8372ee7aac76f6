"""Carrying lines out again, in a database that was restored from a backup made before them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from privacy import alerts
from privacy.journal import keys, writing
from privacy.journal.book import Line
from privacy.journal.writing import JournalUnavailable
from privacy.models import JournalPosition

#: Models that have another name by now: the label that lines of the journal may have, and today's. Whoever renames a
#: model adds it here: lines live as long as the oldest backup.
FORMER: dict[str, str] = {}
#: Carries a line out again in the caller's transaction: looks at its rows anew, and returns how many it changed.
Replayer = Callable[["Entry"], int]
_LOCK = (7711, 1)


@dataclass(frozen=True)
class Entry:
    """A line as a replayer reads it. `rows` are primary keys by model or rule, `hashes` those of the person."""

    sequence: int
    kind: str
    at: str
    plan: str
    hashes: frozenset[str]
    rows: dict[str, list[keys.Key]]

    @classmethod
    def of(cls, line: Line) -> "Entry":
        """The line with its keys spelled out."""
        said = line.content
        rows = {label: list(keys.unpacked(theirs)) for label, theirs in said["rows"].items()}
        return cls(line.mark.sequence, said["kind"], said["at"], said["plan"], frozenset(said["hashes"]), rows)


@dataclass(frozen=True)
class Step:
    """A line is done: its entry, how many rows changed, and how many lines there are in all."""

    entry: Entry
    count: int
    total: int


_replayers: dict[str, Replayer] = {}


def replayer(kind: str) -> Callable[[Replayer], Replayer]:
    """Registers what carries out lines of a kind again. Raises ValueError for a second one."""

    def remember(replay: Replayer) -> Replayer:
        if kind in _replayers:
            raise ValueError(f"Lines of the kind {kind} have a replayer already.")
        _replayers[kind] = replay
        return replay

    return remember


def replay(*, dry_run: bool = False) -> Iterator[Step]:
    """Carries out every line that this database missed, a transaction each; with `dry_run` nothing stays changed.

    What is stopped goes on at the next call. Raises JournalUnavailable where the journal can't be trusted, or another
    replay runs.
    """
    standing = writing.standing()
    if standing.problem and not standing.missed:
        raise JournalUnavailable(standing.problem)
    for line in standing.missed:
        entry = Entry.of(line)
        with transaction.atomic():
            if not _only_one():
                raise JournalUnavailable("Another replay is running.")
            count = 0
            if _is_behind(line):
                with writing.replaying():
                    count = _replayers[entry.kind](entry)
                _leave_keys_alone(entry)
                writing.move_to(line.mark)
            transaction.set_rollback(dry_run)
        yield Step(entry, count, len(standing.missed))


def model_of(label: str) -> type[Model] | None:
    """The model that a line names. None where it is gone, or has another name by now: a person hears of it, and the
    lines behind this one are carried out."""
    try:
        return apps.get_model(FORMER.get(label, label))
    except LookupError:
        words = (
            f"The journal names rows of {label}, and there is no such model any more. Look what became of its table."
        )
        alerts.raise_alert("journal_model", label, words)
        return None


def _is_behind(line: Line) -> bool:
    """Whether the line is still ahead, under the position's lock: another replay may have done it."""
    JournalPosition.objects.bulk_create([JournalPosition(mac="0" * 64)], ignore_conflicts=True)
    position = JournalPosition.objects.select_for_update().get(pk=True)
    return position.sequence < line.mark.sequence


def _only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK)
        return bool(cursor.fetchone()[0])


def _leave_keys_alone(entry: Entry) -> None:
    """Lets no new row get the key of one that was erased: whoever comes back has new keys, and keeps what is new."""
    for label, theirs in entry.rows.items():
        numbers = [key for key in theirs if isinstance(key, int)]
        model = model_of(".".join(label.split(".")[:2])) if numbers else None
        if model is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
            (sequence,) = cursor.fetchone()
            if sequence:
                cursor.execute(
                    f"SELECT setval(%s, greatest(last_value, %s), is_called OR last_value < %s) FROM {sequence}",  # noqa: S608
                    [sequence, max(numbers), max(numbers)],
                )
