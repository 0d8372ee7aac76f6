"""What the page of an order that isn't paid says about its payment, with the ways to pay it."""

from django.http import HttpRequest

from payments import providers
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
    if status == "instructed" and attempt is not None:
        attempt.order = order
        context |= {"instructions": providers.get(attempt.provider).instructions(attempt), "until": order.expires_at}
    if status in {"unpaid", "failed", "instructed"}:
        offered = payment_methods.for_order(order)
        is_chosen = order.payment_method if status == "instructed" else ""
        context["methods"] = [method for method in offered if method.name != is_chosen]
    return panels.Panel(TEMPLATE, context)


def _status(request: HttpRequest, attempt: Attempt | None) -> str:
    state = attempt.state if attempt else ""
    if state == Attempt.State.PROCESSING:
        return "processing"
    if state in OPEN and request.GET.get("payment") == "checking":
        return "checking"
    if attempt is not None and state in OPEN and providers.is_by_hand(attempt.provider):
        return "instructed"
    return "failed" if state == Attempt.State.FAILED else "unpaid"
