"""What people at the desk record of money that nobody can be asked about: it arrived, or was sent back."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from payments import providers, refund_settlement, settlement
from payments.models import Attempt, Refund
from payments.money import named
from payments.providers.base import RefundSnapshot, Snapshot
from privacy import alerts
from shop import orders
from shop.models import OrderEvent

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class NotByHand(Exception):
    """The provider itself says what became of this money; nobody else may."""


def record_arrival(attempt_id: int, *, amount: Decimal, by: "AbstractBaseUser") -> bool:
    """Writes that so much money of an attempt arrived, gross, in its currency; the order is settled as by any provider.

    Another amount than was asked for puts the order on hold. False, and nothing done, where it was recorded before.
    Raises NotByHand.
    """
    with transaction.atomic():
        order = orders.lock(Attempt.objects.values_list("order_id", flat=True).get(pk=attempt_id))
        attempt = Attempt.objects.get(pk=attempt_id)
        attempt.order = order
        if not providers.get(attempt.provider).is_by_hand:
            raise NotByHand
        if attempt.state == Attempt.State.CAPTURED:
            return False
        detail = f"{named(amount, attempt.currency)}, {attempt.provider}"
        orders.record(order, OrderEvent.Kind.PAYMENT_RECORDED, by=by, detail=detail)
        said = Snapshot(
            state=Attempt.State.CAPTURED,
            label=attempt.label,
            amount=amount,
            currency=attempt.currency,
            is_live=attempt.is_live,
        )
        settlement.apply_snapshot(attempt_id, said)
    return True


def record_return(refund_id: int, *, by: "AbstractBaseUser") -> bool:
    """Writes that the money of a refund was sent back by hand. False, and nothing done, where it isn't under way.

    Raises NotByHand.
    """
    with transaction.atomic():
        order = orders.lock(Attempt.objects.values_list("order_id", flat=True).get(refunds=refund_id))
        refund = Refund.objects.select_related("attempt").get(pk=refund_id)
        if not providers.get(refund.attempt.provider).is_by_hand:
            raise NotByHand
        if refund.state != Refund.State.SUBMITTED:
            return False
        detail = f"{named(refund.amount, refund.attempt.currency)}, {refund.attempt.provider}"
        orders.record(order, OrderEvent.Kind.REFUND_RECORDED, by=by, detail=detail)
        said = RefundSnapshot(
            state=Refund.State.SUCCEEDED,
            provider_refund=refund.provider_refund,
            amount=refund.amount,
            currency=refund.attempt.currency,
            refund=refund.pk,
        )
        refund_settlement.apply_snapshot(refund_id, said)
        alerts.close_alert("refund_by_hand", str(refund_id))
    return True
