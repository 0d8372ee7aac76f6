"""Background work of payments. Each task sweeps rows that are due, so a lost message loses nothing."""

from celery import shared_task

from payments import backorders, balances, reconciliation, refund_submission, statements, tax_returns, webhooks
from privacy.tasks import nudge, send_mails


@shared_task
def handle_webhooks() -> int:
    """Handles the events in the inbox."""
    return _with_mails(webhooks.handle_due())


@shared_task
def reconcile_attempts() -> int:
    """Looks at attempts that nobody told us about."""
    return _with_mails(reconciliation.look_at_due())


@shared_task
def submit_refunds() -> int:
    """Sends refunds, and asks about those under way."""
    return _with_mails(refund_submission.submit_due())


@shared_task
def compare_statements() -> int:
    """Compares the providers' own lists with our books, and balances each day that is over; returns what is unknown."""
    unmatched = statements.compare_all().unmatched
    differences = sum(len(balance.differences) for balance in balances.balance_all().balances)
    return _with_mails(unmatched + differences)


@shared_task
def refund_backorders() -> int:
    """Gives back the money of units that waited for a key too long."""
    count = backorders.refund_overdue()
    if count:
        nudge(submit_refunds)
    return count


@shared_task
def return_tax() -> int:
    """Gives back tax of businesses whose VAT number was confirmed after they had paid."""
    count = tax_returns.request_due()
    if count:
        nudge(submit_refunds)
    return count


@shared_task
def expire_orders() -> int:
    """Ends orders whose time to pay is over."""
    return reconciliation.expire_due()


def _with_mails(count: int) -> int:
    """Has the mails sent that a sweep may have written, rather than at the next turn of the timetable."""
    if count:
        nudge(send_mails)
    return count
