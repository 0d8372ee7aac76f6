"""The mail that says how to pay where the provider has no page of its own (P6a)."""

from payments import providers
from payments.models import OPEN, Attempt
from privacy import mails
from shop import orders, words


@mails.kind("payment_instructions")
def payment_instructions(attempt_id: int) -> mails.Mail | None:
    """To the buyer, once. None where the order names nobody any more, or the attempt doesn't wait."""
    attempt = Attempt.objects.select_related("order__party").filter(pk=attempt_id, state__in=OPEN).first()
    party = getattr(attempt.order, "party", None) if attempt else None
    if attempt is None or party is None:
        return None
    return mails.Mail(
        to=party.email,
        subject=f"How to pay your order {attempt.order.number}",
        template="mails/payment_instructions",
        context={
            "order": attempt.order,
            "name": party.name,
            "instructions": providers.get(attempt.provider).instructions(attempt),
            "until": words.day(attempt.order.expires_at.date()),
            "order_url": orders.link(attempt.order),
        },
    )
