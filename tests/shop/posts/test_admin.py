"""The desk's queue: one case, a deed, the next one."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from privacy.models import Look, OutgoingMail
from shop.models import Post
from shop.posts import moderation
from tests import desk
from tests.shop.posts import people

pytestmark = pytest.mark.django_db
SPAM = "See www.cheap.example for more of this kind."
LIST = "/admin/shop/post/"


def page(post: Post) -> str:
    return reverse("admin:shop_post_change", args=[post.pk])


def decide(client: Client, post: Post, deed: str, **values: str) -> str:
    """Presses a button; where the desk goes on."""
    response = client.post(reverse("admin:shop_post_decide", args=[post.pk]), {"deed": deed, **values})
    assert response.status_code == 302
    return str(response["Location"])


def listed(client: Client, query: str = "") -> list[str]:
    text = client.get(f"{LIST}{query}").content.decode()
    return re.findall(r"/admin/shop/post/(\d+)/change/", text)


def test_the_list_is_the_queue_and_all_is_a_filter_away() -> None:
    published = people.review(people.product())
    first, second = (people.review(people.product(), text=f"{SPAM} {n}") for n in range(2))
    client = desk.at_desk("Shop Manager")
    assert listed(client) == [str(first.pk), str(second.pk)]
    moderation.report(published.pk, "insult")
    assert listed(client) == [str(post.pk) for post in (published, first, second)]
    assert listed(client, "?part=all") == [str(post.pk) for post in (second, first, published)]
    assert client.get(f"{LIST}next/")["Location"] == page(published)


def test_a_case_explains_its_signs_and_reports_and_masks_its_author() -> None:
    product = people.product()
    user = people.buyer(product)
    waiting = people.review(product, user, text=SPAM)
    client = desk.at_desk("Shop Manager")
    text = client.get(page(waiting)).content.decode()
    assert "It has the address of a website." in text
    assert "Signs of spam: 3 points" in text
    assert user.email not in text
    assert user.name not in text
    assert Look.objects.filter(model="shop.Post", object_id=str(waiting.pk)).count() == 1
    shown = people.review(people.product())
    moderation.report(shown.pk, "private")
    assert "It names somebody, or says something private" in client.get(page(shown)).content.decode()


def test_script_is_words() -> None:
    waiting = people.review(people.product(), text="<script>alert(1)</script> See www.cheap.example", title="<b>X</b>")
    text = desk.at_desk("Shop Manager").get(page(waiting)).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_each_deed_leads_to_the_next_case() -> None:
    first, second, third = (people.review(people.product(), text=f"{SPAM} {n}") for n in range(3))
    client = desk.at_desk("Shop Manager")
    assert decide(client, first, "publish") == page(second)
    assert decide(client, second, "refuse", reason="advertising") == page(third)
    assert decide(client, third, "refuse", reason="advertising") == LIST
    states = [Post.objects.get(pk=post.pk).state for post in (first, second, third)]
    assert states == ["published", "rejected", "rejected"]
    assert OutgoingMail.objects.filter(kind="post_refused").count() == 2


def test_an_answer_stays_with_its_case_and_can_be_deleted() -> None:
    asked = people.question(people.product())
    client = desk.at_desk("Shop Manager")
    assert decide(client, asked, "answer", text="It reads all files since 2007.") == page(asked)
    (answer,) = Post.objects.filter(by_shop=True)
    assert "It reads all files since 2007." in client.get(page(asked)).content.decode()
    assert decide(client, answer, "withdraw") == page(asked)
    assert not Post.objects.filter(by_shop=True).exists()


@pytest.mark.parametrize(
    ("deed", "words"),
    [("refuse", "This field is required"), ("answer", "This field is required")],
)
def test_what_is_missing_is_said(deed: str, words: str) -> None:
    post = people.review(people.product())
    client = desk.at_desk("Shop Manager")
    response = client.post(reverse("admin:shop_post_decide", args=[post.pk]), {"deed": deed})
    assert words in response.content.decode()
    assert Post.objects.get().state == "published"


@pytest.mark.promise("P9a")
def test_support_and_customers_decide_nothing() -> None:
    post = people.review(people.product(), text=SPAM)
    for client in (desk.at_desk("Support"), desk.enter(desk.person())):
        for path in (LIST, page(post), f"{LIST}next/"):
            assert client.get(path).status_code in {302, 403}
        response = client.post(reverse("admin:shop_post_decide", args=[post.pk]), {"deed": "publish"})
        assert response.status_code in {302, 403}
    assert Post.objects.get().state == "pending"


def test_no_other_deed_and_no_get() -> None:
    post = people.review(people.product())
    client = desk.at_desk("Administrator")
    address = reverse("admin:shop_post_decide", args=[post.pk])
    assert [client.post(address, {"deed": deed}).status_code for deed in ("withdraw", "delete", "")] == [404] * 3
    assert client.get(address).status_code == 404
    assert client.get(reverse("admin:shop_post_decide", args=[987_654])).status_code == 404
