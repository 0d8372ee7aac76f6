"""Asked to be forgotten: what was written goes, or stays unnamed; the words of others stay; the export has it all."""

from collections.abc import Callable

import pytest

from privacy.erasure import plans
from privacy.exports import contents
from privacy.people import of_address
from shop.models import InvitationRefusal, Post, PostAuthor
from shop.posts import invitations, moderation, writers, writing
from tests import desk
from tests.privacy.erasure import people as persons
from tests.privacy.erasure.conftest import dump as dump
from tests.privacy.erasure.conftest import neighbors as neighbors
from tests.privacy.erasure.people import ADA, Neighbors
from tests.shop.posts import people
from tests.shop.posts.people import TEXT

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P8")]


def by_guest(wish: str, text: str = TEXT) -> Post:
    product = people.product()
    writer = writers.of_order(people.guest(product, ADA))
    assert writer is not None
    return writing.leave_review(writer, product, people.words(text, shown_as="Ada L.", wish=wish))


def test_one_who_wished_so_is_erased_and_others_words_stay(neighbors: Neighbors) -> None:
    post = by_guest("erase")
    said = people.comment(post)
    alone = by_guest("erase", f"{TEXT} Twice.")
    persons.erased(ADA)
    assert people.shown(post) == ("removed", "", "")
    assert people.shown(said)[0] == "published"
    assert not Post.objects.filter(pk=alone.pk).exists()
    assert not PostAuthor.objects.filter(email=ADA).exists()


def test_one_who_wished_so_stays_without_the_name(neighbors: Neighbors, dump: Callable[[], str]) -> None:
    text = f"{TEXT} Write to ada@example.com, says Ada L."
    post = by_guest("unlink", text)
    moderation.publish(post.pk, by=desk.person("Shop Manager"))
    persons.erased(ADA)
    state, _, words = people.shown(post)
    assert (state, words) == ("published", f"{TEXT} Write to —, says —")
    assert not PostAuthor.objects.filter(post=post).exists()
    assert Post.objects.select_related("author").get().name == "Name removed"
    assert "Ada L." not in dump()


def test_the_plan_says_which_goes_and_which_stays() -> None:
    by_guest("erase")
    by_guest("unlink", f"{TEXT} Twice.")
    rows = {row.how: row.words for row in plans.make(of_address(ADA)).rows if row.model == "shop.Post"}
    assert rows == {"deleted": "1 post", "kept without your name, as you chose": "1 post"}


def test_an_account_s_words_go_with_it(neighbors: Neighbors) -> None:
    product = people.product()
    user = persons.account("kim@example.com")
    persons.purchases.paid((people.edition_of(product), 1), user=user, email=user.email)
    post = people.review(product, user)
    invitations.refuse(user.email)
    persons.erased("kim@example.com")
    assert not Post.objects.filter(pk=post.pk).exists()
    assert not InvitationRefusal.objects.exists()


def test_the_export_has_words_name_wish_and_refusal() -> None:
    post = by_guest("unlink")
    invitations.refuse(ADA)
    found = {part.label: list(part.rows) for part in contents.sections(of_address(ADA), for_staff=False)}
    (row,) = found["shop.Post"]
    assert row.heading.startswith(f"Review about {post.product.name}")
    assert row.columns == {"title": post.title, "text": TEXT, "stars": 4}
    assert row.facts["state"] == "published"
    (name,) = found["shop.PostAuthor"]
    assert name.columns == {"user": None, "email": ADA, "shown_as": "Ada L.", "wish": "unlink"}
    assert [each.columns for each in found["shop.InvitationRefusal"]] == [{"email": ADA}]
