"""The period in force is a row in the database; a changed setting becomes it when all dates are computed anew."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from privacy.models import RetentionPeriod
from privacy.retention import locks
from privacy.retention.rules import Rule, all_rules

BATCH = 2_000


class PeriodChanged(Exception):
    """The period in force isn't the one this process was started with, or dates are being computed anew."""


def announce(rules: list[Rule]) -> None:
    """Tells everybody the periods of these rules, where they aren't the ones in force.

    From here on new rows are written with them, a sweep that runs stops at its next batch, and the next one computes
    all dates anew and begins at the oldest.
    """
    rows = RetentionPeriod.objects.in_bulk([rule.name for rule in rules], field_name="rule")
    for rule in rules:
        row = rows.get(rule.name)
        if row is None or (row.target or row.period) != rule.period:
            _announce(rule)


def _announce(rule: Rule) -> None:
    """Waits for the transactions that still write with the former period; nobody writes a date meanwhile."""
    with transaction.atomic():
        locks.change_periods()
        anew = {"target": rule.period, "computed_to": "", "watermark_at": None, "watermark_id": ""}
        RetentionPeriod.objects.update_or_create(rule=rule.name, defaults=anew | rule.identity)


def remember_rules(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_options: Any) -> None:
    """After a migrate: gives every rule its row, from which triggers read the period, and forgets rules that ended."""
    if using != DEFAULT_DB_ALIAS or RetentionPeriod._meta.db_table not in connection.introspection.table_names():
        return
    rules = all_rules()
    announce(rules)
    RetentionPeriod.objects.exclude(rule__in=[rule.name for rule in rules]).delete()


def compute(rule: Rule) -> int:
    """Computes the next batch of dates with the announced period; returns how many, 0 when all are done.

    A worker that is killed leaves its last whole batch behind, and the next one goes on from there. With the last batch
    the period is in force. Raises PeriodChanged.
    """
    with transaction.atomic():
        row = lock(rule)
        if row.target is None:
            return 0
        if row.target != rule.period:
            raise PeriodChanged
        keys = _touch(rule, row.computed_to)
        if keys:
            row.computed_to = str(keys[-1])
        else:
            row.period, row.target, row.computed_to = row.target, None, ""
            row.watermark_at, row.watermark_id = None, ""
        row.save(update_fields=["period", "target", "computed_to", "watermark_at", "watermark_id"])
        return len(keys)


def lock(rule: Rule) -> RetentionPeriod:
    """The rule's row, read under its lock, after the lock that comes before it. Needs a transaction."""
    locks.share_periods()
    return RetentionPeriod.objects.select_for_update().get(rule=rule.name)


def in_force(rule: Rule) -> RetentionPeriod:
    """The same, for a batch of the sweep. Raises PeriodChanged."""
    row = lock(rule)
    if row.target is not None or row.period != rule.period:
        raise PeriodChanged
    return row


def is_in_force(rule: Rule) -> bool:
    """Whether all dates are written with the period that the settings say."""
    return RetentionPeriod.objects.filter(rule=rule.name, period=rule.period, target__isnull=True).exists()


def _touch(rule: Rule, after: str) -> list[object]:
    """Writes the dates of the next rows in the order of their keys: the trigger on them computes."""
    quote = connection.ops.quote_name
    table, at, key = (
        quote(rule.identity["db_table"]),
        quote(rule.identity["at_column"]),
        quote(rule.identity["pk_column"]),
    )
    where, values = (f"WHERE {key} > %s", [after]) if after else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} {where} ORDER BY {key} LIMIT {BATCH}", values)  # noqa: S608
        keys = [key for (key,) in cursor.fetchall()]
        if keys:
            cursor.execute(f"UPDATE {table} SET {at} = {at} WHERE {key} = ANY(%s)", [keys])  # noqa: S608
    return keys
