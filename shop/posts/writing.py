"""What an author does: leave a review, ask, comment, change the words, choose what becomes of them, remove them.

Words are published at once, or wait for a person where signs speak for spam. A person has one review a product: to
leave another one changes the first. Limits are counted on rows, under a lock: an empty Redis lifts none of them.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction

from privacy import clock, page_version
from shop.models import Post, PostAuthor, Product
from shop.posts import spam, writers
from shop.posts.spam import Draft
from shop.posts.writers import Writer

#: So many posts of one person within so long; from then on they have to wait.
LIMITS = ((timedelta(minutes=1), 3), (timedelta(days=1), 20))
State = Post.State


class CannotWrite(Exception):
    """The text is a sentence for the author."""


class TooMany(CannotWrite):
    """More than a person writes."""


@dataclass(frozen=True)
class Words:
    """What is written: checked and cut by the form. `stars` for reviews only."""

    text: str
    shown_as: str
    title: str = ""
    stars: int | None = None
    wish: str = PostAuthor.Wish.ERASE


def leave_review(writer: Writer, product: Product, words: Words) -> Post:
    """Writes the review of somebody to whom the product was delivered, or changes the one that is there.

    Who gave it back since may still change what was written. Raises CannotWrite where it wasn't delivered, and TooMany.
    """
    with transaction.atomic():
        has_bought = _lock_orders(writer, product)
        known = writers.written_by(writer).filter(product=product, is_review=True).first()
        if known is not None:
            return _change(known.pk, words)
        if not has_bought:
            raise CannotWrite("Only who bought it here, and has its key, can review it.")
        return _write(Post(product=product, kind=Post.Kind.REVIEW, stars=words.stars), writer, words)


def ask(writer: Writer, product: Product, words: Words) -> Post:
    """Writes a question about a product. Raises TooMany."""
    with transaction.atomic():
        _lock_account(writer)
        return _write(Post(product=product, kind=Post.Kind.QUESTION), writer, words)


def comment(writer: Writer, parent_id: int, words: Words) -> Post:
    """Writes under a published review or question. Raises CannotWrite where it isn't shown any more, and TooMany."""
    with transaction.atomic():
        _lock_account(writer)
        parent = Post.objects.select_for_update(of=("self",)).filter(pk=parent_id).first()
        if parent is None or parent.state != State.PUBLISHED or parent.kind == Post.Kind.COMMENT:
            raise CannotWrite("What you answer to isn’t shown any more.")
        return _write(Post(product_id=parent.product_id, kind=Post.Kind.COMMENT, parent=parent), writer, words)


def change(author_id: int, words: Words) -> Post:
    """Changes what somebody wrote; the caller knows that it is theirs. Raises CannotWrite where it is gone."""
    with transaction.atomic():
        return _change(author_id, words)


def remove(author_id: int) -> None:
    """Deletes what somebody wrote, whatever they had chosen for later. Quiet where it is gone."""
    with transaction.atomic():
        author = PostAuthor.objects.select_for_update().filter(pk=author_id).first()
        if author is not None:
            PostAuthor.objects.filter(pk=author.pk).update(wish=PostAuthor.Wish.ERASE)
            part([author.post_id])


def choose(author_id: int, wish: str) -> None:
    """Keeps what shall become of the words when their author leaves."""
    PostAuthor.objects.filter(pk=author_id).update(wish=PostAuthor.Wish(wish))


def let_go(user_ids: list[int]) -> None:
    """Parts what these accounts wrote from them, as each author chose; in the caller's transaction."""
    part(list(PostAuthor.objects.filter(user__in=user_ids).values_list("post_id", flat=True)))


def part(post_ids: list[int]) -> None:
    """Deletes the authors of these posts; by a trigger the words go with them, or stay without a name.

    What is empty then and has no comments goes as a row. In the caller's transaction.
    """
    PostAuthor.objects.filter(post__in=post_ids).delete()
    empty = Post.objects.filter(pk__in=post_ids, state=State.REMOVED, comments__isnull=True)
    parents = list(empty.filter(parent__state=State.REMOVED).values_list("parent_id", flat=True))
    empty.delete()
    if parents:  # an empty review that only this comment kept
        Post.objects.filter(pk__in=parents, comments__isnull=True).delete()
    page_version.renew()


def _write(post: Post, writer: Writer, words: Words) -> Post:
    _count(writer)
    post.title, post.text = words.title, words.text
    if not _waits(post, writer, words):
        post.state, post.published_at = State.PUBLISHED, post.written_at
        page_version.renew()
    post.save()
    PostAuthor.objects.create(
        post=post,
        product_id=post.product_id,
        is_review=post.kind == Post.Kind.REVIEW,
        user_id=writer.user_id,
        email=writer.email,
        shown_as=words.shown_as,
        wish=words.wish,
        written_at=post.written_at,
    )
    return post


def _change(author_id: int, words: Words) -> Post:
    """New words are judged anew. What a person had taken down, or not published, waits for a person again."""
    post = Post.objects.select_for_update(of=("self",)).filter(author=author_id).first()
    author = PostAuthor.objects.select_for_update().filter(pk=author_id).first()
    if post is None or author is None:
        raise CannotWrite("This was removed meanwhile.")
    same = (post.title, post.text, post.stars) == (words.title, words.text, words.stars)
    author.shown_as, author.wish = words.shown_as, PostAuthor.Wish(words.wish)
    author.save(update_fields=["shown_as", "wish"])
    waits = _waits(post, Writer(author.user_id, author.email), words)
    if (post.state == State.PUBLISHED and waits) or (post.state in (State.REJECTED, State.HIDDEN) and not same):
        post.move_to(State.PENDING)
    post.title, post.text, post.stars, post.edited_at = words.title, words.text, words.stars, clock.now()
    post.save(update_fields=["title", "text", "stars", "signals", "points", "edited_at"])
    page_version.renew()
    return post


def _waits(post: Post, writer: Writer, words: Words) -> bool:
    """Notes which signs speak for spam; True where a person must look first."""
    draft = Draft(words.title, words.text, words.shown_as, post.kind, writer, post.pk)
    found = spam.judge(draft)
    post.signals, post.points = [signal.name for signal in found], spam.points(found)
    return spam.waits(found)


def _count(writer: Writer) -> None:
    """Raises TooMany where this person wrote as much as a person may. The caller holds a lock that is theirs."""
    theirs = PostAuthor.objects.filter(writers.is_by(writer))
    for span, most in LIMITS:
        if theirs.filter(written_at__gt=clock.now() - span).count() >= most:
            raise TooMany("You wrote a lot in a short time. Please wait a little, then send it again.")


def _lock_orders(writer: Writer, product: Product) -> bool:
    """Locks the orders that let this person review the product; whoever has one waits for the other. False: none."""
    if writer.user_id is not None:
        _lock_account(writer)
    found = writers.orders_with(writer, product)
    locked = list(found.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return found.filter(pk__in=locked).exists()


def _lock_account(writer: Writer) -> None:
    list(get_user_model().objects.select_for_update().filter(pk=writer.user_id or 0).values_list("pk"))
