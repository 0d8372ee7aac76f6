"""Buyers, and what they write."""

from accounts.models import User
from shop.models import Edition, Order, Post, PostAuthor, Product
from shop.posts import writers, writing
from shop.posts.writing import Words
from tests import desk
from tests.accounts import purchases

#: Words without any sign of spam.
TEXT = "It traced a formula through nine sheets, and said which cell was wrong."


def product() -> Product:
    return purchases.edition().product


def edition_of(of: Product) -> Edition:
    return of.editions.get()


def buyer(of: Product, **fields: object) -> User:
    """A new account to which the product was delivered."""
    user = desk.person(**fields)  # type: ignore[arg-type]
    purchases.paid((edition_of(of), 1), user=user, email=user.email)
    return user


def guest(of: Product, email: str = "ada@example.com") -> Order:
    """The order of a guest to whom the product was delivered."""
    return Order.objects.get(pk=purchases.paid((edition_of(of), 1), email=email).pk)


def words(text: str = TEXT, **others: object) -> Words:
    given: dict[str, object] = {"stars": 4, "title": "It finds the cell", "shown_as": "Numbers", **others}
    return Words(text=text, **given)  # type: ignore[arg-type]


def review(of: Product, user: User | None = None, text: str = TEXT, **others: object) -> Post:
    """A review by a buyer, a new one unless `user` is given."""
    writer = writers.of_account((user or buyer(of)).pk)
    return writing.leave_review(writer, of, words(text, **others))


def question(of: Product, user: User | None = None, text: str = "Does it read files of older versions?") -> Post:
    writer = writers.of_account((user or buyer(of)).pk)
    return writing.ask(writer, of, words(text, stars=None, title=""))


def comment(under: Post, user: User | None = None, text: str = "The same here, since version 2.") -> Post:
    writer = writers.of_account((user or buyer(under.product)).pk)
    return writing.comment(writer, under.pk, words(text, stars=None, title=""))


def author(post: Post) -> PostAuthor:
    return PostAuthor.objects.get(post=post)


def shown(post: Post) -> tuple[str, str, str]:
    """State, title and text, as they are stored now."""
    post = Post.objects.get(pk=post.pk)
    return post.state, post.title, post.text
