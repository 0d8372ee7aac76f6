"""Background work of the shop."""

from celery import shared_task

from shop import thresholds, vat_checks
from shop.posts import invitations


@shared_task
def ask_vies() -> int:
    """Asks again about VAT numbers of paid orders that nobody could answer for; returns how many."""
    return vat_checks.ask_due()


@shared_task
def watch_tax_limits() -> int:
    """Calls a person about limits of sales abroad that come near or are passed; returns how many calls."""
    return thresholds.watch()


@shared_task
def invite_to_review() -> int:
    """Writes to buyers some days after the delivery; returns to how many."""
    return invitations.invite()
