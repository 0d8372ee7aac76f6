"""All sweeps over money at once, until nothing is due, and the alerts that are open then."""

from collections.abc import Callable
from dataclasses import dataclass, field

from accounts import key_pools, licenses
from payments import backorders, balances, reconciliation, refund_submission, statements, webhooks
from privacy.models import Alert

#: What alerts are about money: their kinds, each explained in docs/payments.md.
KINDS = (
    *("payment_held", "paid_twice", "attempt_stuck", "payment_differs", "unmatched_money", "ledger_difference"),
    *("refund_failed", "refund_stuck", "refund_mismatch", "refund_unclear", "refund_at_provider", "refund_by_hand"),
    *(
        "dispute_opened",
        "dispute_won",
        "dispute_lost",
        "fraud_warning",
        "webhook_stuck",
        "statement_stuck",
        "backorder",
        "paid_too_late",
    ),
)
#: Each sweep takes a limited number of rows; more rounds than this means that something is due again and again.
MOST_ROUNDS = 1000
SWEEPS: dict[str, Callable[[], int]] = {
    "webhooks handled": webhooks.handle_due,
    "payments looked at": reconciliation.look_at_due,
    "refunds sent or asked about": refund_submission.submit_due,
    "orders ended": reconciliation.expire_due,
    "reservations released": key_pools.release_due,
    "late deliveries refunded": backorders.refund_overdue,
}


@dataclass
class Report:
    """How many rows each step moved, what is open, and how many providers couldn't be asked."""

    steps: dict[str, int] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    unreachable: int = 0


def run() -> Report:
    """Does everything that is due now, by the clock in force."""
    report = Report()
    for name, sweep in SWEEPS.items():
        report.steps[name] = _until_done(sweep)
    report.steps["waiting orders looked at"] = licenses.deliver_backorders()
    comparison = statements.compare_all()
    report.steps["entries of statements compared"] = comparison.entries
    report.steps["entries without an order"] = comparison.unmatched
    balancing = balances.balance_all()
    report.steps["days balanced"] = len(balancing.balances)
    # What the statements showed may have brought warnings and refunds with it.
    for name in ("webhooks handled", "refunds sent or asked about"):
        report.steps[name] += _until_done(SWEEPS[name])
    report.unreachable = comparison.unreachable + balancing.unreachable
    report.alerts = list(Alert.objects.filter(kind__in=KINDS, closed_at__isnull=True).order_by("id"))
    return report


def _until_done(sweep: Callable[[], int]) -> int:
    total = 0
    for _ in range(MOST_ROUNDS):
        count = sweep()
        total += count
        if count == 0:
            break
    return total
