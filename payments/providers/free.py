"""Orders whose total is zero. Nobody is asked and no money moves; they settle on the same way as all others."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from payments.models import Attempt, Refund
from payments.providers.base import Begun, Notice, Parameters, RefundSnapshot, Snapshot, Trace
from shop.models import Order


class Free:
    """Chosen by `payments.attempts` where the total is zero, whatever method the buyer chose."""

    name, key_prefix = "free", "free"
    remembers = timedelta(0)

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

    def capture(self, attempt: Attempt) -> Snapshot:
        return self.fetch(attempt)

    def cancel(self, attempt: Attempt) -> Snapshot:
        return Snapshot(state=Attempt.State.CANCELLED)

    def refund(self, refund: Refund) -> RefundSnapshot:
        raise LookupError("Nothing was paid, so nothing can be given back.")

    def find_refund(self, refund: Refund) -> RefundSnapshot | None:
        return None

    def fetch_refund(self, provider_refund: str) -> RefundSnapshot:
        raise LookupError("Nothing was paid, so nothing can be given back.")

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        return None

    def is_about_refund(self, kind: str) -> bool:
        return False

    def trace(self, kind: str, object_id: str) -> Trace | None:
        return None
