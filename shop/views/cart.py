"""The cart's page, its drawer, and what can be done in it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from privacy import rate_limits
from privacy.same_origin import same_origin
from shop import cart, coupons, location, tax_words
from shop.cart import Cart, CartError

GUESSES, SECONDS = 20, 600
TOO_MANY = "Many codes were tried from your connection. Please wait ten minutes, then try again."


def _page(
    request: HttpRequest, of: Cart, *, error: str = "", added: object = None, typed_code: str = ""
) -> HttpResponse:
    """The whole page, or what htmx swaps: the drawer after adding from a product's page, the page's cart otherwise."""
    in_drawer = bool(request.htmx) and request.htmx.target == "drawer-body"  # type: ignore[attr-defined]
    template = "shop/cart_drawer.html" if in_drawer else "shop/cart.html"
    lines = of.lines
    context = {
        "cart": of,
        "lines": lines,
        "currency": of.currency,
        "amounts": of.amounts,
        "taxes": taxes(of),
        "discounts": discounts(of),
        "typed_code": typed_code,
        "country_name": location.country_name(of.country),
        "cart_count": of.count,
        "cart_total": of.total,
        "notices": of.notices,
        "problems": of.problems,
        "error": error,
        "added": added,
    }
    return render(request, template, context, status=422 if error and not request.htmx else 200)  # type: ignore[attr-defined]


def taxes(of: Cart) -> list[tuple[str, object]]:
    """The tax line of a cart's sum, in words with its amount."""
    return [(tax_words.of_treatment(of.treatment), of.amounts.tax)]


def discounts(of: Cart) -> list[tuple[str, object]]:
    """What a coupon takes off the lines as they stand above a cart's sum: its words and its amount, below zero."""
    return [(coupons.name(of.coupon.code), -of.discount)] if of.coupon else []


@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The cart."""
    return _page(request, cart.of(request))


@never_cache
@require_GET
def drawer(request: HttpRequest) -> HttpResponse:
    """The cart for the drawer; without JavaScript its link leads to the page."""
    return _page(request, cart.of(request)) if request.htmx else redirect("cart")  # type: ignore[attr-defined]


def _change(request: HttpRequest, act: Callable[[Cart], object]) -> HttpResponse:
    of = cart.of(request)
    try:
        added = act(of)
    except CartError as error:
        return _page(request, of, error=str(error))
    response = _page(request, of, added=added) if request.htmx else redirect("cart")  # type: ignore[attr-defined]
    cart.save(request, response, of)
    return response


@never_cache
@require_POST
@same_origin
def add(request: HttpRequest) -> HttpResponse:
    """Adds licenses or seats of an edition."""
    return _change(
        request, lambda of: of.put(request.POST.get("edition", ""), request.POST.get("quantity", "1"), add=True)
    )


@never_cache
@require_POST
@same_origin
def change(request: HttpRequest) -> HttpResponse:
    """Sets the quantity of a line."""
    return _change(
        request, lambda of: of.put(request.POST.get("edition", ""), request.POST.get("quantity", ""), add=False)
    )


@never_cache
@require_POST
@same_origin
def remove(request: HttpRequest) -> HttpResponse:
    """Takes a line out."""
    return _change(request, lambda of: of.remove(request.POST.get("edition", "")))


@never_cache
@require_POST
@same_origin
def empty(request: HttpRequest) -> HttpResponse:
    """Takes everything out."""
    return _change(request, lambda of: of.empty())


@never_cache
@require_POST
@same_origin
def redeem(request: HttpRequest) -> HttpResponse:
    """Takes the code of a coupon, or says why it doesn't count. A connection may try so many in ten minutes."""
    of, typed = cart.of(request), request.POST.get("code", "")[: coupons.LONGEST]
    if not rate_limits.allow("coupon", location.client_ip(request.META), most=GUESSES, seconds=SECONDS):
        return _page(request, of, error=TOO_MANY, typed_code=typed)
    try:
        of.redeem(typed)
    except CartError as error:
        return _page(request, of, error=str(error), typed_code=typed)
    response = _page(request, of) if request.htmx else redirect("cart")  # type: ignore[attr-defined]
    cart.save(request, response, of)
    return response


@never_cache
@require_POST
@same_origin
def without_code(request: HttpRequest) -> HttpResponse:
    """Leaves the coupon out."""
    return _change(request, lambda of: of.drop_code())
