"""The page of an order, for whoever has its link or owns it, and what can be done there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from privacy import rate_limits
from shop import cart, coupons, location, order_lookup, orders, panels, receipt_page, receipts, tax_words, timeline
from shop.forms import CorrectEmailForm, FindOrderForm
from shop.models import Order


def order_page(
    request: HttpRequest, order: Order, *, by_link: bool, form: CorrectEmailForm | None = None
) -> HttpResponse:
    """The page of an order whose reader was let in already: by its link, or as its owner."""
    party = getattr(order, "party", None)
    lines = orders.lines_of(order)
    correctable = by_link and orders.is_correctable(order)
    context = {
        "order": order,
        "party": party,
        "lines": lines,
        "currency": order.currency,
        "discounts": coupons.lines_off(order, lines),
        "taxes": tax_words.of_lines(lines),
        "country_name": location.country_name(order.country),
        "panels": panels.panels_of(request, order),
        "timeline": timeline.of(order, by_link=by_link),
        "by_link": by_link,
        "writes_reviews": not by_link or bool(party and not party.delivery_email),
        "order_url": _address(request),
        "documents": receipt_page.links(order, _address(request)) if order.paid_at else [],
        "email_form": form or (CorrectEmailForm(initial={"email": party.email}) if correctable and party else None),
    }
    response = render(request, "shop/order.html", context, status=422 if form and form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def receipt_of(request: HttpRequest, order: Order, label: str) -> HttpResponse:
    """A receipt or credit note of an order whose reader was let in already. 404 where this order has no such one."""
    document = receipts.find(order, label)
    if document is None:
        raise Http404
    response = render(request, "shop/receipt.html", receipt_page.context(order, document))
    response["X-Robots-Tag"] = "noindex"
    return response


def _address(request: HttpRequest) -> str:
    """The address of the page itself: by the link with which the reader came, or by the number."""
    match = request.resolver_match
    token = match.kwargs.get("token") if match else None
    return reverse("order", args=[token]) if token else request.path


def _by_link(token: str) -> Order:
    order = orders.find_by_token(token)
    if order is None:
        raise Http404
    return order


@never_cache
@require_GET
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The order of a link."""
    return order_page(request, _by_link(token), by_link=True)


@never_cache
@require_GET
def receipt(request: HttpRequest, token: str, label: str) -> HttpResponse:
    """A receipt or credit note of the order of a link."""
    return receipt_of(request, _by_link(token), label)


@never_cache
@require_POST
def correct_email(request: HttpRequest, token: str) -> HttpResponse:
    """Puts a mistyped address right, once, and sends the mail anew."""
    order = _by_link(token)
    form = CorrectEmailForm(request.POST)
    if not form.is_valid():
        return order_page(request, order, by_link=True, form=form)
    try:
        order = orders.correct_email(order.pk, form.cleaned_data["email"])
        messages.success(request, "The address is corrected, and the mail is on its way again. This is the new link.")
    except orders.NotCorrectable as refused:
        messages.warning(request, str(refused))
    return redirect(orders.path(order))


@never_cache
@require_POST
def renew_link(request: HttpRequest, token: str) -> HttpResponse:
    """Makes a new link; the old one stops."""
    order = _by_link(token)
    if orders.party_of(order) is None:
        messages.warning(request, "Nobody’s name is on this order any more, so its link stays as it is.")
        return redirect("order", token)
    order = orders.renew_link(order.pk)
    messages.success(request, "This is the new link. The old one no longer works.")
    return redirect(orders.path(order))


@never_cache
@require_POST
def back_to_cart(request: HttpRequest, token: str) -> HttpResponse:
    """Puts the lines of an order that isn't paid back into the cart, to change them. The order itself runs out."""
    order = _by_link(token)
    response = redirect("cart")
    if order.state in (Order.State.PENDING_PAYMENT, Order.State.EXPIRED, Order.State.CANCELLED):
        of = cart.of(request)
        order_lookup.put_back(order, of)
        cart.save(request, response, of)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Mails the links of orders to the address they were placed with; says the same whether there are any."""
    form = FindOrderForm(request.POST or None)
    if form.is_valid() and not rate_limits.allow("find-order", location.client_ip(request.META), most=10, seconds=600):
        form.add_error(None, "Many requests came from your connection. Please wait ten minutes and try again.")
    if form.is_valid():
        order_lookup.mail_links(form.cleaned_data["email"])
        return render(request, "shop/find_order.html", {"form": FindOrderForm(), "sent": True})
    return render(request, "shop/find_order.html", {"form": form}, status=422 if form.errors else 200)
