"""The mails that say that money is on its way back, and that it didn't arrive after all (P6a)."""

from payments import backorders, credit_notes, providers, refund_seats, tax_returns
from payments.models import Refund
from privacy import mails
from shop import orders, receipt_page, words


@mails.kind("refund_made")
def refund_made(refund_id: int) -> mails.Mail | None:
    """To the buyer, once the provider has made the refund. None where the order names nobody any more."""
    refund = Refund.objects.select_related("attempt__order__party").filter(pk=refund_id).first()
    party = getattr(refund.attempt.order, "party", None) if refund else None
    if refund is None or party is None:
        return None
    order, left = refund.attempt.order, refund_seats.left_in_words(refund)
    is_late = refund.reason == backorders.REASON
    return mails.Mail(
        to=party.email,
        subject=f"Your refund for order {order.number}",
        template="mails/refund_made",
        context={
            "order": order,
            "name": party.name,
            "amount": words.money(refund.amount, refund.attempt.currency),
            "is_paypal": refund.attempt.provider == "paypal",
            "is_late": is_late,
            "is_by_hand": providers.is_by_hand(refund.attempt.provider),
            "has_units": refund.refund_units.count() > len(left) and not is_late,
            "left": left,
            "is_tax": refund.kind == Refund.Kind.TAX,
            "is_vat_confirmed": tax_returns.is_of(refund),
            "order_url": orders.link(order),
            "documents": receipt_page.listed(credit_notes.documents_of(refund), orders.link(order)),
        },
    )


@mails.kind("refund_failed")
def refund_failed(refund_id: int) -> mails.Mail | None:
    """To the buyer who was told of a refund that failed later. None where it was repeated before the mail was sent."""
    refund = Refund.objects.select_related("attempt__order__party").filter(pk=refund_id).first()
    party = orders.party_of(refund.attempt.order) if refund else None
    if refund is None or party is None or refund.state != Refund.State.FAILED or hasattr(refund, "repetition"):
        return None
    order = refund.attempt.order
    return mails.Mail(
        to=party.email,
        subject=f"Your refund for order {order.number} didn’t arrive",
        template="mails/refund_failed",
        context={
            "order": order,
            "name": party.name,
            "amount": words.money(refund.amount, refund.attempt.currency),
            "is_by_hand": providers.is_by_hand(refund.attempt.provider),
            "order_url": orders.link(order),
            "documents": receipt_page.listed(credit_notes.documents_of_late_failure(refund), orders.link(order)),
        },
    )
