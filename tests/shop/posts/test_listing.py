"""What pages show of a product's reviews: figures, orders, filters and pages, in the same queries however many."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy import clock
from shop.models import Post, PostAuthor, Product
from shop.posts import listing, moderation, writing
from shop.posts.listing import Figures, NoSuchPage
from tests import desk
from tests.shop.posts import people

pytestmark = pytest.mark.django_db


def many(product: Product, stars: list[int], *, kind: str = "review", state: str = "published") -> list[Post]:
    """Rows without the ways of writing them: one a minute, the first is the newest."""
    now = clock.now()
    made = Post.objects.bulk_create(
        Post(
            product=product,
            kind=kind,
            state=state,
            stars=one if kind == "review" else None,
            text=f"Number {number}.",
            written_at=now - timedelta(minutes=number),
            published_at=now - timedelta(minutes=number // 2 * 2),  # two at each moment
        )
        for number, one in enumerate(stars)
    )
    PostAuthor.objects.bulk_create(
        PostAuthor(post=post, product=product, is_review=False, shown_as="Numbers") for post in made
    )
    return made


def walk(product: Product, **how: object) -> list[list[Post]]:
    pages, after = [], ""
    while True:
        page = listing.reviews(product, after=after, **how)  # type: ignore[arg-type]
        pages.append(list(page.posts))
        after = page.after
        if not after:
            return pages


def test_lists_get_the_figures_of_all_their_products_in_one_query() -> None:
    liked, unknown = people.product(), people.product()
    many(liked, [5, 5, 4, 1])
    many(liked, [1, 1], state="pending")
    many(liked, [0], kind="question")
    with CaptureQueriesContext(connection) as queries:
        listing.add_figures([liked, unknown])
    assert len(queries) == 1
    assert (liked.figures, unknown.figures) == (Figures((2, 1, 0, 0, 1)), Figures((0, 0, 0, 0, 0)))  # type: ignore[attr-defined]
    assert liked.figures.spread[:2] == [(5, 2, Decimal("5.0")), (4, 1, Decimal("2.5"))]  # type: ignore[attr-defined]
    assert {share for _, _, share in unknown.figures.spread} == {Decimal(0)}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("counts", "average"),
    [
        ((0, 0, 0, 0, 0), None),
        ((1, 0, 0, 0, 0), "5.0"),
        ((1, 1, 0, 0, 0), "4.5"),
        ((1, 2, 0, 0, 1), "3.5"),
        ((13, 6, 1, 0, 0), "4.6"),
        ((3, 0, 0, 0, 1), "4.0"),
        ((9, 11, 0, 0, 0), "4.5"),  # 4.45: half up
    ],
)
def test_the_average_to_one_decimal(counts: tuple[int, int, int, int, int], average: str | None) -> None:
    assert Figures(counts).average == (None if average is None else Decimal(average))


@pytest.mark.promise("P8")
def test_figures_count_what_is_published_alone() -> None:
    product = people.product()
    many(product, [5, 5, 4, 1])
    many(product, [1, 1], state="pending")
    many(people.product(), [1])
    found = listing.figures(product)
    assert (found.counts, found.count, found.average) == ((2, 1, 0, 0, 1), 4, Decimal("3.8"))


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("newest", lambda post: (-post.published_at.timestamp(), -post.pk)),
        ("highest", lambda post: (-post.stars, -post.published_at.timestamp(), -post.pk)),
        ("lowest", lambda post: (post.stars, -post.published_at.timestamp(), -post.pk)),
    ],
)
def test_every_order_walks_through_all_of_them_once(order: str, key: object) -> None:
    product = people.product()
    made = many(product, [number % 5 + 1 for number in range(45)])
    pages = walk(product, order=order)
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [post.pk for page in pages for post in page] == [post.pk for post in sorted(made, key=key)]  # type: ignore[arg-type]


def test_a_review_that_comes_meanwhile_moves_no_page() -> None:
    product = people.product()
    many(product, [3] * 25)
    first = listing.reviews(product)
    people.review(product)
    behind = listing.reviews(product, after=first.after)
    assert len(behind.posts) == 5
    assert {post.pk for post in behind.posts}.isdisjoint({post.pk for post in first.posts})


def test_only_reviews_of_so_many_stars() -> None:
    product = people.product()
    many(product, [5, 4, 4, 1])
    assert [[post.stars for post in page] for page in walk(product, stars=4)] == [[4, 4]]
    assert walk(product, stars=2) == [[]]


@pytest.mark.parametrize("after", ["x", "1-2", "1-2-3-4", "-1-2-3", "5-²-3", "1-999999999999999999-1", "9" * 40])
def test_a_place_that_there_is_not(after: str) -> None:
    with pytest.raises(NoSuchPage):
        listing.reviews(people.product(), after=after)


def test_an_order_that_there_is_not() -> None:
    with pytest.raises(NoSuchPage):
        listing.reviews(people.product(), order="best")


def test_what_its_author_removed_keeps_its_place_while_others_have_words_there() -> None:
    product = people.product()
    alone, commented = people.review(product), people.review(product, text=f"{people.TEXT} Twice.")
    said = people.comment(commented)
    for post in (alone, commented):
        writing.remove(people.author(post).pk)
    (shown,) = listing.reviews(product).posts
    assert (shown.pk, shown.state, [post.pk for post in shown.shown_comments]) == (commented.pk, "removed", [said.pk])  # type: ignore[attr-defined]
    assert list(listing.reviews(product, order="lowest").posts) == []
    assert listing.figures(product).count == 0
    moderation.refuse(said.pk, by=desk.person("Shop Manager"), reason="insult")
    assert list(listing.reviews(product).posts) == []


def test_the_product_s_page_has_the_newest_of_both_with_comments() -> None:
    product = people.product()
    made = many(product, [5] * 5)
    asked = people.question(product)
    said = people.comment(asked)
    people.comment(asked, text="See www.cheap.example for more of this kind.")  # waits
    reviews, questions = listing.latest(product)
    assert [post.pk for post in reviews] == [made[1].pk, made[0].pk, made[3].pk]
    assert [post.pk for post in questions] == [asked.pk]
    assert [post.pk for post in questions[0].shown_comments] == [said.pk]  # type: ignore[attr-defined]


def test_the_same_queries_for_1_and_for_60() -> None:
    product = people.product()
    for count in (1, 59):
        for post in many(product, [5] * count):
            Post.objects.create(
                product=product, parent=post, kind="comment", text="Yes.", state="published", published_at=clock.now()
            )
        for read, expected in ((listing.latest, 2), (listing.figures, 1), (listing.reviews, 2)):
            with CaptureQueriesContext(connection) as captured:
                read(product)  # type: ignore[operator]
            assert len(captured) == expected, read.__name__
