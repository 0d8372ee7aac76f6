"""What an order's page says to a buyer whose order waits for a person, or was refused, after a fraud review."""

from django.http import HttpRequest

from payments.models import FraudAssessment
from shop import panels
from shop.models import Order

TEMPLATE = "payments/_fraud_panel.html"
Verdict = FraudAssessment.Verdict
#: In which state of the order which verdict is spoken of.
SPOKEN_OF = {Order.State.ON_HOLD: Verdict.HOLD, Order.State.CANCELLED: Verdict.REFUSE}


@panels.register
def fraud_panel(request: HttpRequest, order: Order) -> panels.Panel | None:
    """Nothing for an order that is where it is for another reason. Which signs there were, it doesn't say."""
    verdict = SPOKEN_OF.get(Order.State(order.state))
    if verdict is None:
        return None
    found = FraudAssessment.objects.filter(order=order, verdict=verdict)
    if verdict == Verdict.HOLD:
        found = found.filter(settled_at__isnull=True)
    return panels.Panel(TEMPLATE, {"verdict": verdict.value}) if found.exists() else None
