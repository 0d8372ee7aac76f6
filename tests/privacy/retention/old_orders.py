"""Orders with everything that hangs on them, as old as a test needs them."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from accounts.models import License, LicenseKey, User
from payments.models import Attempt, Reference, Refund
from privacy import clock, retention
from privacy.models import RetentionPeriod
from shop import orders
from shop.models import Order, OrderEvent, OrderHold, OrderParty
from tests.accounts import purchases

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)  # it has passed, so that the watermark may reach it
PARTY = "shop.OrderParty.expires_at"


def sold(placed_at: datetime, **fields: object) -> Order:
    """A paid order with key, payment, refund, a hold that ended, and what staff did with it."""
    made = purchases.paid((purchases.edition(), 1), placed_at=placed_at, **fields)
    Order.objects.filter(pk=made.pk).update(paid_at=placed_at)
    staff, _ = User.objects.get_or_create(email="kim@example.com", defaults={"is_staff": True})
    attempt = Attempt.objects.create(
        order=made, number=1, provider="stripe", state="captured", amount=119, currency="EUR", captured_at=placed_at
    )
    Reference.objects.create(attempt=attempt, kind="stripe_session", value=f"cs_{made.pk}")
    Refund.objects.create(
        attempt=attempt,
        kind="amount",
        amount=5,
        state="succeeded",
        reason="Asked for by Katrin.",
        requested_by=staff,
        finished_at=placed_at,
        provider_refund=f"re_{made.pk}",
    )
    OrderHold.objects.create(order=made, reason="Katrin called.", placed_by=staff, released_by=staff)
    orders.record(made, OrderEvent.Kind.RELEASED, by=staff)
    return made


def left_of(order: Order) -> dict[str, object]:
    """What still leads from an order to a person, or to staff: everything, or nothing."""
    return {
        "party": OrderParty.objects.filter(order=order).count(),
        "references": Reference.objects.filter(attempt__order=order).count(),
        "licenses": License.objects.filter(unit__line__order=order).count(),
        "keys": LicenseKey.objects.filter(unit__line__order=order).count(),
        "refunds": list(
            Refund.objects.filter(attempt__order=order).values_list("reason", "requested_by__email", "provider_refund")
        ),
        "holds": list(order.holds.values_list("reason", "placed_by__email", "released_by__email")),
        "staff": order.events.filter(by__isnull=False).count(),
    }


NOTHING = {
    "party": 0,
    "references": 0,
    "licenses": 0,
    "keys": 0,
    "refunds": [("", None, "")],
    "holds": [("", None, None)],
    "staff": 0,
}


def everything(order: Order) -> dict[str, object]:
    """The same of an order that nothing was taken from."""
    kim = "kim@example.com"
    return {
        "party": 1,
        "references": 1,
        "licenses": 1,
        "keys": 1,
        "refunds": [("Asked for by Katrin.", kim, f"re_{order.pk}")],
        "holds": [("Katrin called.", kim, kim)],
        "staff": 1,
    }


def rule(name: str = PARTY) -> retention.Rule:
    """A rule by its name."""
    return next(rule for rule in retention.all_rules() if rule.name == name)


def settle() -> None:
    """Puts the periods in force, as the first sweep of a new shop does."""
    with clock.at(datetime(2000, 1, 1, tzinfo=UTC)):
        list(retention.run())


def sweep(at: datetime = NOW) -> dict[str, int]:
    """Sweeps as if it were that moment; what went, by rule."""
    gone: dict[str, int] = {}
    with clock.at(at):
        for step in retention.run():
            if not step.is_computing:
                gone[step.rule.name] = gone.get(step.rule.name, 0) + step.count
    return gone


def period(name: str = PARTY) -> RetentionPeriod:
    """The rule's row."""
    return RetentionPeriod.objects.get(rule=name)


def years_ago(years: float, *, of: datetime = NOW) -> datetime:
    return of - timedelta(days=365.25 * years)


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
