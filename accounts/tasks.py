"""Background work of accounts."""

import structlog
from celery import shared_task
from django.contrib.sessions.models import Session

from accounts import licenses
from privacy import clock

log = structlog.get_logger(__name__)


@shared_task
def clear_sessions() -> int:
    """Deletes sessions that ended, and with them the devices that they were; returns how many rows went."""
    count, _ = Session.objects.filter(expire_date__lt=clock.now()).delete()
    log.info("sessions cleared", count=count)
    return count


@shared_task
def deliver_backorders() -> int:
    """Gives keys to paid orders that wait for them; returns how many orders."""
    count = licenses.deliver_backorders()
    log.info("back orders looked at", count=count)
    return count
