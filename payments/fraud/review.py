"""What follows from the signs of an order: nothing, a wait for a person, or, where the settings say so, a refusal."""

from dataclasses import asdict

from django.conf import settings
from django.db import transaction
from django.dispatch import receiver

from payments.fraud import facts, passes, sightings, signals
from payments.models import FraudAssessment, FraudRules
from payments.providers.answers import Snapshot
from privacy import alerts, clock, mails, policy
from privacy.prepared_queries import PreparedInsert
from shop import orders
from shop.models import Order

Verdict = FraudAssessment.Verdict
#: What the order's story and its hold say; the signs stand in the assessment, which goes earlier.
REVIEW = "Fraud review: a person has to look at this order."
REFUSED = "Refused by the fraud review."
ALERT = "fraud_review"
_ASSESSMENT = PreparedInsert(FraudAssessment, ignore_conflicts=True)


def refuses_alone() -> bool:
    """Whether an order may be refused without a person: the settings and the published policy say it (GDPR Art. 22)."""
    return settings.FRAUD_REFUSES_ALONE and policy.is_published()


def before_payment(order: Order, *, address: str) -> bool:
    """True where the order is refused for its signs: then it is cancelled, and nothing was taken.

    `address` is the visitor's, for use in memory. Nothing is asked in a shop that refuses nothing alone, and nothing
    refused that a person has let in.
    """
    if not refuses_alone():
        return False
    known, rules = facts.ask(order, facts.hashes(order, address=address))
    reasons = signals.found(known, rules)
    if _score(reasons) < rules.refuse_from or passes.find(order) is not None:
        return False
    with transaction.atomic():
        if orders.lock(order.pk).state != Order.State.PENDING_PAYMENT:
            return False
        _write(order, rules, reasons, Verdict.REFUSE)
        orders.cancel(order.pk, by=None, reason=REFUSED, notice="order_refused")
    return True


def after_capture(order: Order, snapshot: Snapshot) -> bool:
    """Judges an order whose money has just arrived. True where it was put on hold, and its buyer is told.

    The caller holds the order's lock, and gives no keys out where this is true. Signs that a person looked at when
    letting this very purchase in don't hold it a second time; new ones do.
    """
    known, rules = facts.ask(order, sightings.hashed(card=snapshot.card), snapshot)
    reasons = signals.found(known, rules)
    if not reasons:
        return False
    is_held = _score(reasons) >= rules.hold_from
    if is_held and (looked_at := passes.use(order)):
        is_held = _score([reason for reason in reasons if reason.signal not in looked_at]) >= rules.hold_from
    _write(order, rules, reasons, Verdict.HOLD if is_held else Verdict.PASS)
    if not is_held:
        return False
    order.save(update_fields=["evidence"])  # the hold reads the order anew, and so will its release
    orders.hold(order.pk, by=None, reason=REVIEW)
    mails.queue("order_held", order.pk)
    alerts.raise_alert(ALERT, order.number, f"Order {order.number} waits for you. {REVIEW}")
    return True


def _score(reasons: list[signals.Reason]) -> int:
    return sum(reason.points for reason in reasons)


def _write(order: Order, rules: FraudRules, reasons: list[signals.Reason], verdict: Verdict) -> None:
    """Writes why, once: a second payment of an order that was judged before changes nothing of it."""
    now = clock.now()
    _ASSESSMENT.write(
        FraudAssessment(
            order=order,
            rules_id=rules.pk,
            score=_score(reasons),
            verdict=verdict,
            reasons=[asdict(reason) for reason in reasons],
            made_at=now,
            settled_at=None if verdict == Verdict.HOLD else now,
            let_in_reason="",
        )
    )


@receiver(orders.hold_ended)
def settle(order: Order, **_sent: object) -> None:
    """A person has released the order, or cancelled it: the period of the reasons begins, and nobody is called."""
    if FraudAssessment.objects.filter(order=order, settled_at__isnull=True).update(settled_at=clock.now()):
        alerts.close_alert(ALERT, order.number)
