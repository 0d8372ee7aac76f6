"""Whether the sweep keeps its promise: nothing that is due waits longer than two days, and it runs."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min
from django.db.models.functions import Coalesce

from privacy import alerts, clock, mails
from privacy.models import Alert, RetentionPeriod
from privacy.retention.alarm import KIND
from privacy.retention.rules import Rule, all_rules

#: After this, what is due and not done, or a sweep that didn't succeed, is an alarm.
LATE = timedelta(hours=48)


def overdue(rule: Rule) -> datetime | None:
    """The oldest date that has passed and whose row is still there, or None. It doesn't trust the watermark."""
    at, table = (connection.ops.quote_name(rule.identity[name]) for name in ("at_column", "db_table"))
    now = clock.now()
    cutoff = rule.cutoff(now)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min({at}) FROM {table} WHERE {at} <= %s", [cutoff])  # noqa: S608
        (oldest,) = cursor.fetchone()
    return oldest + (now - cutoff) if oldest else None


def last_success() -> datetime | None:
    """When every rule had last been swept, or None while one never was."""
    moments = RetentionPeriod.objects.values_list("succeeded_at", flat=True)
    return min((moment for moment in moments if moment), default=None) if all(moments) else None


def problem() -> str:
    """What is wrong, as a sentence for staff, or nothing."""
    since = clock.now() - LATE
    quiet = RetentionPeriod.objects.aggregate(at=Min(Coalesce("succeeded_at", "known_at")))["at"]
    if quiet is not None and quiet < since:
        return f"No retention sweep has succeeded since {quiet:%-d %B %Y, %H:%M} UTC. Run `manage.py retention`."
    for rule in all_rules():
        oldest = overdue(rule)
        if oldest is not None and oldest < since:
            return f"Rows of {rule.name} are due since {oldest:%-d %B %Y, %H:%M} UTC. Run `manage.py retention`."
    return ""


def watch() -> bool:
    """Opens the alarm, with one mail to the shop's address, or closes it; returns whether all is well."""
    words = problem()
    if not words:
        alerts.close_alert(KIND, "")
        return True
    alerts.raise_alert(KIND, "", words)
    mails.queue(KIND, Alert.objects.get(kind=KIND, closed_at__isnull=True).pk)
    return False
