"""Background work of accounts."""

import structlog
from celery import shared_task

from accounts import cases, key_pools, licenses

log = structlog.get_logger(__name__)


@shared_task
def release_reservations() -> int:
    """Frees keys that were reserved for what will never be paid; returns how many."""
    count = key_pools.release_due()
    log.info("reservations released", count=count)
    return count


@shared_task
def deliver_backorders() -> int:
    """Gives keys to paid orders that wait for them; returns how many orders."""
    count = licenses.deliver_backorders()
    log.info("back orders looked at", count=count)
    return count


@shared_task
def close_unproven_cases() -> int:
    """Removes requests from the form that nobody confirmed, but for withdrawals that a person has to look at; returns
    how many."""
    count = cases.hand_over_unproven()
    log.info("unconfirmed withdrawals handed over", count=count)
    return cases.close_unproven()
