"""The accounting side of a refund: a credit note once the money went back, a reversal where it came home again."""

from decimal import Decimal

from django.db.models import Sum

from payments.models import Attempt, Refund
from shop import receipts
from shop.models import AccountingDocument, Order


def of_success(order: Order, refund: Refund) -> list[AccountingDocument]:
    """Credits a refund that succeeded. The caller holds the order's lock. Quiet where it is credited already.

    Money that never paid for the sale, such as a second payment, has no receipt, and gets no credit note.
    """
    if refund.attempt.currency != order.currency or not _is_of_sale(order, refund):
        return []
    rows = refund.refund_units.values("unit__line_id").annotate(sum=Sum("amount")).order_by()
    by_line: dict[int, Decimal] = {row["unit__line_id"]: row["sum"] for row in rows}
    return receipts.credit(order, about=refund.about, amount=refund.amount, tax=refund.tax, by_line=by_line)


def of_late_failure(order: Order, refund: Refund) -> AccountingDocument | None:
    """Takes the credit of a refund back that failed after it had succeeded. The caller holds the order's lock."""
    return receipts.reverse(order, about=refund.about)


def documents_of(refund: Refund) -> list[AccountingDocument]:
    """What was written for a refund: the credit note, and a receipt that took the place of the credited one."""
    return [document for document in receipts.of(refund.attempt.order) if receipts.is_of(document, refund.about)]


def _is_of_sale(order: Order, refund: Refund) -> bool:
    """Whether the refund's payment is the one that paid for the order: the first that was captured."""
    captured = Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED).order_by("captured_at", "pk")
    return captured.values_list("pk", flat=True).first() == refund.attempt_id
