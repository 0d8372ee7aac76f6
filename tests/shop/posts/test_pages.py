"""The pages on which reviews stand, are written and reported, by people with an account and without."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.page_cache import is_for_everybody
from privacy import clock
from shop import orders
from shop.models import InvitationRefusal, OrderUnit, Post, PostAuthor, PostReport, Product
from shop.posts import invitations, moderation, writing
from tests import desk
from tests.accounts import purchases
from tests.shop.posts import people
from tests.shop.posts.people import TEXT

pytestmark = pytest.mark.django_db
FORM = {"stars": "4", "title": "It finds the cell", "text": TEXT, "shown_as": "Numbers", "wish": "unlink"}


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return html.unescape(response.content.decode())


def page_of(product: Product) -> str:
    return product.get_absolute_url()


class TestReading:
    @pytest.mark.promise("P8")
    def test_a_published_review_stands_on_the_product_s_page(self, client: Client) -> None:
        product = people.product()
        review, asked = people.review(product), people.question(product)
        moderation.answer(asked.pk, by=desk.person("Shop Manager"), text="It reads all files since 2007.")
        people.review(product, text="See www.cheap.example for more of this kind.", title="Waits")
        text = text_of(client, page_of(product))
        for words in (review.title, TEXT, "Numbers", "4.0 of 5", "1 review by people", asked.text, "since 2007"):
            assert words in text
        assert "Waits" not in text
        assert str(people.author(review).user) not in text

    def test_search_engines_get_the_average_of_what_is_published(self, client: Client) -> None:
        product = people.product()
        assert "aggregateRating" not in text_of(client, page_of(product))
        people.review(product, stars=5)
        people.review(product, text=f"{TEXT} Twice.", stars=2)
        people.review(product, text="See www.cheap.example for more of this kind.", stars=1)
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text_of(client, page_of(product)))
        thing = json.loads(block)["@graph"][0]
        assert thing["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": "3.5", "reviewCount": 2}
        assert [each["reviewRating"]["ratingValue"] for each in thing["review"]] == [2, 5]
        assert [each["author"]["name"] for each in thing["review"]] == ["Numbers", "Numbers"]

    def test_a_review_that_lost_its_name_is_counted_and_names_nobody(self, client: Client) -> None:
        product = people.product()
        post = people.review(product, wish="unlink")
        writing.let_go([people.author(post).user_id])  # type: ignore[list-item]
        text = text_of(client, page_of(product))
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
        thing = json.loads(block)["@graph"][0]
        assert (thing["aggregateRating"]["reviewCount"], thing["review"]) == (1, [])
        assert "Name removed, bought here" in text

    def test_lists_show_the_average_where_there_is_one(self, client: Client) -> None:
        product = people.product()
        for path in ("/", "/c/excel/", f"/search/?q={product.name}"):
            assert "reviews" not in text_of(client, path)
        for stars in (5, 4):
            people.review(product, text=f"{TEXT} With {stars}.", stars=stars)
        for path in ("/", "/c/excel/", f"/search/?q={product.name}"):
            assert '4.5<span class="hide"> of 5</span>, 2 reviews' in text_of(client, path)

    def test_script_and_links_are_words(self, client: Client) -> None:
        product = people.product()
        post = people.review(product, text="<script>alert(1)</script> and https://cheap.example/", title="<b>X</b>")
        moderation.publish(post.pk, by=desk.person("Shop Manager"))
        (block,) = re.findall(r"ld\+json\">(.*?)</script>", client.get(page_of(product)).content.decode())
        (review,) = json.loads(block)["@graph"][0]["review"]  # whatever it says, it can't end the block
        assert (review["name"], review["reviewBody"]) == (post.title, post.text)
        for path in (page_of(product), f"{page_of(product)}reviews/", f"/posts/{post.pk}/report/"):
            raw = client.get(path).content.decode()
            assert "<script>alert" not in raw
            assert "<b>X</b>" not in raw
            assert 'href="https://cheap.example' not in raw
            assert "&lt;script&gt;alert(1)" in raw

    def test_orders_filters_and_pages_are_links(self, client: Client) -> None:
        product = people.product()
        for number in range(21):
            post = Post.objects.create(
                product=product,
                kind="review",
                state="published",
                stars=number % 5 + 1,
                title=f"Title {number}.",
                text="It works.",
                published_at=clock.now() - timedelta(minutes=number),
            )
            PostAuthor.objects.create(post=post, product=product, is_review=True, shown_as="Numbers", user=None)
        path = f"{page_of(product)}reviews/"
        text = text_of(client, path)
        assert text.index("Title 0.") < text.index("Title 1.")
        (more,) = re.findall(r'rel="next nofollow" href="(\?[^"]+)"', text)
        assert "Title 20." in text_of(client, path + more)
        lowest = text_of(client, f"{path}?order=lowest")
        assert lowest.index("Title 0.") < lowest.index("Title 5.") < lowest.index("Title 1.")
        only = text_of(client, f"{path}?stars=5&order=highest")
        assert "Title 4." in only
        assert "Title 3." not in only
        for wrong in ("?stars=6", "?stars=x", "?order=best", "?after=1", "?stars=4&after=x-y-z"):
            assert client.get(path + wrong).status_code == 404

    def test_a_withdrawn_product_has_no_pages(self, client: Client) -> None:
        product = people.product()
        post = people.review(product)
        Product.objects.filter(pk=product.pk).update(is_published=False)
        rest = ("reviews/", "questions/", "reviews/write/", "questions/ask/")
        paths = [f"{page_of(product)}{part}" for part in rest] + [f"/posts/{post.pk}/report/"]
        assert {client.get(path).status_code for path in paths} == {404}

    def test_a_page_with_2000_reviews_takes_8_queries(self, client: Client) -> None:
        product = people.product()
        posts = Post.objects.bulk_create(
            Post(
                product=product, kind="review", state="published", stars=number % 5 + 1, title="T", text="It works.",
                published_at=clock.now(),
            )
            for number in range(2_000)
        )  # fmt: skip
        PostAuthor.objects.bulk_create(
            PostAuthor(post=post, product=product, is_review=False, shown_as="Numbers") for post in posts
        )
        people.comment(people.question(product))
        client.get(page_of(product))
        with CaptureQueriesContext(connection) as captured:
            text = text_of(client, page_of(product))
        assert len(captured) <= 8
        assert "All 2000 reviews" in text

    @pytest.mark.parametrize(
        ("path", "query", "kept"),
        [
            ("/p/sheetdiff/reviews/", "", True),
            ("/p/sheetdiff/questions/", "", True),
            ("/p/sheetdiff/reviews/", "order=lowest", False),
            ("/p/sheetdiff/reviews/write/", "", False),
            ("/posts/1/report/", "", False),
        ],
    )
    def test_what_is_kept_for_everybody(self, path: str, query: str, kept: bool) -> None:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost"}
        assert is_for_everybody(environ) is kept


class TestWriting:
    def test_a_buyer_writes_and_changes_the_review(self) -> None:
        product = people.product()
        client = desk.enter(people.buyer(product))
        path = f"{page_of(product)}reviews/write/"
        assert client.post(path, FORM)["Location"] == page_of(product)
        assert "It is on the product’s page." in text_of(client, page_of(product))
        text = text_of(client, path)
        assert "Change your review" in text
        assert TEXT in text
        client.post(path, FORM | {"stars": "1"})
        (post,) = Post.objects.all()
        assert (post.stars, people.author(post).wish) == (1, "unlink")

    def test_a_guest_writes_by_the_link_of_the_order(self, client: Client) -> None:
        product = people.product()
        token = orders.token(people.guest(product))
        assert "Review what you bought" in text_of(client, f"/order/{token}/")
        assert f"/order/{token}/reviews/{product.slug}/" in text_of(client, f"/order/{token}/reviews/")
        client.post(f"/order/{token}/reviews/{product.slug}/", FORM)
        assert people.author(Post.objects.get()).email == "ada@example.com"
        assert "Change your review" in text_of(client, f"/order/{token}/reviews/")
        assert client.post(f"/order/{token}/reviews/{product.slug}/", {"deed": "remove"})["Location"] == page_of(
            product
        )
        assert not Post.objects.exists()
        other = people.product()
        assert client.post(f"/order/{token}/reviews/{other.slug}/", FORM).status_code == 404

    def test_what_was_given_back_is_not_reviewed_and_its_review_is_changed_and_removed(self, client: Client) -> None:
        product, other = people.product(), people.product()
        order = purchases.paid((people.edition_of(product), 1), (people.edition_of(other), 1))
        path = f"/order/{orders.token(order)}/reviews/"
        client.post(f"{path}{product.slug}/", FORM)
        OrderUnit.objects.filter(line__order=order).update(state="refunded")
        assert client.post(f"{path}{other.slug}/", FORM).status_code == 404
        text = text_of(client, path)
        assert (product.name in text, other.name in text) == (True, False)
        changed = FORM | {"text": "It found each cell, and I gave it back all the same."}
        assert client.post(f"{path}{product.slug}/", changed).status_code == 302
        assert Post.objects.get().text == changed["text"]
        client.post(f"{path}{product.slug}/", {"deed": "remove"})
        assert not Post.objects.exists()
        assert client.post(f"{path}{product.slug}/", FORM).status_code == 404

    def test_a_form_that_is_sent_twice_or_again_after_going_back_is_one_review(self) -> None:
        product = people.product()
        client = desk.enter(people.buyer(product))
        for text in (FORM["text"], FORM["text"], "From an old page of the browser, with other words."):
            assert client.post(f"{page_of(product)}reviews/write/", FORM | {"text": text}).status_code == 302
        assert [post.text for post in Post.objects.all()] == ["From an old page of the browser, with other words."]

    @pytest.mark.promise("P8")
    def test_whoever_got_the_keys_writes_nothing_in_the_buyer_s_name(self, client: Client) -> None:
        product = people.product()
        buyer = people.buyer(product)
        people.review(product, buyer)
        for user in (None, buyer):
            order = people.guest(product)
            type(order.party).objects.filter(order=order).update(delivery_email="bob@example.com", user=user)
            token = orders.token(order)
            assert "Review what you bought" not in text_of(client, f"/order/{token}/")
            for path in (f"/order/{token}/reviews/", f"/order/{token}/reviews/{product.slug}/"):
                assert client.get(path).status_code == 404
            assert client.post(f"/order/{token}/reviews/{product.slug}/", {"deed": "remove"}).status_code == 404
        assert "Change your review" in text_of(desk.enter(buyer), f"/order/{token}/reviews/{product.slug}/")
        assert Post.objects.count() == 1

    def test_others_learn_how_they_can_write(self, client: Client) -> None:
        product = people.product()
        path = f"{page_of(product)}reviews/write/"
        assert "I bought as a guest" in text_of(client, path)
        assert client.post(path, FORM).status_code == 200
        stranger = desk.enter(desk.person())
        assert "Only who bought it can review it" in text_of(stranger, path, 403)
        assert stranger.post(path, FORM).status_code == 403
        assert "Sign in first" in text_of(client, f"{page_of(product)}questions/ask/")
        assert not Post.objects.exists()

    def test_questions_and_comments(self) -> None:
        product = people.product()
        client = desk.enter(people.buyer(product))
        client.post(f"{page_of(product)}questions/ask/", FORM)
        (asked,) = Post.objects.all()
        assert asked.kind == "question"
        other = desk.enter(people.buyer(product))
        other.post(f"/posts/{asked.pk}/comment/", FORM | {"text": "Yes, since version 2 it does."})
        assert "Yes, since version 2 it does." in text_of(Client(), page_of(product))
        (said,) = Post.objects.filter(kind="comment")
        assert client.get(f"/posts/{said.pk}/comment/").status_code == 404
        assert client.get("/posts/987654/comment/").status_code == 404

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("stars", "6", "Choose one to five stars."),
            ("stars", "", "Choose how many stars."),
            ("text", "  ", "Write a few words."),
            ("shown_as", "", "Write the name to show."),
            ("shown_as", "Kim\u202edrow", "invisible signs"),
            ("shown_as", "\u200b\u2060", "Nothing of this can be seen."),
            ("shown_as", "Azure0ps support", "This could be taken for our own name."),
            ("text", "\u200b \u200b", "Nothing of this can be seen."),
            ("text", "It works.\n\u202eskrow tI", "invisible signs"),
            ("wish", "both", "Choose one of the two."),
        ],
    )
    def test_what_is_wrong_is_said_and_the_rest_is_kept(self, field: str, value: str, words: str) -> None:
        product = people.product()
        client = desk.enter(people.buyer(product))
        response = client.post(f"{page_of(product)}reviews/write/", FORM | {field: value})
        text = html.unescape(response.content.decode())
        assert response.status_code == 422
        assert words in text
        assert "It finds the cell" in text
        assert not Post.objects.exists()

    def test_a_megabyte_is_answered_by_a_sentence_with_what_fits(self) -> None:
        product = people.product()
        client = desk.enter(people.buyer(product))
        response = client.post(f"{page_of(product)}reviews/write/", FORM | {"text": "Es läuft. " * 105_000})
        text = response.content.decode()
        assert response.status_code == 422
        assert "You wrote 1,049,999 characters, and 4,000 fit. The first 4,000 are kept here" in text
        assert 3_900 < text.count("Es läuft.") * 10 < 4_100
        assert not Post.objects.exists()
        client.post(f"{page_of(product)}reviews/write/", FORM | {"text": "It finds it.\r\n" * 300})
        assert Post.objects.get().text.count("\n") == 299

    def test_who_writes_too_much_is_told_to_wait(self) -> None:
        product = people.product()
        client = desk.enter(people.buyer(product))
        path = f"{page_of(product)}questions/ask/"
        answers = [client.post(path, FORM | {"text": f"{TEXT} {number}"}) for number in range(4)]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
        assert "You wrote a lot in a short time" in answers[-1].content.decode()


class TestReports:
    def test_a_visitor_reports_and_is_not_remembered(self, client: Client) -> None:
        post = people.review(people.product())
        path = f"/posts/{post.pk}/report/"
        assert "Report this review" in text_of(client, path)
        assert "Choose what is wrong" in client.post(path, {"reason": ""}).content.decode()
        assert "A person here looks at it." in client.post(path, {"reason": "spam"}).content.decode()
        assert list(PostReport.objects.values_list("post", "reason", "times")) == [(post.pk, "spam", 1)]

    def test_one_connection_reports_so_often(self, client: Client) -> None:
        post = people.review(people.product())
        for _ in range(31):
            response = client.post(f"/posts/{post.pk}/report/", {"reason": "spam"})
        assert response.status_code == 422
        assert "Please wait ten minutes" in response.content.decode()

    def test_what_is_not_shown_and_our_own_answers_are_not_reported(self, client: Client) -> None:
        waiting = people.review(people.product(), text="See www.cheap.example for more of this kind.")
        asked = people.question(people.product())
        answer = moderation.answer(asked.pk, by=desk.person("Shop Manager"), text="Yes.")
        for post in (waiting, answer):
            assert client.post(f"/posts/{post.pk}/report/", {"reason": "spam"}).status_code == 404


class TestInvitations:
    def path(self) -> str:
        order = people.guest(people.product())
        return "/" + invitations.refusal_link(order).split("/", 3)[3]

    def test_a_get_refuses_nothing_and_one_post_without_a_cookie_does(self) -> None:
        client, path = Client(enforce_csrf_checks=True), self.path()
        assert "Send me none" in text_of(client, path)
        assert not InvitationRefusal.objects.exists()
        response = client.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200
        assert InvitationRefusal.objects.get().email == "ada@example.com"

    def test_a_changed_link_is_none(self, client: Client) -> None:
        assert client.post(self.path().replace("/no-invitations/", "/no-invitations/9")).status_code == 404
