"""Background work of the ground floor."""

from celery import shared_task

from privacy import mails


@shared_task
def send_mails() -> int:
    """Sends the mails that are due."""
    return mails.send_due()
