"""What is published about a product, as pages show it: figures, and rows in pages by keyset.

Every function runs the same number of queries for one review and for two thousand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from shop.models import Post, Product

ON_PRODUCT_PAGE, ON_PAGE = 3, 20
#: Of comments under one post so many are shown.
MOST_COMMENTS = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchPage(Exception):
    """An order, a filter or a place in the list that there isn't."""


@dataclass(frozen=True)
class Figures:
    """How many published reviews a product has, by stars: five first."""

    counts: tuple[int, int, int, int, int]

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> Decimal | None:
        """The mean of the stars to one decimal, half up; None without a review."""
        if not self.count:
            return None
        total = sum(stars * count for stars, count in self.by_stars)
        return (Decimal(total) / self.count).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def by_stars(self) -> list[tuple[int, int]]:
        """Stars with their count, five first."""
        return list(zip(range(5, 0, -1), self.counts, strict=True))

    @property
    def spread(self) -> list[tuple[int, int, Decimal]]:
        """The same with the share of all, in tenths: ten is every review."""
        tenth = Decimal(self.count or 1) / 10
        return [(stars, count, (count / tenth).quantize(Decimal("0.1"))) for stars, count in self.by_stars]


@dataclass(frozen=True)
class Order:
    """An order of reviews: its name in the address, its words, and the columns that make it."""

    name: str
    words: str
    by: tuple[str, ...]


ORDERS = {
    order.name: order
    for order in (
        Order("newest", "Newest first", ("-published_at", "-pk")),
        Order("highest", "Most stars first", ("-stars", "-published_at", "-pk")),
        Order("lowest", "Fewest stars first", ("stars", "-published_at", "-pk")),
    )
}
NEWEST = ORDERS["newest"]


@dataclass(frozen=True)
class Listed:
    """A page of posts, and the place (`after`) at which the next one begins; empty on the last."""

    posts: Sequence[Post]
    after: str


def figures(product: Product) -> Figures:
    """The published reviews of a product, counted by stars."""
    add_figures([product])
    return product.figures  # type: ignore[attr-defined]


def add_figures(products: Iterable[Product]) -> None:
    """Gives each product its `figures`, in one query for all of them."""
    by_id = {product.pk: product for product in products}
    shown = Post.objects.filter(product__in=by_id, kind=Post.Kind.REVIEW, state=Post.State.PUBLISHED)
    found = {
        (of, stars): count
        for of, stars, count in shown.order_by().values_list("product", "stars").annotate(Count("pk"))
    }
    for key, product in by_id.items():
        five, four, three, two, one = (found.get((key, stars), 0) for stars in range(5, 0, -1))
        product.figures = Figures((five, four, three, two, one))  # type: ignore[attr-defined]


def latest(product: Product) -> tuple[list[Post], list[Post]]:
    """The newest reviews and the newest questions for the product's own page, with their comments: two queries."""
    first = _first(product, Post.Kind.REVIEW).union(_first(product, Post.Kind.QUESTION))
    found = Post.objects.filter(pk__in=first).select_related("author").prefetch_related(_comments())
    rows = list(found.order_by("-published_at", "-pk"))
    return (
        [row for row in rows if row.kind == Post.Kind.REVIEW],
        [row for row in rows if row.kind == Post.Kind.QUESTION],
    )


def reviews(product: Product, *, order: str = "newest", stars: int | None = None, after: str = "") -> Listed:
    """A page of reviews, of `stars` alone where given. Raises NoSuchPage.

    An empty one is listed among the newest while others' comments stand under it.
    """
    if order not in ORDERS:
        raise NoSuchPage
    if order == NEWEST.name and stars is None:
        return _page(_standing(product, Post.Kind.REVIEW), NEWEST, after)
    rows = _published(product, Post.Kind.REVIEW)
    return _page(rows if stars is None else rows.filter(stars=stars), ORDERS[order], after)


def questions(product: Product, *, after: str = "") -> Listed:
    """A page of questions, the newest first. Raises NoSuchPage."""
    return _page(_standing(product, Post.Kind.QUESTION), NEWEST, after)


def _published(product: Product, kind: str) -> QuerySet[Post]:
    return Post.objects.filter(product=product, kind=kind, state=Post.State.PUBLISHED)


def _standing(product: Product, kind: str) -> QuerySet[Post]:
    """What is published, and what its author removed under others' comments."""
    stands = Post.objects.filter(product=product, kind=kind, state__in=[Post.State.PUBLISHED, Post.State.REMOVED])
    commented = Exists(Post.objects.filter(parent=OuterRef("pk"), state=Post.State.PUBLISHED))
    return stands.filter(Q(state=Post.State.PUBLISHED) | Q(commented), published_at__isnull=False)


def _first(product: Product, kind: str) -> QuerySet[Any]:
    return _published(product, kind).order_by("-published_at", "-pk").values("pk")[:ON_PRODUCT_PAGE]


def _comments() -> Prefetch:
    """Comments in order of time. What an author emptied isn't among them: nothing stands under a comment."""
    shown = Post.objects.filter(state=Post.State.PUBLISHED).select_related("author").order_by("published_at", "pk")
    return Prefetch("comments", queryset=shown[:MOST_COMMENTS], to_attr="shown_comments")


def _page(rows: QuerySet[Post], order: Order, after: str) -> Listed:
    if after:
        rows = rows.filter(_behind(order, after))
    found = list(rows.select_related("author").prefetch_related(_comments()).order_by(*order.by)[: ON_PAGE + 1])
    posts = found[:ON_PAGE]
    return Listed(posts, _place(posts[-1]) if len(found) > ON_PAGE else "")


def _place(post: Post) -> str:
    """Where a post stands in every order: stars, time in microseconds, key."""
    at = (post.published_at or _EPOCH) - _EPOCH
    return f"{post.stars or 0}-{at // timedelta(microseconds=1)}-{post.pk}"


def _behind(order: Order, place: str) -> Q:
    """What comes after this place. Raises NoSuchPage."""
    parts = place.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts):
        raise NoSuchPage
    stars, at, key = map(int, parts)
    try:
        moment = _EPOCH + timedelta(microseconds=at)
    except OverflowError as error:
        raise NoSuchPage from error
    behind = Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=key)
    if order is NEWEST:
        return behind
    further = Q(stars__lt=stars) if order.name == "highest" else Q(stars__gt=stars)
    return further | Q(stars=stars) & behind
