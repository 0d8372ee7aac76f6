"""What the shop does with posts: publish, refuse, take down, let stand, answer; and what visitors report.

A person decides, and the author is told why something isn't shown (Regulation (EU) 2022/2065, Article 17).
"""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, QuerySet

from privacy import clock, mails, page_version
from shop.models import Post, PostReport

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Staff = AbstractBaseUser | AnonymousUser

State = Post.State
REFUSED_MAIL, ANSWERED_MAIL = "post_refused", "post_answered"


class CannotDecide(Exception):
    """The text is a sentence for staff."""


#: Posts that aren't published yet, and those that were reported.
WAITS = Q(state=State.PENDING) | Q(reported_at__isnull=False)


def queue() -> QuerySet[Post]:
    """What waits for a person, the oldest first."""
    return Post.objects.filter(WAITS).order_by("written_at", "pk")


def next_after(post: Post) -> Post | None:
    """The next one of the queue behind this one; its first where none is behind."""
    others = queue().exclude(pk=post.pk)
    behind = Q(written_at__gt=post.written_at) | Q(written_at=post.written_at, pk__gt=post.pk)
    return others.filter(behind).first() or others.first()


def publish(post_id: int, *, by: "Staff") -> bool:
    """Shows it to everybody. False where that was done already. Raises CannotDecide where its author removed it."""
    with transaction.atomic():
        post = _lock(post_id)
        moved = post.move_to(State.PUBLISHED, published_at=post.published_at or clock.now(), reason="")
        return _decided(post, by) or moved


def refuse(post_id: int, *, by: "Staff", reason: str) -> bool:
    """Doesn't publish it, or takes it down where it is published, and tells the author why. The rest as `publish`."""
    with transaction.atomic():
        post = _lock(post_id)
        goal = State.REJECTED if post.state in (State.PENDING, State.REJECTED) else State.HIDDEN
        if not post.move_to(goal, reason=Post.Reason(reason)):
            return False
        _decided(post, by)
        mails.queue(REFUSED_MAIL, post.pk, occasion=f"{post.decided_at:%Y%m%d%H%M%S}")
        return True


def answer(parent_id: int, *, by: "Staff", text: str) -> Post:
    """The shop's own words under a published review or question; its author is told. Raises CannotDecide."""
    with transaction.atomic():
        parent = _lock(parent_id)
        if parent.state != State.PUBLISHED or parent.kind == Post.Kind.COMMENT:
            raise CannotDecide("Publish it first: an answer stands under what everybody sees.")
        now = clock.now()
        written = Post.objects.create(
            product_id=parent.product_id,
            parent=parent,
            kind=Post.Kind.COMMENT,
            state=State.PUBLISHED,
            by_shop=True,
            text=text,
            written_at=now,
            published_at=now,
            decided_at=now,
            decided_by_id=by.pk,
        )
        mails.queue(ANSWERED_MAIL, written.pk)
        page_version.renew()
        return written


def withdraw(post_id: int) -> None:
    """Deletes one of the shop's own answers."""
    with transaction.atomic():
        Post.objects.filter(pk=post_id, by_shop=True).delete()
        page_version.renew()


def report(post_id: int, reason: str) -> bool:
    """Notes that a visitor reported a published post. False where it isn't shown."""
    with transaction.atomic():
        post = Post.objects.select_for_update().filter(pk=post_id, state=State.PUBLISHED, by_shop=False).first()
        if post is None:
            return False
        told = PostReport.objects.filter(post=post, reason=reason, handled_at__isnull=True)
        if not told.update(times=F("times") + 1):
            PostReport.objects.create(post=post, reason=PostReport.Reason(reason))
        if post.reported_at is None:
            post.reported_at = clock.now()
            post.save(update_fields=["reported_at"])
        return True


def _lock(post_id: int) -> Post:
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None or post.state == State.REMOVED:
        raise CannotDecide("Its author removed it meanwhile.")
    return post


def _decided(post: Post, by: "Staff") -> bool:
    """Notes who looked, and that reports were looked at. False where nothing waited for a look."""
    now = clock.now()
    handled = PostReport.objects.filter(post=post, handled_at__isnull=True).update(handled_at=now)
    post.decided_at, post.decided_by_id, post.reported_at = now, by.pk, None
    post.save(update_fields=["decided_at", "decided_by", "reported_at"])
    page_version.renew()
    return bool(handled)
