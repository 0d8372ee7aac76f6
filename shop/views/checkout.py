"""Checkout, on one page."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from privacy import clock, rate_limits
from shop import (
    buyers,
    cart,
    checkout,
    coupons,
    location,
    order_consents,
    orders,
    payment_methods,
    stock,
    vat_checks,
    withdrawal_period,
    words,
)
from shop.cart import Cart
from shop.forms import CheckoutForm
from shop.models import Order, PageVersion
from shop.tax import Number
from shop.vat_checks import Known
from shop.views.cart import discounts, taxes

LOOK_AGAIN = "Please look at your order once more, then press Pay."
EMPTY = (
    "Your cart is empty here. If you were signed in, your session has ended: sign in in another tab, then send this "
    "form again. What you typed is still here."
)
NO_TERMS = (
    "You can't order yet: the terms of sale aren't there. Your cart is kept. Please come back later, or write to us."
)
SOLD_MEANWHILE = (
    "Somebody was a moment faster: the last keys of your order have just been sold. You have paid nothing. Please "
    "choose fewer, or another edition."
)
NOT_IN_VIES = (
    "The EU’s register of VAT numbers, VIES, doesn’t know this number. "
    "Please check it, or leave it out and pay with the tax."
)
WITHOUT_COUPON = "Your order is shown without it. You have paid nothing."
TOO_MANY = "Many orders came from your connection in the last minutes. Please wait ten minutes and send the form again."


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Shows the form; a POST with `look` shows it again for another country, any other places the order."""
    if request.method == "POST" and "look" not in request.POST:
        return _submit(request)
    initial = request.POST.dict() if request.method == "POST" else _suggestions(request)
    form = _form(request, initial=initial)
    known = _known(request, form, ask=request.method == "POST")
    of = _cart(request, form, known)
    if not of.lines:
        return redirect("cart")
    return _show(request, of, form, known=known)


def _form(request: HttpRequest, *, initial: dict[str, Any] | None = None) -> CheckoutForm:
    """What was posted, or, with `initial`, a form that complains about nothing yet."""
    data = request.POST if initial is None else None
    currency, ip_country = location.place_of(request).currency, location.country_of(request)
    return CheckoutForm(data, initial=initial, currency=currency, ip_country=ip_country)


def _known(request: HttpRequest, form: CheckoutForm, *, ask: bool) -> Known:
    proof = request.POST.get("vat_proof", "")
    return buyers.check(form.buyer, proof, location.client_ip(request.META), ask=ask)


def _cart(request: HttpRequest, form: CheckoutForm, known: Known = vat_checks.NOTHING) -> Cart:
    """The cart as this buyer pays it, as far as he is known."""
    return cart.of(request, form.buyer.buyer(known) if form.billing_country else None)


def _suggestions(request: HttpRequest) -> dict[str, str]:
    """What is known already: the country that prices were shown for, and of an account its address."""
    known = {"country": location.place_of(request).country}
    if request.user.is_authenticated:
        known |= {"email": request.user.email, "name": request.user.name, "company": request.user.company}
        address = request.user.addresses.first()
        columns = "name company vat_number street postal_code city region country".split()
        known |= {column: getattr(address, column) for column in columns} if address else {}
        known |= {"is_business": bool(known["company"])}  # type: ignore[dict-item]  # a tick, not a text
    return known


