"""What a person wrote, in the account; and that every decision makes the kept pages anew."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Post, PostAuthor
from shop.posts import invitations, moderation, writing
from tests import desk
from tests.accounts import purchases
from tests.shop.posts import people
from tests.shop.posts.people import TEXT
from tests.shop.posts.test_pages import FORM, text_of

pytestmark = pytest.mark.django_db


class TestOwnPages:
    def test_what_a_person_wrote_is_listed_changed_and_removed(self) -> None:
        product, unreviewed = people.product(), purchases.edition()
        user = people.buyer(product)
        purchases.paid((unreviewed, 1), user=user, email=user.email)
        client, post = desk.enter(user), people.review(product, user)
        author = people.author(post)
        text = text_of(client, "/account/reviews/")
        assert TEXT in text
        assert f"/p/{unreviewed.product.slug}/reviews/write/" in text
        changed = FORM | {"text": "It finds each wrong cell, and quickly."}
        assert client.post(f"/account/reviews/{author.pk}/", changed).status_code == 302
        assert people.shown(post)[2] == changed["text"]
        assert client.post(f"/account/reviews/{author.pk}/", FORM | {"stars": ""}).status_code == 422
        assert client.post(f"/account/reviews/{author.pk}/remove/").status_code == 302
        assert not Post.objects.exists()

    def test_what_a_person_wrote_comes_in_pages(self) -> None:
        user, product = people.buyer(people.product()), people.product()
        posts = Post.objects.bulk_create(Post(product=product, kind="question", text=f"No. {n}.") for n in range(21))
        authors = (PostAuthor(post=post, product=product, is_review=False, user=user, shown_as="N") for post in posts)
        PostAuthor.objects.bulk_create(authors)
        client = desk.enter(user)
        client.get("/account/reviews/")  # the first page of a day notes more
        with CaptureQueriesContext(connection) as queries:
            first = text_of(client, "/account/reviews/")
        assert len(queries) <= 10
        second = text_of(client, "/account/reviews/?page=2")
        assert [("No. 20." in page, "No. 0." in page) for page in (first, second)] == [(True, False), (False, True)]
        assert ("To be reviewed" in first, "To be reviewed" in second) == (True, False)

    def test_the_author_reads_why_something_is_not_shown(self) -> None:
        product = people.product()
        user = people.buyer(product)
        post = people.review(product, user)
        moderation.refuse(post.pk, by=desk.person("Shop Manager"), reason="insult")
        assert "because it insults somebody" in text_of(desk.enter(user), "/account/reviews/")

    def test_invitations_are_chosen(self) -> None:
        user = desk.person()
        client = desk.enter(user)
        client.post("/account/reviews/invitations/", {"answer": "none"})
        assert invitations.is_refused(user.email)
        assert "You get no mail that asks for a review" in text_of(client, "/account/reviews/")
        client.post("/account/reviews/invitations/", {"answer": "yes"})
        assert not invitations.is_refused(user.email)


class TestKeptPages:
    @pytest.mark.parametrize("deed", ["publish", "refuse", "answer", "change", "remove"])
    def test_what_changes_what_is_shown_makes_kept_pages_anew(
        self, deed: str, django_capture_on_commit_callbacks: Callable[..., object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clerk, post = desk.person("Shop Manager"), people.review(people.product())
        if deed == "publish":
            moderation.refuse(post.pk, by=clerk, reason="insult")
        author = people.author(post)
        renewed: list[bool] = []
        monkeypatch.setattr("privacy.page_version._write", lambda: renewed.append(True))
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            {
                "publish": lambda: moderation.publish(post.pk, by=clerk),
                "refuse": lambda: moderation.refuse(post.pk, by=clerk, reason="insult"),
                "answer": lambda: moderation.answer(post.pk, by=clerk, text="Thanks."),
                "change": lambda: writing.change(author.pk, people.words("It works as it should.")),
                "remove": lambda: writing.remove(author.pk),
            }[deed]()
        assert renewed
