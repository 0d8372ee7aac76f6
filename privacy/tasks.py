"""Background work of the ground floor."""

from typing import Any

import structlog
from celery import shared_task
from django.db import transaction

from privacy import alert_mails, deletion_requests, evidence, journal, mailbox, mails, notices, policy, retention
from privacy.erasure import execution, providers, remainders
from privacy.exports import requests

log = structlog.get_logger(__name__)


def nudge(task: Any) -> None:
    """Has the worker run a sweep after the commit, rather than at the next turn of the timetable. A broker that is away
    costs nothing but that."""
    transaction.on_commit(lambda: task.apply_async(retry=False), robust=True)


@shared_task
def send_mails() -> int:
    """Sends the mails that are due, those about new alerts included."""
    alert_mails.write_new()
    return mails.send_due()


@shared_task
def fetch_mail() -> int:
    """Takes the mails that came to support; where they can't be read, an alert says so and the next run tries again."""
    try:
        return mailbox.fetch()
    except mailbox.MailboxError as error:
        log.warning("mailbox not read", error=type(error).__name__)
        return 0


@shared_task
def make_exports() -> int:
    """Makes the exports that were asked for."""
    return requests.make_due()


@shared_task(time_limit=840, soft_time_limit=None)  # a look through everything takes minutes; the broker waits longer
def carry_out_deletions() -> int:
    """Goes on with deletions, their steps at providers, and what had to be left whole; returns how many steps."""
    return execution.carry_out_due() + providers.run_due() + remainders.take_up()


@shared_task(time_limit=6 * 3600, soft_time_limit=None)
def sweep() -> int:
    """Removes what was kept for its period; returns how many rows. What is stopped goes on at the next run."""
    count = 0
    try:
        for step in retention.run():
            count += 0 if step.is_computing else step.count
    except (retention.SweepRuns, retention.PeriodChanged) as reason:
        log.info("retention stopped", reason=type(reason).__name__, count=count)
    watch_retention()
    return count


@shared_task
def watch_retention() -> bool:
    """Opens or closes the alarm about a sweep that is late; returns whether all is well."""
    return retention.watch()


@shared_task
def close_unverified_requests() -> int:
    """Closes the requests for deletion that nobody confirmed; returns how many."""
    return deletion_requests.close_unverified()


@shared_task
def sweep_short_periods() -> int:
    """Removes ended sessions and other rows that live for a day at most; returns how many."""
    try:
        return sum(step.count for step in retention.run(rules=retention.short_rules()) if not step.is_computing)
    except retention.SweepRuns:
        return 0  # it removes them too


@shared_task
def watch_notices() -> int:
    """Goes on with deletions whose person was told; returns how many moved on."""
    return notices.watch()


@shared_task
def watch_journal() -> bool:
    """Opens or closes the alert about the journal of erasures; returns whether all is well."""
    return journal.watch()


@shared_task
def count_evidence() -> int:
    """Counts the figures beside the promises, and looks whether the policy says what the shop does."""
    policy.watch()
    return evidence.refresh()
