"""What the page of an order that isn't paid says about its payment, with the ways to pay it."""

from django.http import HttpRequest

from payments.models import OPEN, Attempt
from shop import orders, panels, payment_methods
from shop.models import Order

#: The query by which the return page says that the provider could not be asked yet.
CHECKING = "payment=checking"
TEMPLATE = "payments/_payment_panel.html"


@panels.register
def payment_panel(request: HttpRequest, order: Order) -> panels.Panel | None:
    """Nothing for an order that doesn't wait for its payment."""
    if order.state != Order.State.PENDING_PAYMENT:
        return None
    attempt = Attempt.objects.filter(order=order).order_by("number").last()
    status = _status(request, attempt)
    context = {"status": status, "methods": [], "token": orders.token(order), "total": order.total}
    if status in {"unpaid", "failed"}:
        context["methods"] = payment_methods.offered(order.country, order.currency)
    return panels.Panel(TEMPLATE, context)


def _status(request: HttpRequest, attempt: Attempt | None) -> str:
    state = attempt.state if attempt else ""
    if state == Attempt.State.PROCESSING:
        return "processing"
    if state in OPEN and request.GET.get("payment") == "checking":
        return "checking"
    return "failed" if state == Attempt.State.FAILED else "unpaid"