def _show(
    request: HttpRequest,
    of: Cart,
    form: CheckoutForm,
    notices: list[str] | None = None,
    *,
    known: Known = vat_checks.NOTHING,
) -> HttpResponse:
    try:
        terms = checkout.terms()
    except PageVersion.DoesNotExist:
        return _without_terms(request)
    form.initial = {**form.initial, "token": form.initial.get("token") or uuid.uuid4()}
    context = {
        "form": form,
        "cart": of,
        "amounts": of.amounts,
        "currency": of.currency,
        "taxes": taxes(of),
        "discounts": discounts(of),
        "country_name": location.country_name(of.country),
        "ip_country": form.buyer.ip_country,
        "question": buyers.question(form.buyer) if form.buyer.is_asked else "",
        "vat_words": buyers.number_words(known, of.treatment),
        "vat_proof": vat_checks.proof(form.buyer.number, known),
        "notices": [*(notices or []), *of.notices],
        "problems": of.problems,
        "terms": terms,
        "token": form["token"].value(),
        "consent_text": order_consents.TEXT.words,
        "returnable_until": words.day(withdrawal_period.last_day(clock.now(), of.country)),
    }
    status = 422 if form.errors or notices or (form.is_bound and of.problems) else 200
    return render(request, "shop/checkout.html", context, status=200 if request.htmx else status)  # type: ignore[attr-defined]


def again(request: HttpRequest, sentence: str) -> HttpResponse:
    """Shows the form once more with what was typed, and does nothing else. A form keeps its token, if it is one."""
    typed = request.POST.dict()
    if "token" in _form(request).errors:
        typed["token"] = ""
    form = _form(request, initial=typed)
    known = _known(request, form, ask=False)
    return _show(request, _cart(request, form, known), form, [sentence], known=known)


def _submit(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if "token" in form.errors:
        return again(request, LOOK_AGAIN)
    if earlier := checkout.placed(form.cleaned_data["token"]):
        return _placed_before(request, earlier, form)
    try:
        return _order(request, form)
    except PageVersion.DoesNotExist:
        return _without_terms(request)


def _without_terms(request: HttpRequest) -> HttpResponse:
    messages.error(request, NO_TERMS)
    return redirect("cart")


def _order(request: HttpRequest, form: CheckoutForm) -> HttpResponse:
    terms, known = checkout.terms(), _known(request, form, ask=form.is_valid())
    of = _cart(request, form, known)
    if not of.lines:
        return again(request, EMPTY)
    if known.state is Number.INVALID:
        form.add_error("vat_number", NOT_IN_VIES)
    if of.is_free:
        form.ask_no_payment()
    data = form.cleaned_data
    changed = checkout.what_changed(of, data.get("shown_total"), data.get("shown_terms"), terms)
    if not form.is_valid() or changed or of.problems:
        return _show(request, of, form, changed, known=known)
    if not rate_limits.allow("checkout", location.client_ip(request.META), most=60, seconds=600):
        return again(request, TOO_MANY)
    try:
        order = checkout.place(of, checkout.purchase(request, data, terms, form.buyer, known))
    except stock.SoldOut:
        return _show(request, _cart(request, form, known), form, [SOLD_MEANWHILE], known=known)
    except coupons.Refused as why:
        of.drop_code()
        response = _show(request, of, form, [f"{why} {WITHOUT_COUPON}"], known=known)
        cart.keep_code(request, response, of)
        return response
    response = _to_payment(request, order)
    of.empty()
    cart.save(request, response, of)
    return response


def _placed_before(request: HttpRequest, order: Order, form: CheckoutForm) -> HttpResponse:
    """A second submit of one form: on to the payment, or to the order where something else was chosen meanwhile."""
    chosen = form.cleaned_data
    party = getattr(order, "party", None)
    is_same = (
        chosen.get("payment_method") == order.payment_method
        and chosen.get("country") == order.country
        and party is not None
        and chosen.get("email") == party.email
    )
    if is_same or order.state != Order.State.PENDING_PAYMENT:
        return _to_payment(request, order)
    messages.info(request, "This order is placed already, as it stands here. Choose how to pay it, or change it.")
    return redirect(orders.path(order))


def _to_payment(request: HttpRequest, order: Order) -> HttpResponse:
    """To the provider's page where the order waits for its payment, else to the order's own."""
    if order.state != Order.State.PENDING_PAYMENT:
        return redirect(orders.path(order))
    try:
        method = payment_methods.get(order.payment_method)
        return redirect(method.start(order, address=location.client_ip(request.META)))
    except payment_methods.PaymentUnavailable as problem:
        messages.warning(request, str(problem))
        return redirect(orders.path(order))
