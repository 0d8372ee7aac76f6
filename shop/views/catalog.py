"""Home, category, product and search. They look at no cookie: the first three are kept for everybody.

Every template also gets what `shop.context` gives. Prices in the context (`from_price` included) are those that the
visitor sees; `structured_data` are facts for the tag of the same name.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.paginator import EmptyPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shop import catalog, panels, payment_methods, prices, structured_data, words
from shop import search as searching
from shop.models import Category, Edition, Product
from shop.posts import listing


@dataclass(frozen=True)
class ShownOffer:
    """An offer on its page: the price as `amount`, its `net` and `tax`, and the word on its stock."""

    edition: Edition
    currency: str
    amount: Decimal
    net: Decimal
    tax: Decimal
    stock: str
    is_available: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`shop/home.html`: entries (pairs of a category and its figures: count, from_price), shelves (category, products,
    count, has_more), news (a ProductChange with its product and `from_price`, or None), panels."""
    shelves = catalog.categories()
    shown = prices.shown_to(request)
    on_home = catalog.home(shelves, shown.currency)
    listed = [product for shelf in on_home for product in shelf.products]
    shown.show(listed)
    listing.add_figures(listed)
    news = catalog.news(shown.currency)
    if news is not None:
        shown.show([news])
    context = {
        "categories": shelves,
        "product_count": catalog.count_of(shelves),
        "entries": _entries(shelves, shown),
        "shelves": on_home,
        "news": news,
        "panels": panels.of_home(),
    }
    return render(request, "shop/home.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """`shop/category.html`: category, page (a Django page of products)."""
    shelf = get_object_or_404(Category, slug=slug)
    shown = prices.shown_to(request)
    try:
        page = catalog.page_of(shelf, _page_number(request), shown.currency)
    except EmptyPage as error:
        raise Http404 from error
    shown.show(page.object_list)
    listing.add_figures(page.object_list)
    return render(request, "shop/category.html", {"category": shelf, "page": page})


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """`shop/product.html`: product (with `changes`), category, offers (of ShownOffer), chosen (id of the edition
    that is checked first, or None), comparison (pairs of a statement and its figures, one an offer), tax_sentence,
    currency_sentence, payment_words, structured_data, figures, reviews, questions, panels.

    A withdrawn product answers 410 with `shop/withdrawn.html`:
    product, category."""
    try:
        found = catalog.product(slug)
    except Product.DoesNotExist as error:
        raise Http404 from error
    if not found.is_published:
        return render(request, "shop/withdrawn.html", {"product": found, "category": found.category}, status=410)
    shown = prices.shown_to(request)
    offers = catalog.offers(found, shown.currency)
    figures = listing.figures(found)
    reviews, questions = listing.latest(found)
    context = {
        "product": found,
        "category": found.category,
        "offers": [_shown(offer, shown) for offer in offers],
        "chosen": next((offer.edition.pk for offer in offers if offer.is_available), None),
        "comparison": catalog.comparison(offers),
        "tax_sentence": shown.sentence,
        "currency_sentence": _currency_words(offers, shown),
        "payment_words": _payment_words(shown),
        "structured_data": structured_data.of_product(found, offers, shown, figures, reviews),
        "figures": figures,
        "reviews": reviews,
        "questions": questions,
        "panels": panels.of_product(found),
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
        listing.add_figures(result.page.object_list)
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
    return (
        figures
        if figures.from_price is None
        else replace(figures, from_price=shown.of(figures.from_price, figures.currency))
    )


def _shown(offer: catalog.Offer, shown: prices.Prices) -> ShownOffer:
    price = shown.parts_of(offer.amount, offer.currency)
    return ShownOffer(offer.edition, offer.currency, price.total, price.net, price.tax, offer.stock, offer.is_available)


def _currency_words(offers: list[catalog.Offer], shown: prices.Prices) -> str:
    """Why some prices aren't in the currency that the visitor chose. Who chose none isn't told of any."""
    without = [offer for offer in offers if offer.currency != shown.currency]
    if not without or not shown.place.is_chosen:
        return ""
    names = words.listed([offer.edition.name for offer in without])
    has = "have" if len(without) > 1 else "has"
    wanted, own = words.currency(shown.currency), words.currency(without[0].currency)
    return f"{names} {has} no price in {wanted}. You see the price in {own}."


def _payment_words(shown: prices.Prices) -> str:
    return " or ".join(method.label for method in payment_methods.offered(shown.country, shown.currency))
