"""Who writes, decides about or changes a post or a logo asks for the lock of its row first (see `test_locks`)."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from accounts import branding
from accounts.models import Logo, User
from shop.models import Order, Post, PostAuthor
from shop.posts import invitations, moderation, writers, writing
from tests import desk
from tests.accounts.branding import logos
from tests.accounts.conftest import person
from tests.canaries.test_locks import held, waiting_statement
from tests.shop.posts import people

_numbers = count(1)
#: The model whose newest row another one holds, and the deed that must wait for it.
Made = tuple[type[Order | Post | PostAuthor | Logo | User], Callable[[], Any]]


def _address() -> str:
    return f"person-{next(_numbers)}@example.com"


def _review() -> Post:
    """Published: another text than that of any other."""
    return people.review(people.product(), text=f"{people.TEXT} In file {next(_numbers)}.")


def invites() -> Made:
    order = people.guest(people.product())
    return Order, lambda: invitations._invite(order.pk)


def reviews() -> Made:
    product = people.product()
    order = people.guest(product)
    writer = writers.of_order(order)
    assert writer is not None
    return Order, lambda: writing.leave_review(writer, product, people.words())


def asks() -> Made:
    product = people.product()
    writer = writers.of_account(desk.person().pk)
    return User, lambda: writing.ask(writer, product, people.words(stars=None, title=""))


def comments() -> Made:
    review = _review()
    writer = writers.of_account(desk.person().pk)
    return Post, lambda: writing.comment(writer, review.pk, people.words(stars=None, title=""))


def changes() -> Made:
    author = people.author(_review())
    return Post, lambda: writing.change(author.pk, people.words("It still finds each wrong cell."))


def changes_the_author() -> Made:
    author = people.author(_review())
    return PostAuthor, lambda: writing.change(author.pk, people.words("It still finds each wrong cell."))


def removes() -> Made:
    author = people.author(_review())
    return PostAuthor, lambda: writing.remove(author.pk)


def reports() -> Made:
    review = _review()
    return Post, lambda: moderation.report(review.pk, "spam")


def publishes() -> Made:
    review, clerk = _review(), desk.person("Shop Manager")
    moderation.report(review.pk, "spam")
    return Post, lambda: moderation.publish(review.pk, by=clerk)


def refuses() -> Made:
    review, clerk = _review(), desk.person("Shop Manager")
    return Post, lambda: moderation.refuse(review.pk, by=clerk, reason="insult")


def answers() -> Made:
    review, clerk = _review(), desk.person("Shop Manager")
    return Post, lambda: moderation.answer(review.pk, by=clerk, text="Thank you.")


def hands_in() -> Made:
    user = logos.customer(_address())
    return User, lambda: logos.handed_in(user)


def hands_in_again() -> Made:
    user = logos.customer(_address())
    logos.published(user)
    return Logo, lambda: logos.handed_in(user)


def decides() -> Made:
    logo, clerk = logos.handed_in(logos.customer(_address())), desk.person("Shop Manager")
    return Logo, lambda: branding.decide(logo.pk, revision=logo.revision, by=clerk)


def invites_a_colleague() -> Made:
    user = logos.customer(_address())
    logos.published(user)
    return Logo, lambda: branding.invite(user)


def joins() -> Made:
    user = logos.customer(_address())
    logos.published(user)
    token = branding.invite(user)
    colleague = person(_address())
    return Logo, lambda: branding.join(token, colleague)


def joins_with_an_account() -> Made:
    user = logos.customer(_address())
    logos.published(user)
    token = branding.invite(user)
    colleague = person(_address())
    return User, lambda: branding.join(token, colleague)


def leaves() -> Made:
    user, colleague = logos.customer(_address()), person(_address())
    logos.with_colleague(user, colleague)
    return Logo, lambda: branding.leave(colleague)


def takes_back() -> Made:
    user = logos.customer(_address())
    logos.published(user)
    return Logo, lambda: branding.withdraw(user)


DEEDS: dict[str, Callable[[], Made]] = {
    "invite to a review": invites,
    "write a review": reviews,
    "ask": asks,
    "comment": comments,
    "change a post": changes,
    "change an author": changes_the_author,
    "remove a post": removes,
    "report a post": reports,
    "publish a post": publishes,
    "refuse a post": refuses,
    "answer a post": answers,
    "hand in a logo": hands_in,
    "hand in a logo again": hands_in_again,
    "decide about a logo": decides,
    "invite a colleague": invites_a_colleague,
    "join a logo": joins,
    "join a logo by an account": joins_with_an_account,
    "leave a logo": leaves,
    "take a logo back": takes_back,
}


@pytest.mark.django_db(transaction=True)
def test_each_asks_for_the_row_s_lock_first() -> None:
    """All in one test, because the tables are emptied after each. A canary leaves one deed, and takes its lock away."""
    asked = {}
    for deed, make in DEEDS.items():
        model, act = make()
        table = model._meta.db_table
        with held(table, model._default_manager.latest("pk").pk):
            statement = waiting_statement(act)
        asked[deed] = ("FOR UPDATE" in statement, f'FROM "{table}"' in statement)
    assert asked == dict.fromkeys(DEEDS, (True, True))
