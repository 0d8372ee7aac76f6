"""What the shop does with posts, and what visitors report."""

from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from privacy import clock
from privacy.models import OutgoingMail
from shop.models import Category, Post, PostReport, Product
from shop.posts import moderation, writing
from shop.posts.moderation import CannotDecide
from tests import desk
from tests.shop.posts import people

pytestmark = pytest.mark.django_db
State = Post.State
SPAM = "See www.cheap.example for more of this kind."


def waiting() -> Post:
    return people.review(people.product(), text=SPAM)


def queued() -> list[tuple[str, int]]:
    return list(OutgoingMail.objects.filter(kind__startswith="post_").order_by("pk").values_list("kind", "object_id"))


def test_a_person_publishes_what_waits() -> None:
    post, clerk = waiting(), desk.person("Shop Manager")
    assert list(moderation.queue()) == [post]
    assert moderation.publish(post.pk, by=clerk)
    assert not moderation.publish(post.pk, by=clerk)
    post.refresh_from_db()
    assert (post.state, post.decided_by) == (State.PUBLISHED, clerk)
    assert post.published_at is not None
    assert not moderation.queue().exists()
    assert queued() == []


def test_what_is_refused_has_a_reason_that_its_author_is_told() -> None:
    post, clerk = waiting(), desk.person("Shop Manager")
    assert moderation.refuse(post.pk, by=clerk, reason="advertising")
    assert not moderation.refuse(post.pk, by=clerk, reason="advertising")
    post.refresh_from_db()
    assert (post.state, post.reason) == (State.REJECTED, "advertising")
    moderation.publish(post.pk, by=clerk)
    moderation.refuse(post.pk, by=clerk, reason="insult")
    post.refresh_from_db()
    assert (post.state, post.reason) == (State.HIDDEN, "insult")
    assert {kind for kind, _ in queued()} == {"post_refused"}
    with pytest.raises(ValueError, match="whim"):
        moderation.refuse(waiting().pk, by=clerk, reason="whim")


def test_nothing_is_decided_about_what_its_author_removed() -> None:
    post = people.review(people.product())
    people.comment(post)
    writing.remove(people.author(post).pk)
    clerk = desk.person("Shop Manager")
    for deed in (
        lambda pk: moderation.publish(pk, by=clerk),
        lambda pk: moderation.answer(pk, by=clerk, text="Thanks."),
    ):
        for pk in (post.pk, 987_654):
            with pytest.raises(CannotDecide, match="removed it"):
                deed(pk)  # type: ignore[operator]


def test_the_shop_answers_under_what_is_published() -> None:
    asked, clerk = people.question(people.product()), desk.person("Shop Manager")
    said = moderation.answer(asked.pk, by=clerk, text="It reads all files since 2007.")
    assert (said.state, said.by_shop, said.parent_id) == (State.PUBLISHED, True, asked.pk)
    assert not hasattr(said, "author")
    assert queued() == [("post_answered", said.pk)]
    for refused in (said, waiting()):
        with pytest.raises(CannotDecide, match="Publish it first"):
            moderation.answer(refused.pk, by=clerk, text="Thanks.")
    moderation.withdraw(asked.pk)  # only the shop's own
    moderation.withdraw(said.pk)
    assert list(Post.objects.filter(product=asked.product)) == [asked]


def test_reports_are_counted_by_reason_and_put_the_post_into_the_queue() -> None:
    post = people.review(people.product())
    assert all(moderation.report(post.pk, reason) for reason in ("spam", "spam", "insult"))
    assert list(PostReport.objects.values_list("reason", "times")) == [("spam", 2), ("insult", 1)]
    assert list(moderation.queue()) == [post]
    assert people.shown(post)[0] == State.PUBLISHED  # a report takes nothing down
    assert moderation.publish(post.pk, by=desk.person("Shop Manager"))  # it was looked at, and stands
    assert not moderation.queue().exists()
    assert not PostReport.objects.filter(handled_at__isnull=True).exists()
    moderation.report(post.pk, "spam")
    assert PostReport.objects.filter(reason="spam").count() == 2


def test_what_is_not_shown_is_not_reported() -> None:
    post = waiting()
    answer = moderation.answer(people.question(people.product()).pk, by=desk.person("Shop Manager"), text="Yes.")
    assert [moderation.report(pk, "spam") for pk in (post.pk, answer.pk, 987_654)] == [False, False, False]
    assert not PostReport.objects.exists()


def test_the_next_one_is_behind_this_one_or_the_first() -> None:
    first, second, third = waiting(), people.review(people.product(), text=f"{SPAM} 2"), waiting()
    assert [moderation.next_after(post) for post in (first, second, third)] == [second, third, first]
    Post.objects.exclude(pk=first.pk).delete()
    assert moderation.next_after(first) is None


@pytest.mark.parametrize(("start", "end"), list(permutations(State.values, 2)))
def test_the_database_has_the_table_s_moves_and_no_others(start: str, end: str) -> None:
    def words(state: str) -> str:
        return "" if state == State.REMOVED else "Does it read old files?"

    made = Post.objects.create(
        product=_product(), kind="question", state=start, text=words(start), published_at=clock.now(), reason="insult"
    )
    move = "UPDATE shop_post SET state = %s, text = %s WHERE id = %s"
    if end in Post.TRANSITIONS.get(start, frozenset()):
        with connection.cursor() as cursor:
            cursor.execute(move, [end, words(end), made.pk])
        assert people.shown(made)[0] == end
    else:
        with pytest.raises(IntegrityError, match="no way from"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(move, [end, words(end), made.pk])


def _product() -> Product:
    category, _ = Category.objects.get_or_create(slug="excel", defaults={"name": "Excel", "code": "EXCEL"})
    return Product.objects.create(slug="tool", name="Tool", tagline="T.", category=category, mark="x" * 25)
