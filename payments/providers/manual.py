"""Bank transfers: the buyer sends the total with the order's number, and a manager records that it arrived.

Nobody can be asked: what is known of such a payment is what people at the desk wrote down
(`payments.bank_transfers`). Money goes back the same way.
"""

from datetime import date, timedelta

from django.conf import settings

from payments.models import Attempt, Refund
from payments.providers.base import Begun, Choice, Parameters, Provider, RefundSnapshot, Snapshot
from shop import words
from shop.models import Order


class Manual(Provider):
    """See `payments.providers.base.Provider` for when each method is called."""

    name, key_prefix = "manual", "bt"
    choice = Choice(
        "bank_transfer",
        "Bank transfer",
        "You send the total from your bank. The keys come when it has arrived, in one to three days.",
        "by bank transfer",
    )
    time_to_pay = timedelta(days=14)
    is_by_hand = True

    def is_live(self) -> bool:
        return not settings.DEBUG

    def is_configured(self) -> bool:
        return bool(settings.BANK_TRANSFER_IBAN and settings.BANK_TRANSFER_HOLDER)

    def serves(self, country: str, on: date) -> bool:
        return True

    def parameters(self, order: Order, attempt: Attempt) -> Parameters:
        return {}

    def begin(self, key: str, parameters: Parameters) -> Begun:
        return Begun(url="", references={})

    def fetch(self, attempt: Attempt) -> Snapshot:
        """As it stands; one that has just begun waits for the buyer from now on."""
        is_new = attempt.state == Attempt.State.CREATED
        return Snapshot(state=Attempt.State.REQUIRES_ACTION if is_new else attempt.state)

    def cancel(self, attempt: Attempt) -> Snapshot:
        return Snapshot(state=Attempt.State.CANCELLED)

    def instructions(self, attempt: Attempt) -> list[tuple[str, str]]:
        iban = settings.BANK_TRANSFER_IBAN
        said = [
            ("Amount", words.money(attempt.amount, attempt.currency)),
            ("To", settings.BANK_TRANSFER_HOLDER),
            ("IBAN", " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))),
            ("BIC", settings.BANK_TRANSFER_BIC),
            ("Bank", settings.BANK_TRANSFER_BANK),
            ("Reference", attempt.order.number),
        ]
        return [(statement, value) for statement, value in said if value]

    def refund(self, refund: Refund) -> RefundSnapshot:
        """Under way: a manager is called, and records it when the money has left."""
        return RefundSnapshot(
            state=Refund.State.SUBMITTED,
            provider_refund=f"{self.name}-{refund.pk}",
            amount=refund.amount,
            currency=refund.attempt.currency,
            refund=refund.pk,
        )
