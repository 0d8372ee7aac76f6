"""The last products that a visitor viewed: a cookie of the visitor's own browser, after a yes (P2), and no row."""

from django.http import HttpRequest, HttpResponseBase

from shop import consent, cookies
from shop.models import Product

MOST = 12
_BETWEEN = "."


def ids_of(request: HttpRequest, answer: consent.Answer) -> list[int]:
    """Ids of the viewed products, latest first; empty unless the answer in force is a yes.

    A cookie that was tampered with counts as none.
    """
    if answer is not consent.Answer.YES:
        return []
    words = (cookies.VIEWED.read(request) or "").split(_BETWEEN)
    return [int(word) for word in words if word.isascii() and word.isdigit()][:MOST]


def with_viewed(ids: list[int], product_id: int) -> list[int]:
    """The list after one more product was viewed: it comes first, once, and the oldest falls out."""
    return [product_id, *(each for each in ids if each != product_id)][:MOST]


def record(response: HttpResponseBase, ids: list[int]) -> None:
    """Keeps the list. Only to be called after a yes."""
    cookies.VIEWED.write(response, _BETWEEN.join(map(str, ids)))


def clear(response: HttpResponseBase) -> None:
    """Forgets the list; the answer to the question stays."""
    cookies.VIEWED.remove(response)


def products(ids: list[int], currency: str) -> list[Product]:
    """The products of these ids that are still sold, in the order of the ids, with their stored `from_price`."""
    if not ids:
        return []
    found = Product.objects.published().filter(pk__in=ids).with_from_price(currency)
    by_id = {product.pk: product for product in found.defer("description", "facts", "requirements", "search")}
    return [by_id[pk] for pk in ids if pk in by_id]
