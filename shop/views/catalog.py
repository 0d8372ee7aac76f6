"""Home, category, product and search. They look at no cookie: the first three are kept for everybody.

Every template also gets what `shop.context` gives. Prices in the context (`from_price` included) are those that the
visitor sees; `canonical` is the page's full address for `<link rel="canonical">`; `structured_data` are facts for the
tag of the same name.
"""

from dataclasses import dataclass, replace

from django.core.paginator import EmptyPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shop import catalog, prices, structured_data, tax
from shop import search as searching
from shop.models import Category, Edition, Product


@dataclass(frozen=True)
class ShownOffer:
    """An offer on its page: `price` with its `total`, `net` and `tax`, and the word on its stock."""

    edition: Edition
    price: tax.Amounts
    stock: str
    is_available: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`shop/home.html`: entries (pairs of a category and its figures: count, from_price), shelves (category, products,
    count, has_more), news (a ProductChange with its product, or None), canonical."""
    shelves = catalog.categories()
    shown = prices.shown_to(request)
    on_home = catalog.home(shelves, shown.currency)
    for shelf in on_home:
        shown.show(shelf.products)
    context = {
        "categories": shelves,
        "product_count": catalog.count_of(shelves),
        "entries": _entries(shelves, shown),
        "shelves": on_home,
        "news": catalog.news(),
        "canonical": structured_data.absolute("/"),
    }
    return render(request, "shop/home.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """`shop/category.html`: category, page (a Django page of products), trail, canonical, structured_data."""
    shelf = get_object_or_404(Category, slug=slug)
    shown = prices.shown_to(request)
    number = _page_number(request)
    try:
        page = catalog.page_of(shelf, number, shown.currency)
    except EmptyPage as error:
        raise Http404 from error
    shown.show(page.object_list)
    path = shelf.get_absolute_url()
    context = {
        "category": shelf,
        "page": page,
        "trail": [("All tools", "/"), (shelf.name, "")],
        "canonical": structured_data.absolute(path if number == 1 else f"{path}?page={number}"),
        "structured_data": structured_data.of_category(shelf),
    }
    return render(request, "shop/category.html", context)


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """`shop/product.html`: product (with `changes`), category, offers (of ShownOffer), chosen (the one checked first,
    or None), prices (its `sentence` stands below the price), comparison (pairs of a statement and its figures, one an
    offer), trail, viewed, canonical, structured_data. A withdrawn product answers 410 with `shop/withdrawn.html`."""
    try:
        found = catalog.product(slug)
    except Product.DoesNotExist as error:
        raise Http404 from error
    if not found.is_published:
        return render(request, "shop/withdrawn.html", {"product": found, "category": found.category}, status=410)
    shown = prices.shown_to(request)
    offers = catalog.offers(found, shown.currency)
    shown_offers = [_shown(offer, shown) for offer in offers]
    context = {
        "product": found,
        "category": found.category,
        "offers": shown_offers,
        "chosen": next((offer for offer in shown_offers if offer.is_available), None),
        "prices": shown,
        "comparison": catalog.comparison(offers),
        "trail": [("All tools", "/"), (found.category.name, found.category.get_absolute_url()), (found.name, "")],
        "viewed": found.slug,
        "canonical": structured_data.absolute(found.get_absolute_url()),
        "structured_data": structured_data.of_product(found, offers, shown),
    }
    return render(request, "shop/product.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`shop/search.html`: query (as typed, cleaned and cut), result (None for an empty query; else text, is_cut,
    is_guess, page). Not for search engines: the template says `noindex`."""
    shown = prices.shown_to(request)
    try:
        result = searching.find(request.GET.get("q", ""), _page_number(request), shown.currency)
    except EmptyPage as error:
        raise Http404 from error
    if result is not None:
        shown.show(result.page.object_list)
    return render(request, "shop/search.html", {"query": result.text if result else "", "result": result})


def _page_number(request: HttpRequest) -> int:
    """The page that was asked for, the first one by default. Raises Http404 for what is no page number."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) >= 1):
        raise Http404
    return int(text)


def _entries(shelves: list[Category], shown: prices.Prices) -> list[tuple[Category, catalog.ShelfFigures]]:
    figures = catalog.figures(shelves, shown.currency)
    return [(shelf, _at_shown_price(figures[shelf.pk], shown)) for shelf in shelves]


def _at_shown_price(figures: catalog.ShelfFigures, shown: prices.Prices) -> catalog.ShelfFigures:
    return figures if figures.from_price is None else replace(figures, from_price=shown.of(figures.from_price))


def _shown(offer: catalog.Offer, shown: prices.Prices) -> ShownOffer:
    return ShownOffer(offer.edition, shown.parts_of(offer.amount), offer.stock, offer.is_available)
