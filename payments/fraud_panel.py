"""What an order's page says to a buyer whose order waits for a person, was refused, or let in, after a fraud review."""

from django.http import HttpRequest
from django.urls import reverse

from payments.models import FraudAssessment
from privacy import clock
from shop import orders, panels
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
    found = FraudAssessment.objects.filter(order=order, verdict=verdict).first()
    if found is None or (verdict == Verdict.HOLD and found.settled_at is not None):
        return None
    if found.let_in_until is None:
        return panels.Panel(TEMPLATE, {"verdict": verdict.value})
    if found.let_in_order_id is not None or orders.party_of(order) is None:
        return None
    if found.let_in_until <= clock.now():
        return panels.Panel(TEMPLATE, {"verdict": "too_late"})
    again = reverse("order_back_to_cart", args=[orders.token(order)])
    return panels.Panel(TEMPLATE, {"verdict": "let_in", "again": again, "until": found.let_in_until})
