"""Background work of the ground floor."""

from celery import shared_task

from privacy import evidence, mails, policy
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
def count_evidence() -> int:
    """Counts the figures beside the promises, and looks whether the policy says what the shop does."""
    policy.watch()
    return evidence.refresh()
