"""What people write about a product: reviews, questions, and comments under both; who wrote them stands apart."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from privacy import clock
from privacy.transitions import StateModel, table
from shop.models.catalog import Product
from shop.models.orders import Order
from shop.models.shown import ShownQuerySet


class Post(StateModel):
    """A review, a question, or a comment under one of them, in words that everybody may read once it is published.

    Who wrote it is a row of its own (`PostAuthor`). When that row goes, its author's wish decides: the words go with
    it, or they stay and name nobody. A post that others commented on leaves an empty row, so that their words keep
    their place: `removed`. Where the shop itself answers (`by_shop`), there is no author row.

    `signals` are the names of what spoke for spam (`shop.posts.spam`), `points` their sum. `reported_at` is when a
    visitor first reported it since somebody last looked.
    """

    class Kind(models.TextChoices):
        REVIEW = "review", "review"
        QUESTION = "question", "question"
        COMMENT = "comment", "comment"

    class State(models.TextChoices):
        PENDING = "pending", "waits for us"
        PUBLISHED = "published", "published"
        REJECTED = "rejected", "not published"
        HIDDEN = "hidden", "taken down"
        REMOVED = "removed", "removed by its author"

    class Reason(models.TextChoices):
        """Why something isn't shown, in words for its author (Regulation (EU) 2022/2065, Article 17)."""

        ADVERTISING = "advertising", "it advertises something"
        INSULT = "insult", "it insults somebody"
        PRIVATE = "private", "it names somebody, or says something private"
        OFF_TOPIC = "off_topic", "it isn’t about this product"
        FALSE = "false", "it isn’t true, or not from use of the product"
        UNLAWFUL = "unlawful", "the law forbids it"

    TRANSITIONS = table(
        "pending -> published rejected removed; published -> pending hidden removed;"
        "rejected -> pending published removed; hidden -> pending published removed"
    )
    LONGEST_TITLE, LONGEST_TEXT = 120, 4_000

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="posts", db_index=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    by_shop = models.BooleanField(default=False)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    signals = models.JSONField(default=list, blank=True)
    points = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="When it was first published.")
    reported_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When a person last decided about it.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason, blank=True)

    objects = ShownQuerySet["Post"].as_manager()

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]
        default_permissions = ("view",)
        permissions: ClassVar = [("moderate_post", "Can publish, reject, hide and answer posts")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["review", "question", "comment"]), name="post_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "published", "rejected", "hidden", "removed"]),
                name="post_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="review", stars__gte=1, stars__lte=5) & ~Q(state="removed")
                | Q(stars__isnull=True) & (~Q(kind="review") | Q(state="removed")),
                name="post_review_has_stars",
            ),
            models.CheckConstraint(
                condition=Q(state="removed", text="", title="") | ~Q(state="removed") & ~Q(text=""),
                name="post_removed_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(kind="comment", parent__isnull=False) | ~Q(kind="comment") & Q(parent__isnull=True),
                name="post_comment_has_parent",
            ),
            models.CheckConstraint(condition=Q(by_shop=False) | Q(kind="comment"), name="post_shop_only_comments"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="post_published_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "hidden"]) | ~Q(reason=""), name="post_refused_has_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["product", "kind", "-published_at", "-id"],
                condition=Q(state__in=["published", "removed"]),
                name="post_newest",
            ),
            models.Index(
                fields=["product", "stars", "-published_at", "-id"],
                condition=Q(state="published", kind="review"),
                name="post_by_stars",
            ),
            models.Index(
                fields=["written_at", "id"],
                condition=Q(state="pending") | Q(reported_at__isnull=False),
                name="post_queue",
            ),
            models.Index(fields=["-written_at", "-id"], name="post_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} {self.pk}"

    @property
    def name(self) -> str:
        """Under whose name it is shown. An author who left is none any more."""
        if self.by_shop:
            return settings.STORE_NAME
        author: PostAuthor | None = getattr(self, "author", None)
        return author.shown_as if author else "Name removed"


class PostAuthor(models.Model):
    """Who wrote a post: an account, or the buyer of a guest's order by address; and the name that is shown.

    The row is the only tie between words and person. Whatever deletes it, a trigger does with the words what `wish`
    says. The address of a guest is cleared when an order's period is over: nobody can tell from then on whose it was.
    `product` and `is_review` repeat what the post says, so that an index can hold a person to one review a product.
    """

    class Wish(models.TextChoices):
        """What becomes of the words when their author leaves."""

        ERASE = "erase", "Delete what I wrote"
        UNLINK = "unlink", "Keep it, without my name"

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="author")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    is_review = models.BooleanField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="post_authors"
    )
    email = models.EmailField(max_length=254, blank=True)
    shown_as = models.CharField(max_length=40)
    wish = models.CharField(max_length=10, choices=Wish, default=Wish.ERASE)
    written_at = models.DateTimeField(default=clock.now)
    email_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ShownQuerySet["PostAuthor"].as_manager()

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "product"], condition=Q(is_review=True), name="postauthor_one_review_an_account"
            ),
            models.UniqueConstraint(
                Lower("email"),
                F("product"),
                condition=Q(is_review=True) & ~Q(email=""),
                name="postauthor_one_review_an_address",
            ),
            models.CheckConstraint(condition=Q(user__isnull=True) | Q(email=""), name="postauthor_account_or_address"),
            models.CheckConstraint(condition=Q(wish__in=["erase", "unlink"]), name="postauthor_wish_known"),
            models.CheckConstraint(condition=~Q(shown_as=""), name="postauthor_has_name"),
        ]
        indexes: ClassVar = [
            models.Index(Lower("email"), condition=~Q(email=""), name="postauthor_email"),
            models.Index(fields=["email_expires_at", "id"], name="postauthor_email_due"),
        ]

    def __str__(self) -> str:
        return f"Author of post {self.post_id}"


class PostReport(models.Model):
    """That visitors reported a post for one reason, how often, and whether somebody looked. It names no visitor."""

    class Reason(models.TextChoices):
        SPAM = "spam", "It is advertising"
        INSULT = "insult", "It insults somebody"
        PRIVATE = "private", "It names somebody, or says something private"
        FALSE = "false", "It isn’t true"
        UNLAWFUL = "unlawful", "I think the law forbids it"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=20, choices=Reason)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["first_at", "id"]
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__in=["spam", "insult", "private", "false", "unlawful"]),
                name="postreport_reason_known",
            ),
            models.CheckConstraint(condition=Q(times__gte=1), name="postreport_at_least_once"),
            models.UniqueConstraint(
                fields=["post", "reason"], condition=Q(handled_at__isnull=True), name="postreport_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class ReviewInvitation(models.Model):
    """That the buyer of an order was asked once to review it. One row an order: nobody is asked twice."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="review_invitation")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return f"Invitation for order {self.order_id}"


class InvitationRefusal(models.Model):
    """An address that wants no invitations (GDPR Art. 21(3)), in lower case."""

    email = models.EmailField(max_length=254, unique=True)
    refused_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitationrefusal_lower_case"),
        ]

    def __str__(self) -> str:
        return f"Refusal {self.pk}"
