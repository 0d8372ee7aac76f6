"""The one small request that every page makes after it is shown: what is the visitor's own, kept out of kept pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop import cart, consent, cookies, prices, recently_viewed
from shop.models import Product


@never_cache
@require_safe
def header(request: HttpRequest) -> HttpResponse:
    """The cart widget and the consent line where nothing was answered yet, each swapped into its place by htmx.

    A page with a place for the recently viewed products asks with `?viewed`; with `?viewed=<slug>` that product is
    recorded, after a yes and only then (P2). Pages of a purchase ask with `?quiet`: nothing may lie over their buttons.
    """
    answer = consent.of(request)
    ids = recently_viewed.ids_of(request, answer)
    shown = prices.shown_to(request)
    before = recently_viewed.products(ids if "viewed" in request.GET else [], shown.currency)
    viewed = _viewed(request) if answer is consent.Answer.YES else None
    shown.show(before)
    context = {
        "cart": cart.of(request),
        "asks": answer is consent.Answer.NONE and "quiet" not in request.GET,
        "question": consent.QUESTION.words,
        "products": [product for product in before if product.pk != viewed],
        "currency": shown.currency,
    }
    response = render(request, "shop/fragments/header.html", context)
    cart.forget_cookie(request, response)
    if viewed is not None:
        recently_viewed.record(response, recently_viewed.with_viewed(ids, viewed))
    elif answer is not consent.Answer.YES and request.COOKIES.get(cookies.VIEWED.name):
        recently_viewed.clear(response)
    return response


def _viewed(request: HttpRequest) -> int | None:
    """The id of the product whose page asks. A plain visit of this address views nothing: only a page's own request."""
    slug = request.GET.get("viewed", "")
    if not slug or "\x00" in slug or not request.headers.get("HX-Request"):
        return None
    return Product.objects.published().filter(slug=slug).values_list("pk", flat=True).first()
