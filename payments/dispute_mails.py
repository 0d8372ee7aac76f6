"""What a buyer is told about a dispute (P6a): why keys stopped, and that they work again or don't."""

from payments import credit_notes
from payments.models import Dispute
from privacy import mails
from shop import orders, receipt_page, words
from shop.models import Order

SUBJECTS = {
    "dispute_opened": "Your keys of order {} are paused",
    "dispute_won": "Your keys of order {} work again",
    "dispute_lost": "Your payment of order {} went back",
}


def _mail(dispute_id: int, kind: str) -> mails.Mail | None:
    """None where the order names nobody any more, or the dispute has moved on before the mail was sent.

    Raises NotNow while the order is on hold: no key can be opened then.
    """
    dispute = Dispute.objects.select_related("attempt__order__party").filter(pk=dispute_id).first()
    party = getattr(dispute.attempt.order, "party", None) if dispute else None
    if dispute is None or party is None or kind != _kind_of(dispute):
        return None
    order = dispute.attempt.order
    if kind == "dispute_won" and order.state == Order.State.ON_HOLD:
        raise mails.NotNow
    return mails.Mail(
        to=party.email,
        subject=SUBJECTS[kind].format(order.number),
        template=f"mails/{kind}",
        context={
            "order": order,
            "name": party.name,
            "amount": words.money(dispute.amount, dispute.attempt.currency),
            "is_paypal": dispute.attempt.provider == "paypal",
            "order_url": orders.link(order),
            "documents": receipt_page.listed(credit_notes.documents_of_dispute(dispute), orders.link(order)),
        },
    )


def _kind_of(dispute: Dispute) -> str:
    return {
        Dispute.State.OPEN: "dispute_opened",
        Dispute.State.WON: "dispute_won",
        Dispute.State.LOST: "dispute_lost",
    }[Dispute.State(dispute.state)]


@mails.kind("dispute_opened")
def dispute_opened(dispute_id: int) -> mails.Mail | None:
    """To the buyer, as the keys can't be used while the dispute is open."""
    return _mail(dispute_id, "dispute_opened")


@mails.kind("dispute_won")
def dispute_won(dispute_id: int) -> mails.Mail | None:
    """To the buyer, as the same keys work again."""
    return _mail(dispute_id, "dispute_won")


@mails.kind("dispute_lost")
def dispute_lost(dispute_id: int) -> mails.Mail | None:
    """To the buyer, as the money went back and the keys ended."""
    return _mail(dispute_id, "dispute_lost")
