"""The sweep: what is due goes, oldest first, in batches that each are one transaction."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import OperationalError, connection, transaction

from privacy import clock, journal
from privacy.models import RetentionPeriod
from privacy.retention import locks, periods
from privacy.retention.cuts import Batch, array, column_of, is_one_of, removal
from privacy.retention.rules import Rule, all_rules

log = structlog.get_logger(__name__)
#: Of a batch that another transaction got in the way of: it is tried again so often.
TRIES = 3
DEADLOCK = "40P01"


@dataclass(frozen=True)
class Step:
    """A batch is done: `count` rows of `rule` were removed, or (`is_computing`) got a new date."""

    rule: Rule
    count: int
    is_computing: bool


def run(*, as_of: datetime | None = None, throttle: float = 0, rules: list[Rule] | None = None) -> Iterator[Step]:
    """Sweeps every rule to `as_of` (default: now), a step a batch; dates under a changed setting are computed first.

    `throttle`: at most so many rows a second; 0 is full speed. What is killed is taken up again by the next run. Raises
    SweepRuns where another runs, and PeriodChanged when somebody announces another period meanwhile.
    """
    rules = all_rules() if rules is None else rules
    periods.announce(rules)  # before the lock: a sweep that runs with another period stops by this
    with locks.only_sweep():
        for rule in rules:
            yield from _sweep(rule, as_of or clock.now(), throttle)


def due(rule: Rule, as_of: datetime) -> int:
    """How many rows a sweep to `as_of` would remove, by the dates that are written."""
    where, values = _where(rule, None, as_of)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_table(rule)} WHERE {where}", values)  # noqa: S608
        return int(cursor.fetchone()[0])


def _sweep(rule: Rule, as_of: datetime, throttle: float) -> Iterator[Step]:
    row = RetentionPeriod.objects.filter(rule=rule.name)
    row.update(started_at=clock.now(), removed=0)
    total = 0
    is_done = False
    try:
        acts = [(_remove, False)] if periods.is_in_force(rule) else [(_compute, True), (_remove, False)]
        for act, is_computing in acts:
            for count in _batches(act, rule, as_of, throttle):
                total += 0 if is_computing else count
                yield Step(rule, count, is_computing)
        is_done = True
    finally:
        if connection.is_usable():
            now = clock.now()
            row.update(finished_at=now, removed=total, **({"succeeded_at": now} if is_done else {}))
    if total:
        log.info("retention swept", rule=rule.name, count=total)


def _batches(act: Callable[[Rule, datetime], int], rule: Rule, as_of: datetime, throttle: float) -> Iterator[int]:
    while True:
        began = time.monotonic()
        count = _again(act, rule, as_of)
        if not count:
            return
        yield count
        if throttle:
            time.sleep(max(0.0, count / throttle - (time.monotonic() - began)))


def _again(act: Callable[[Rule, datetime], int], rule: Rule, as_of: datetime) -> int:
    """One batch; a deadlock, which PostgreSQL ended by undoing it, is no reason to give up."""
    for left in reversed(range(TRIES)):
        try:
            return act(rule, as_of)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") != DEADLOCK or not left:
                raise
    raise AssertionError("A batch returns or raises.")


def _compute(rule: Rule, _as_of: datetime) -> int:
    return periods.compute(rule)


@transaction.atomic
def _remove(rule: Rule, as_of: datetime) -> int:
    """The next batch. Rows that are no longer due when their lock is had stay: they were put on hold meanwhile."""
    period = periods.in_force(rule)
    _by_index()
    keys = _next(rule, period, as_of)
    if not keys:
        return 0
    rows = _locked(rule, [key for key, _ in keys], as_of)
    if rows:
        _write_down(rule, rows, as_of)
        _act(rule, rows, as_of)
    _remember(period, *reversed(keys[-1]))
    return len(keys)


def _write_down(rule: Rule, rows: dict[str, tuple[Any, ...]], as_of: datetime) -> None:
    """A line in the journal, so that a restored backup is swept of the same rows, whatever the periods are then."""
    if rule.destroys:
        journal.write("sweep", rows={rule.name: rows[rule.identity["pk_column"]]}, plan=as_of.isoformat())


def again(rule: Rule, keys: list[Any], as_of: datetime) -> int:
    """Removes those of the rows that are due at `as_of`: none that a hold keeps now. Needs a transaction; returns how
    many."""
    _by_index()
    rows = _locked(rule, keys, as_of)
    if rows:
        _act(rule, rows, as_of)
    return len(rows.get(rule.identity["pk_column"], ()))


def _by_index() -> None:
    """Makes PostgreSQL find the rows of a batch by their keys. It would read whole tables, or indexes from their first
    entry, to join 2,000 keys, and a batch would take the longer, the more rows must stay."""
    others = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
    with connection.cursor() as cursor:
        cursor.execute("".join(f"SET LOCAL {name} = off;" for name in others))


def _next(rule: Rule, period: RetentionPeriod, as_of: datetime) -> list[tuple[Any, datetime]]:
    """Key and date of the next rows behind the watermark."""
    where, values = _where(rule, period, as_of)
    at, key = _columns(rule)
    sql = f"SELECT {key}, {at} FROM {_table(rule)} WHERE {where} ORDER BY {at}, {key} LIMIT {periods.BATCH}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _locked(rule: Rule, keys: list[Any], as_of: datetime) -> dict[str, tuple[Any, ...]]:
    """Those of the rows that are still due, under their locks: the values of each column by which other tables know
    them. Empty where none is left."""
    at, key = _columns(rule)
    if rule.under:
        locks.lock_above(rule.model, rule.under, keys)
    known = sorted({rule.identity["pk_column"], *(cut.key for cut in rule.cuts)})
    names = ", ".join(connection.ops.quote_name(name) for name in known)
    these = is_one_of(column_of(rule.model))
    sql = f"SELECT {names} FROM {_table(rule)} WHERE {these} AND {at} <= %s ORDER BY {key} FOR UPDATE"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [array(keys), rule.cutoff(as_of)])
        return dict(zip(known, zip(*cursor.fetchall(), strict=True), strict=False))


def _act(rule: Rule, rows: dict[str, tuple[Any, ...]], as_of: datetime) -> None:
    """What goes with the rows, then they themselves. `rows` is all that the batch will touch, known before it does."""
    batch, key = Batch(rows), rule.identity["pk_column"]
    for cut in rule.cuts:
        batch.carry_out(cut)
    if rule.deed is None:
        with connection.cursor() as cursor:
            cursor.execute(removal(rule.model, rule.columns, is_one_of(column_of(rule.model))), [batch.of(key)])
        return
    with clock.at(max(as_of, clock.now())):  # what a deed puts off must lie behind a rehearsal too
        rule.deed(rows[key])


def _remember(period: RetentionPeriod, at: datetime, key: Any) -> None:
    """Moves the watermark to the last row of the batch, and never beyond this moment: a rehearsal of a later date must
    not hide what is written before that date."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE privacy_retentionperiod SET watermark_at = least(%s, clock_timestamp()), watermark_id = %s "
            "WHERE id = %s",
            [at, str(key), period.pk],
        )


def _where(rule: Rule, period: RetentionPeriod | None, as_of: datetime) -> tuple[str, list[Any]]:
    at, key = _columns(rule)
    as_of = rule.cutoff(as_of)
    if period is None or period.watermark_at is None:
        return f"{at} <= %s", [as_of]
    return f"{at} <= %s AND ({at}, {key}) > (%s, %s)", [as_of, period.watermark_at, period.watermark_id]


def _columns(rule: Rule) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(rule.identity["at_column"]), quote(rule.identity["pk_column"])


def _table(rule: Rule) -> str:
    return connection.ops.quote_name(rule.model._meta.db_table)
