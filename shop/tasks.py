"""Background work of the shop."""

from celery import shared_task

from shop import vat_checks


@shared_task
def ask_vies() -> int:
    """Asks again about VAT numbers of paid orders that nobody could answer for; returns how many."""
    return vat_checks.ask_due()
