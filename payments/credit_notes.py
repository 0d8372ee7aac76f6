"""The accounting side of refunds and lost disputes: a credit note once money is gone, a reversal where it came home."""

from decimal import Decimal

from django.db.models import Sum

from payments.models import Attempt, Dispute, Refund
from shop import money, receipts
from shop.models import AccountingDocument, Order


def of_success(order: Order, refund: Refund) -> list[AccountingDocument]:
    """Credits a refund that succeeded. The caller holds the order's lock. Quiet where it is credited already.

    Money that never paid for the sale, such as a second payment, has no receipt, and gets no credit note.
    """
    if not _pays(order, refund.attempt):
        return []
    rows = refund.refund_units.values("unit__line_id").annotate(sum=Sum("amount")).order_by()
    by_line: dict[int, Decimal] = {row["unit__line_id"]: row["sum"] for row in rows}
    return receipts.credit(order, about=refund.about, amount=refund.amount, tax=refund.tax, by_line=by_line)


def of_late_failure(order: Order, refund: Refund) -> AccountingDocument | None:
    """Takes the credit of a refund back that failed after it had succeeded. The caller holds the order's lock."""
    return receipts.reverse(order, about=refund.about)


def of_dispute(order: Order, dispute: Dispute) -> None:
    """Credits what a lost dispute took from a sale, and takes that back where it is won after all.

    The buyer hasn't paid in the end, and where the whole payment went, the keys ended: the taxable amount is reduced
    by a document that names the receipt (Directive 2006/112/EC, Art. 90(1) and 219). Its tax is in proportion, of a
    whole payment all that is left. The caller holds the order's lock. Quiet where that is written already.
    """
    if dispute.state == Dispute.State.WON:
        receipts.reverse(order, about=dispute.about)
    if dispute.state != Dispute.State.LOST or not _pays(order, dispute.attempt):
        return
    left, tax = receipts.left_of(order)
    amount = min(dispute.amount, left)
    if amount > 0:
        share = tax if amount == left else money.rounded(amount * tax / left, order.currency)
        receipts.credit(order, about=dispute.about, amount=amount, tax=share)


def documents_of_dispute(dispute: Dispute) -> list[AccountingDocument]:
    """What was written when a dispute was lost."""
    return [each for each in receipts.of(dispute.attempt.order) if receipts.is_of(each, dispute.about)]


def documents_of(refund: Refund) -> list[AccountingDocument]:
    """What was written for a refund: the credit note, and a receipt that took the place of the credited one."""
    return [document for document in receipts.of(refund.attempt.order) if receipts.is_of(document, refund.about)]


def documents_of_late_failure(refund: Refund) -> list[AccountingDocument]:
    """What took the credit of a refund back that failed late."""
    return [each for each in receipts.of(refund.attempt.order) if receipts.is_reversal_of(each, refund.about)]


def _pays(order: Order, attempt: Attempt) -> bool:
    """Whether a payment is the one that paid for the order: the first that was captured, in its currency."""
    captured = Attempt.objects.filter(order=order, state=Attempt.State.CAPTURED).order_by("captured_at", "pk")
    return attempt.currency == order.currency and captured.values_list("pk", flat=True).first() == attempt.pk
