"""The figures of the desk's start page: what waits for a person, today's orders, revenue, and low pools.

Each is counted by one query, two for revenue, however many rows there are. Days are days in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from accounts.models import KeyPool, LicenseKey
from payments.models import Attempt, Dispute, FraudAssessment, Refund, Statement, WebhookEvent
from privacy import clock
from privacy.models import Alert, OutgoingMail
from shop.models import Order, OrderUnit

DAYS = 30
NEWEST = 8
# A payment that takes longer than this isn't on its way any more; an event that was tried so often won't be handled.
STUCK_AFTER = timedelta(days=1)
MANY_TRIES = 5

# --- What waits for a person ------------------------------------------------------------------------------------------


def open_alerts() -> int:
    """Alerts that nobody has closed."""
    return Alert.objects.filter(closed_at__isnull=True).count()


def held_orders() -> int:
    """Orders on hold."""
    return Order.objects.filter(state=Order.State.ON_HOLD).count()


def fraud_holds() -> QuerySet[FraudAssessment]:
    """Fraud reviews that a person has to decide."""
    return FraudAssessment.objects.filter(settled_at__isnull=True)


def backordered_units() -> int:
    """Paid units that wait for a key."""
    waiting = OrderUnit.objects.filter(state=OrderUnit.State.BACKORDERED, line__order__state=Order.State.PAID)
    return waiting.count()


def failed_mails() -> int:
    """Mails that were given up."""
    return OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).count()


def stuck_attempts() -> QuerySet[Attempt]:
    """Payments that a provider has been processing for more than a day."""
    return Attempt.objects.filter(state=Attempt.State.PROCESSING, created_at__lt=clock.now() - STUCK_AFTER)


def failed_refunds() -> QuerySet[Refund]:
    """Refunds that the provider refused, that nobody asked for again and no other of the same payment made good."""
    made_good = Refund.objects.exclude(state=Refund.State.FAILED).values("attempt")
    failed = Refund.objects.filter(state=Refund.State.FAILED, repetition__isnull=True)
    return failed.exclude(attempt__in=made_good)


def open_disputes() -> QuerySet[Dispute]:
    """Disputes that nobody has decided."""
    return Dispute.objects.filter(state=Dispute.State.OPEN)


def blind_statements() -> QuerySet[Statement]:
    """Providers whose account doesn't show us what else moved there."""
    return Statement.objects.filter(is_blind=True)


def unhandled_events() -> QuerySet[WebhookEvent]:
    """Webhooks that were tried again and again."""
    return WebhookEvent.objects.filter(handled_at__isnull=True, tries__gte=MANY_TRIES)


def low_pools() -> QuerySet[KeyPool]:
    """Offered pools with fewer keys left than their edition wants, the emptiest first; each has `free`."""
    free = Count("license_keys", filter=Q(license_keys__state=LicenseKey.State.AVAILABLE))
    pools = KeyPool.objects.filter(is_offered=True, product__is_published=True).annotate(free=free)
    return pools.filter(free__lt=F("low_pool_at")).order_by("free", "pk")


# --- How the shop is doing --------------------------------------------------------------------------------------------


def newest_of_today() -> list[Order]:
    """The last orders that were placed today."""
    return list(Order.objects.filter(placed_at__gte=_start(clock.today()))[:NEWEST])


@dataclass(frozen=True)
class Day:
    """What was captured and what was given back on a day, in one currency."""

    on: date
    captured: Decimal
    given_back: Decimal


@dataclass(frozen=True)
class Revenue:
    """The last thirty days in one currency, gross, today included."""

    currency: str
    days: list[Day]

    @property
    def captured(self) -> Decimal:
        return sum((day.captured for day in self.days), Decimal(0))

    @property
    def given_back(self) -> Decimal:
        return sum((day.given_back for day in self.days), Decimal(0))

    @property
    def best(self) -> Day:
        """The day on which most was captured, the latest of several."""
        return max(reversed(self.days), key=lambda day: day.captured)

    def bars(self, height: int = 100) -> list[tuple[int, int, int]]:
        """A bar a day, 10 wide with its gap: where it begins from the left and from the top, and its height."""
        most = self.best.captured
        tall = [int((day.captured * height / most).to_integral_value()) if most else 0 for day in self.days]
        return [(place * 10 + 1, height - bar, bar) for place, bar in enumerate(tall)]


def revenue() -> list[Revenue]:
    """What was captured and given back in each of the last thirty days, by currency: the one with most first."""
    days = [clock.today() - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    start = _start(days[0])
    captured = _by_day(
        Attempt.objects.filter(captured_at__gte=start, state=Attempt.State.CAPTURED).values_list(
            "currency", TruncDate("captured_at", tzinfo=UTC)
        )
    )
    given_back = _by_day(
        Refund.objects.filter(finished_at__gte=start, state=Refund.State.SUCCEEDED).values_list(
            "attempt__currency", TruncDate("finished_at", tzinfo=UTC)
        )
    )
    found = [
        Revenue(
            currency,
            [
                Day(on, captured.get((currency, on), Decimal(0)), given_back.get((currency, on), Decimal(0)))
                for on in days
            ],
        )
        for currency in sorted({currency for currency, _ in [*captured, *given_back]})
    ]
    return sorted(found, key=lambda one: one.captured, reverse=True)


def _by_day(rows: QuerySet) -> dict[tuple[str, date], Decimal]:
    totals: Iterable[tuple[str, date, Decimal]] = rows.annotate(total=Sum("amount")).order_by()
    return {(currency, on): total for currency, on, total in totals}


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
