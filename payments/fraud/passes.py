"""A refusal that a person has overruled (Art. 22(3) GDPR): the buyer may order the same again, once, within some days.

A refused order stays cancelled: prices, stock and what the buyer agreed to are those of the day on which it is ordered
anew. A pass belongs to whoever was refused, by account or address, and to the very lines that were refused.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from payments.models import FraudAssessment
from privacy import clock, mails
from privacy.transitions import IllegalTransition
from shop import orders
from shop.models import Order, OrderEvent

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

Verdict = FraudAssessment.Verdict
#: How long the buyer has to order again. The refused order has its person for thirty days, so a pass never outlives it.
LASTS = timedelta(days=7)


class Ownerless(Exception):
    """Nobody is there any more who could order again: the text is a sentence for the desk."""


def let_in(assessment_id: int, *, by: "AbstractBaseUser", reason: str) -> bool:
    """Overrules a refusal and tells the buyer. False where somebody did before.

    Raises IllegalTransition where the order isn't refused and cancelled (any more), Ownerless where its person is gone.
    """
    with transaction.atomic():
        order = orders.lock(FraudAssessment.objects.values_list("order", flat=True).get(pk=assessment_id))
        assessment = FraudAssessment.objects.get(order=order)  # the order's lock is this one's as well
        if assessment.let_in_at is not None:
            return False
        if assessment.verdict != Verdict.REFUSE or order.state != Order.State.CANCELLED:
            raise IllegalTransition(order, Order.State.PENDING_PAYMENT)
        party = orders.party_of(order)
        if party is None or party.restricted_at is not None:
            raise Ownerless("The buyer's data has been removed: nobody can be let in any more.")
        now = clock.now()
        said = {"let_in_by": by, "let_in_reason": reason[:200], "let_in_until": now + LASTS}
        FraudAssessment.objects.filter(pk=assessment.pk).update(let_in_at=now, settled_at=now, **said)
        orders.record(order, OrderEvent.Kind.RELEASED, by=by, detail="may be ordered again")
        mails.queue("order_let_in", order.pk)
    return True


def find(order: Order) -> FraudAssessment | None:
    """The refusal that a person overruled and that this order may use, or has used; None where there is none.

    The order's own day counts, not the day on which its money arrives.
    """
    party = orders.party_of(order)
    if party is None:
        return None
    buyer = Q(refused_email=party.email.lower())
    if party.user_id is not None:
        buyer |= Q(order__party__user=party.user_id)
    passes = (
        FraudAssessment.objects.annotate(refused_email=Lower("order__party__email"))
        .filter(buyer, order__party__restricted_at__isnull=True, let_in_until__gte=order.placed_at)
        .filter(Q(let_in_order__isnull=True) | Q(let_in_order=order))
        .order_by("pk")
    )
    wanted = _lines(order)
    return next((found for found in passes.select_related("order") if _lines(found.order) == wanted), None)


def use(order: Order) -> frozenset[str]:
    """Uses the order's pass up, if it has one: the names of the signs that a person has looked at."""
    found = find(order)
    if found is None or not _claim(found, order):
        return frozenset()
    return frozenset(reason["signal"] for reason in found.reasons)


def _claim(found: FraudAssessment, order: Order) -> bool:
    """Of two orders that are paid in the same moment one gets the pass; the other is judged like any."""
    free = Q(let_in_order__isnull=True) | Q(let_in_order=order)
    return bool(FraudAssessment.objects.filter(free, pk=found.pk).update(let_in_order=order))


def _lines(order: Order) -> dict[str, int]:
    return {line.sku: line.quantity for line in orders.lines_of(order)}
