"""What the demo's buyers wrote: believable reviews, of orders that went the way of every order."""

from collections import Counter
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from payments import demo
from privacy import clock
from privacy.models import Alert, OutgoingMail
from shop import stock
from shop.demo.posts import REVIEWS
from shop.models import AccountingDocument, Edition, Order, OrderUnit, Post, PostAuthor, Product
from shop.posts import invitations, listing

pytestmark = pytest.mark.django_db


def test_buyers_wrote_what_they_bought_once(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "first of the demo")
    call_command("demo_catalog")
    with pytest.raises(CommandError, match="Run demo_people first"):
        call_command("demo_posts")
    call_command("demo_people", keys=3)
    mails = OutgoingMail.objects.count()
    call_command("demo_posts")

    sold = sum(map(len, REVIEWS.values()))
    assert Counter(Order.objects.values_list("state", flat=True)) == {Order.State.PAID: sold}
    assert set(OrderUnit.objects.values_list("state", flat=True)) == {OrderUnit.State.FULFILLED}
    assert AccountingDocument.objects.count() == sold
    assert (OutgoingMail.objects.count(), Alert.objects.count()) == (mails, 0)  # nobody is mailed, nobody called
    pools = Edition.objects.filter(key_source="pool").values_list("pk", flat=True)
    assert set(stock.left(list(pools)).values()) == {3}
    assert not PostAuthor.objects.exclude(email__endswith="@example.com").exists()
    assert [post.stars for post in Post.objects.filter(state="pending")] == [4]  # one waits at the desk
    for author in PostAuthor.objects.filter(is_review=True):
        order = Order.objects.get(party__email=author.email)
        assert order.paid_at is not None
        assert order.paid_at < author.written_at < clock.now()

    gridtrace = Product.objects.get(slug="gridtrace")
    figures = listing.figures(gridtrace)
    assert (figures.count, figures.average) == (8, Decimal("4.0"))
    assert 0 < min(stars for stars, count in figures.by_stars if count) < 3
    assert listing.figures(Product.objects.get(slug="indexwell")).count == 0
    page = client.get("/p/gridtrace/").content.decode()
    assert "Answer by AzureOps" in page
    assert invitations.invite() == 0  # everybody wrote already

    before = Post.objects.count()
    assert demo.make_posts(User.objects.get(email="manager@example.com")) == 0
    assert Post.objects.count() == before
