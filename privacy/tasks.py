"""Background work of the ground floor."""

from celery import shared_task

from privacy import evidence, mails, policy, retention
from privacy.exports import requests


@shared_task
def send_mails() -> int:
    """Sends the mails that are due."""
    return mails.send_due()


@shared_task
def make_exports() -> int:
    """Makes the exports that were asked for."""
    return requests.make_due()


@shared_task
def sweep_short_periods() -> int:
    """Removes ended sessions and other rows that live for a day at most; returns how many."""
    try:
        return sum(step.count for step in retention.run(rules=retention.short_rules()) if not step.is_computing)
    except retention.SweepRuns:
        return 0  # it removes them too


@shared_task
def count_evidence() -> int:
    """Counts the figures beside the promises, and looks whether the policy says what the shop does."""
    policy.watch()
    return evidence.refresh()
