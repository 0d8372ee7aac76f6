"""What a deletion does with payments: ids at the provider stay with their order, what is under way keeps it whole."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from payments.models import (
    Attempt,
    Dispute,
    FraudAssessment,
    ProviderCall,
    RedactionItem,
    Reference,
    Refund,
    WebhookEvent,
)
from privacy.erasure import erasers, outbox
from privacy.erasure.cases import Case
from privacy.erasure.erasers import Eraser, Judged
from privacy.erasure.verdicts import DELETED, Deed, Verdict
from shop import unsettled
from shop.erasing import orders_of, settled_orders


@unsettled.register
def attempts_under_way(order_ids: Sequence[int]) -> Mapping[int, str]:
    """Payments that a provider is still working on."""
    open_ones = Attempt.objects.filter(order__in=order_ids, state=Attempt.State.PROCESSING)
    return dict.fromkeys(open_ones.values_list("order", flat=True), "a payment is being processed")


@unsettled.register
def refunds_under_way(order_ids: Sequence[int]) -> Mapping[int, str]:
    """Refunds that have not ended."""
    states = [Refund.State.REQUESTED, Refund.State.SUBMITTED]
    open_ones = Refund.objects.filter(attempt__order__in=order_ids, state__in=states)
    return dict.fromkeys(open_ones.values_list("attempt__order", flat=True), "a refund is under way")


@unsettled.register
def disputes_under_way(order_ids: Sequence[int]) -> Mapping[int, str]:
    """Disputes that nobody has decided."""
    open_ones = Dispute.objects.filter(attempt__order__in=order_ids, state=Dispute.State.OPEN)
    return dict.fromkeys(open_ones.values_list("attempt__order", flat=True), "a payment is disputed")


@erasers.of(ProviderCall)
class Calls(Eraser):
    """The parameters of a call that waits for its answer: needed while the payment may still come, a day at most."""

    def rows(self, case: Case) -> QuerySet[Any]:
        return ProviderCall.objects.filter(attempt__order__in=case.once(orders_of))

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        rows = list(ProviderCall.objects.filter(pk__in=keys).values_list("pk", "attempt__order", "expires_at"))
        under_way = unsettled.reasons([order for _, order, _ in rows if order is not None])
        return {
            key: Verdict(Deed.RESTRICTED, "deleted with the provider's answer", under_way[order], ends, is_whole=True)
            if order in under_way
            else DELETED
            for key, order, ends in rows
        }


@erasers.of(FraudAssessment)
class FraudAssessments(Eraser):
    """The reasons of a fraud review: needed while a person has to decide, and no longer."""

    def judge(self, keys: Sequence[Any], case: Case) -> Judged:
        open_ones = set(
            FraudAssessment.objects.filter(pk__in=keys, settled_at__isnull=True).values_list("pk", flat=True)
        )
        ground = "the order waits for a person's decision"
        waits = Verdict(Deed.RESTRICTED, "deleted after the decision", ground, is_whole=True)
        return {key: waits if key in open_ones else DELETED for key in keys}


@erasers.of(RedactionItem)
class RedactionItems(Eraser):
    """What is still to be erased at a provider is needed until it is."""

    def rows(self, case: Case) -> QuerySet[Any]:
        return RedactionItem.objects.filter(attempt__order__in=case.once(orders_of))


@erasers.of(WebhookEvent)
class Events(Eraser):
    """That a provider wrote about a payment of this person: by the payment's id alone, and for its own short period."""

    def rows(self, case: Case) -> QuerySet[Any]:
        orders = case.once(orders_of)
        values = list(Reference.objects.filter(attempt__order__in=orders).values_list("value", flat=True))
        return WebhookEvent.objects.filter(object_id__in=values) if values else WebhookEvent.objects.none()


# --- Mails that wait --------------------------------------------------------------------------------------------------


@outbox.about("order_held", "order_refused", "order_let_in")
def reviewed_orders(case: Case) -> Iterable[int]:
    """The person's settled orders."""
    return settled_orders(case)


@outbox.about("payment_instructions")
def attempts(case: Case) -> Iterable[int]:
    """Attempts of the person's settled orders."""
    return Attempt.objects.filter(order__in=settled_orders(case)).values_list("pk", flat=True)


@outbox.about("refund_made", "refund_failed")
def refunds(case: Case) -> Iterable[int]:
    """Refunds of the person's settled orders."""
    return Refund.objects.filter(attempt__order__in=settled_orders(case)).values_list("pk", flat=True)


@outbox.about("dispute_opened", "dispute_won", "dispute_lost")
def disputes(case: Case) -> Iterable[int]:
    """Disputes of the person's settled orders."""
    return Dispute.objects.filter(attempt__order__in=settled_orders(case)).values_list("pk", flat=True)
