"""Alerts: what a person must look at, each open once."""

from django.db.models import QuerySet

from privacy import clock
from privacy.models import Alert


def raise_alert(kind: str, key: str, message: str) -> None:
    """Opens an alert, or leaves the open one of the same kind and key as it is. `message` names ids, never a person."""
    Alert.objects.bulk_create([Alert(kind=kind, key=key, message=message[:300])], ignore_conflicts=True)


def close_alert(kind: str, key: str) -> None:
    """Closes the open alert of this kind and key, if there is one."""
    Alert.objects.filter(kind=kind, key=key, closed_at__isnull=True).update(closed_at=clock.now())


def close(rows: QuerySet[Alert]) -> int:
    """Closes those of `rows` that are open; returns how many were."""
    return rows.filter(closed_at__isnull=True).update(closed_at=clock.now())
