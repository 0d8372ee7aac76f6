"""Search in the catalog: PostgreSQL's full text, and trigrams for what is mistyped or only begun."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from shop.models import Product

LONGEST = 200
ON_PAGE = 24
CLOSE_ENOUGH = 0.5
TAGLINE_WEIGHT = 0.6
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\s]+")


@dataclass(frozen=True)
class Result:
    """What was found for `text`, which is the query as it was searched.

    `is_cut` says that the query was too long and only its beginning was searched; `is_guess`, that nothing on this page
    holds the very words and the products are those whose names come close.
    """

    text: str
    is_cut: bool
    page: Page[Product]
    is_guess: bool


def clean(query: str) -> str:
    """`query` without control characters (NUL among them, which PostgreSQL refuses) and doubled spaces."""
    return _NOT_TEXT.sub(" ", query).strip()


def find(query: str, number: int, currency: str) -> Result | None:
    """Page `number` of the products for a query, best first; None for an empty query. Raises EmptyPage."""
    text = clean(query)
    if not text:
        return None
    searched = text[:LONGEST]
    page = Paginator(_matching(searched, currency), ON_PAGE).page(number)
    is_guess = not any(product.has_words for product in page)  # type: ignore[attr-defined]  # annotated
    return Result(searched, len(text) > LONGEST, page, is_guess)


def _matching(text: str, currency: str) -> QuerySet[Product]:
    words = SearchQuery(text, search_type="websearch", config="english")
    closeness = Greatest(TrigramWordSimilarity(text, "name"), TrigramWordSimilarity(text, "tagline") * TAGLINE_WEIGHT)
    return (
        Product.objects.published()
        .annotate(
            has_words=Case(When(search=words, then=Value(True)), default=Value(False)),
            closeness=closeness,
            score=SearchRank(F("search"), words) + F("closeness"),
        )
        .filter(Q(search=words) | Q(closeness__gte=CLOSE_ENOUGH))
        .with_from_price(currency)
        .select_related("category")
        .defer("description", "facts", "requirements", "search")
        .order_by("-score", "position", "name")
    )
