"""Checkout, on one page."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from privacy import clock
from shop import cart, checkout, location, orders, payment_methods, words
from shop.cart import Cart
from shop.forms import CheckoutForm
from shop.models import Order
from shop.tax_rates import NoRate
from shop.views.cart import taxes


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Shows the form; a POST with `look` shows it again for another country, any other places the order."""
    if request.method == "POST" and "look" not in request.POST:
        return _submit(request)
    initial = request.POST.dict() if request.method == "POST" else _suggestions(request)
    of = cart.of(request, country=initial.get("country"))
    if not of.lines:
        return redirect("cart")
    return _show(request, of, CheckoutForm(initial=initial, currency=of.currency))


def _suggestions(request: HttpRequest) -> dict[str, str]:
    """What is known already: the connection's country, and of an account its address."""
    known = {"country": location.display_country(request.META)}
    if request.user.is_authenticated:
        known |= {"email": request.user.email, "name": request.user.name, "company": request.user.company}
        address = request.user.addresses.first()
        columns = "name company vat_number street postal_code city region country".split()
        known |= {column: getattr(address, column) for column in columns} if address else {}
        known |= {"is_business": bool(known["company"])}  # type: ignore[dict-item]  # a tick, not a text
    return known


def _show(request: HttpRequest, of: Cart, form: CheckoutForm, notices: list[str] | None = None) -> HttpResponse:
    terms = checkout.terms()
    form.initial = {**form.initial, "token": form.initial.get("token") or uuid.uuid4()}
    context = {
        "form": form,
        "cart": of,
        "amounts": of.amounts,
        "currency": of.currency,
        "taxes": taxes(of),
        "country_name": location.country_name(of.country),
        "ip_country": location.country_of(request),
        "notices": [*(notices or []), *of.notices],
        "problems": of.problems,
        "terms": terms,
        "token": form["token"].value(),
        "consent_text": checkout.CONSENT_TEXT,
        "returnable_until": words.day((clock.now() + checkout.WITHDRAWAL).date()),
    }
    status = 422 if form.errors or notices or (form.is_bound and of.problems) else 200
    return render(request, "shop/checkout.html", context, status=200 if request.htmx else status)  # type: ignore[attr-defined]


def _submit(request: HttpRequest) -> HttpResponse:
    form = CheckoutForm(request.POST, currency=cart.of(request).currency)
    if "token" not in form.errors and (earlier := checkout.placed(form.cleaned_data["token"])):
        return _to_payment(request, earlier)
    try:
        of = cart.of(request, country=form.billing_country or None)
        if not of.lines:
            return redirect("cart")
        if "token" in form.errors:
            return _show(request, of, CheckoutForm(initial=request.POST.dict() | {"token": ""}, currency=of.currency))
        terms = checkout.terms()
        changed = checkout.what_changed(
            of, form.cleaned_data.get("shown_total"), form.cleaned_data.get("shown_terms"), terms
        )
    except NoRate:
        form.add_error("country", "We can't sell to this country today. Please write to us, and we will see to it.")
        return _show(request, cart.of(request), form)
    if not form.is_valid() or changed or of.problems:
        return _show(request, of, form, changed)
    order = checkout.place(of, checkout.purchase(request, form.cleaned_data, terms))
    response = _to_payment(request, order)
    of.empty()
    cart.save(request, response, of)
    return response


def _to_payment(request: HttpRequest, order: Order) -> HttpResponse:
    """To the provider's page where the order waits for its payment, else to the order's own."""
    if order.state != Order.State.PENDING_PAYMENT:
        return redirect(orders.path(order))
    try:
        return redirect(payment_methods.get(order.payment_method).start(order))
    except payment_methods.PaymentUnavailable as problem:
        messages.warning(request, str(problem))
        return redirect(orders.path(order))
