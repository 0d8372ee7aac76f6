"""The providers' ledgers against the shop's rows, order by order, once everything is quiet."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from accounts import license_keys
from accounts.models import LicenseKey
from payments import money
from payments.models import OPEN, Attempt, Reference, Refund, WebhookEvent
from privacy.models import Alert
from shop import orders
from shop.models import Order, OrderUnit
from tests.chaos.sandboxes import Sandboxes

State, Unit = Order.State, OrderUnit.State
#: Alerts that say that our books were wrong, or stayed unfinished.
DEFECTS = (
    *("unmatched_money", "ledger_difference", "payment_differs", "refund_mismatch", "refund_unclear"),
    *("refund_failed", "refund_stuck", "attempt_stuck", "webhook_stuck", "statement_stuck"),
)


@dataclass
class Ledger:
    """What one provider's books say: amounts in cents by capture, what went back of each, and the order it names."""

    captures: dict[str, int] = field(default_factory=dict)
    given_back: Counter[str] = field(default_factory=Counter)
    orders: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, report: dict[str, Any]) -> "Ledger":
        """Of what a sandbox's ledger answers. Every amount here is of one currency, the store's."""
        ledger = cls()
        for entry in report["entries"]:
            if entry["kind"] == "capture":
                ledger.captures[entry["id"]] = entry["amount"]
                ledger.orders[entry["id"]] = entry["reference"].partition("@")[0].rpartition("-")[0]
            else:
                sign = {"refund": 1, "refund_reversal": -1}[entry["kind"]]
                ledger.given_back[entry["of"]] += sign * entry["amount"]
        return ledger

    def kept(self, capture: str) -> int:
        """Cents of a capture that didn't go back."""
        return self.captures[capture] - self.given_back[capture]


@dataclass
class Verdict:
    """What must all be zero, but for the first three."""

    checkouts: int
    killed: int
    reconciled: int
    captured_without_key: int
    key_given_twice: int
    double_charges: int
    ledger_difference_cents: int

    def line(self) -> dict[str, int]:
        """The names and numbers of the last line."""
        return asdict(self)


def ledgers(sandboxes: Sandboxes) -> dict[str, Ledger]:
    """Both providers' books."""
    return {name: Ledger.read(sandbox.ledger()) for name, sandbox in sandboxes}


def unwritten(found: dict[str, Ledger]) -> set[str]:
    """The ids of captures that the providers have and our books don't."""
    known = set(Reference.objects.filter(attempt__state=Attempt.State.CAPTURED).values_list("value", flat=True))
    return {capture for ledger in found.values() for capture in ledger.captures} - known


def captured_without_key(found: dict[str, Ledger]) -> int:
    """Orders whose money was taken and kept, and that have neither all their keys nor a state that says why not."""
    kept = {
        ledger.orders[capture] for ledger in found.values() for capture in ledger.captures if ledger.kept(capture) > 0
    }
    settled = set(Order.objects.filter(number__in=kept, state=State.ON_HOLD).values_list("number", flat=True))
    usable = Count("license_keys", filter=Q(license_keys__state__in=["assigned", "suspended"]))
    wanting = set(
        OrderUnit.objects.filter(line__order__number__in=kept)
        .annotate(keys=usable)
        .exclude(state__in=[Unit.REFUNDED, Unit.BACKORDERED])
        .exclude(state=Unit.FULFILLED, keys=1, license__isnull=False)
        .values_list("line__order__number", flat=True)
    )
    paid = set(Order.objects.filter(number__in=kept, state=State.PAID).values_list("number", flat=True))
    return len(kept - settled - (paid - wanting))


def double_charges(found: dict[str, Ledger]) -> tuple[int, int]:
    """Captures beyond an order's first that were kept; and how many there were at all, given back or not."""
    kept: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for ledger in found.values():
        for capture, order in ledger.orders.items():
            taken[order] += 1
            kept[order] += ledger.kept(capture) > 0
    return sum(count - 1 for count in kept.values() if count > 1), sum(count - 1 for count in taken.values())


def key_given_twice(shown: dict[str, set[str]]) -> int:
    """Keys that two buyers were shown, or that one was shown and another has now. `shown`: paths of orders by key."""
    paths: dict[int, str] = {order.pk: orders.path(order) for order in Order.objects.all()}
    owners = dict(LicenseKey.objects.values_list("digest", "unit__line__order"))
    wrong = 0
    for key, pages in shown.items():
        owner = owners.get(license_keys.digest(key))
        wrong += pages != {paths.get(owner or 0)}
    return wrong


def difference_cents(found: dict[str, Ledger]) -> int:
    """How far the providers' captures and refunds are from ours, in cents, each provider and direction by itself."""
    ours: dict[tuple[str, str], int] = defaultdict(int)
    captured = Attempt.objects.filter(state=Attempt.State.CAPTURED).order_by()
    for name, amount in captured.values_list("provider").annotate(Sum("amount")):
        ours[name, "captures"] = _cents(amount)
    made = Refund.objects.filter(state=Refund.State.SUCCEEDED).order_by()
    for name, amount in made.values_list("attempt__provider").annotate(Sum("amount")):
        ours[name, "refunds"] = _cents(amount)
    return sum(
        abs(sum(ledger.captures.values()) - ours[name, "captures"])
        + abs(ledger.given_back.total() - ours[name, "refunds"])
        for name, ledger in found.items()
    )


def _cents(amount: Decimal) -> int:
    return money.to_minor(amount, "EUR")


def unfinished() -> dict[str, int]:
    """What still waits for somebody, by its name. Nothing may, once the time of everything is over."""
    counts = {
        "open attempts": Attempt.objects.filter(state__in=[*OPEN, Attempt.State.PROCESSING]).count(),
        "orders that wait for payment": Order.objects.filter(state=State.PENDING_PAYMENT).count(),
        "refunds under way": Refund.objects.filter(state__in=["requested", "submitted"]).count(),
        "events not handled": WebhookEvent.objects.filter(handled_at__isnull=True).count(),
        "keys reserved": LicenseKey.objects.filter(state="reserved").count(),
    }
    alarms = Counter(Alert.objects.filter(kind__in=DEFECTS).values_list("kind", flat=True))
    return {name: count for name, count in {**counts, **alarms}.items() if count}
