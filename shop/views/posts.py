"""Reviews and questions of a product, to be read. Their first pages are kept for everybody: no cookie is looked at."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shop.models import Product
from shop.posts import listing


@require_safe
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """`shop/reviews.html`: product, figures, posts, orders and unfiltered (words, address, is_here), stars
    and only (number and words of the filter), more (an address)."""
    product = _product(slug)
    order, stars = request.GET.get("order", "newest"), _stars(request)
    try:
        page = listing.reviews(product, order=order, stars=stars, after=request.GET.get("after", ""))
    except listing.NoSuchPage as error:
        raise Http404 from error
    chosen = {"stars": stars} if stars else {}
    by = {"order": order} if order != "newest" else {}
    context = {
        "product": product,
        "figures": listing.figures(product),
        "posts": page.posts,
        "stars": stars,
        "orders": [
            _link(each.words, each.name == order, **({"order": each.name} if each.name != "newest" else {}), **chosen)
            for each in listing.ORDERS.values()
        ],
        "only": f"Those with {stars} of 5" if stars else "",
        "unfiltered": _link("all", stars is None, **by),
        "more": _link("More", is_here=False, **by, **chosen, after=page.after)["address"] if page.after else "",
        "is_first": not request.GET,
    }
    return render(request, "shop/reviews.html", context)


@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """`shop/questions.html`: product, posts, more (an address)."""
    product = _product(slug)
    try:
        page = listing.questions(product, after=request.GET.get("after", ""))
    except listing.NoSuchPage as error:
        raise Http404 from error
    more = _link("More", is_here=False, after=page.after)["address"] if page.after else ""
    context = {"product": product, "posts": page.posts, "more": more, "is_first": not request.GET}
    return render(request, "shop/questions.html", context)


def _product(slug: str) -> Product:
    return get_object_or_404(Product.objects.published().select_related("category"), slug=slug)


def _stars(request: HttpRequest) -> int | None:
    """The stars that were asked for; None for all. Raises Http404 for what are no stars."""
    text = request.GET.get("stars")
    if text is None:
        return None
    if text not in {"1", "2", "3", "4", "5"}:
        raise Http404
    return int(text)


def _link(words: str, is_here: bool, **query: object) -> dict[str, Any]:
    return {"words": words, "is_here": is_here, "address": f"?{urlencode(query)}" if query else "./"}
