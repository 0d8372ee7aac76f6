"""The cart's page, its drawer, and what can be done in it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from privacy.same_origin import same_origin
from shop import cart, location, tax_words
from shop.cart import Cart, CartError


def _page(request: HttpRequest, of: Cart, *, error: str = "", added: object = None) -> HttpResponse:
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
