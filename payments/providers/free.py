"""Orders whose total is zero. Nobody is asked and no money moves; they settle on the same way as all others."""

from datetime import date
from decimal import Decimal

from payments.models import Attempt
from payments.providers.base import Begun, Parameters, Provider, Snapshot
from shop.models import Order


class Free(Provider):
    """Chosen by `payments.attempts` where the total is zero, whatever method the buyer chose."""

    name = key_prefix = "free"

    def is_live(self) -> bool:
        return False

    def is_configured(self) -> bool:
        return True

    def serves(self, country: str, on: date) -> bool:
        return True

    def parameters(self, order: Order, attempt: Attempt) -> Parameters:
        return {}

    def begin(self, key: str, parameters: Parameters) -> Begun:
        return Begun(url="", references={})

    def fetch(self, attempt: Attempt) -> Snapshot:
        """Captured, at once: there is nothing to take."""
        return Snapshot(state=Attempt.State.CAPTURED, amount=Decimal(0), currency=attempt.currency)

    def cancel(self, attempt: Attempt) -> Snapshot:
        return Snapshot(state=Attempt.State.CANCELLED)
