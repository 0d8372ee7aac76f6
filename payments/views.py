"""Where the providers send their webhooks and the buyers, and where a buyer pays an order again."""

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from payments import methods, returns, webhooks
from payments.order_panel import CHECKING
from payments.providers.base import Forged, ProviderError
from payments.tasks import handle_webhooks, reconcile_attempts
from privacy.tasks import nudge, send_mails
from shop import location, orders
from shop.models import Order
from shop.payment_methods import PaymentUnavailable

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """200 for what the provider signed, once kept; 400 for what it didn't; 503 while that can't be told."""
    try:
        is_kept = webhooks.receive(provider, request.headers, request.body)
    except Forged as problem:
        log.warning("webhook refused", provider=provider, reason=str(problem))
        return HttpResponse("This isn't a signed event of ours.", status=400, content_type="text/plain")
    except ProviderError as problem:
        log.warning("webhook not verified", provider=provider, error=problem.code)
        return HttpResponse("Please send it again later.", status=503, content_type="text/plain")
    if is_kept:
        nudge(handle_webhooks)
    return HttpResponse(status=200)


@never_cache
@require_GET
def back(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """The buyer comes back: the provider is asked about this order's payment, and the order's page shows the rest."""
    order, attempt = returns.find(provider, token, request.GET)
    if order is None:
        raise Http404
    if attempt is None or returns.settle(attempt):
        nudge(send_mails)
        return redirect(orders.path(order))
    nudge(reconcile_attempts)
    return redirect(f"{orders.path(order)}?{CHECKING}")


@never_cache
@require_GET
def turned_back(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """The buyer left the provider's page without paying."""
    order = _order(token)
    messages.info(request, "You turned back, and nothing was taken. You can choose how to pay below.")
    return redirect(orders.path(order))


@never_cache
@require_POST
def pay_again(request: HttpRequest, token: str) -> HttpResponse:
    """Begins a new payment of an order that isn't paid."""
    order = _order(token)
    try:
        chosen, address = request.POST.get("payment_method", ""), location.client_ip(request.META)
        return redirect(methods.pay_again(order, chosen, address=address))
    except PaymentUnavailable as problem:
        messages.warning(request, str(problem))
        return redirect(orders.path(order))


def _order(token: str) -> Order:
    order = orders.find_by_token(token)
    if order is None:
        raise Http404
    return order
