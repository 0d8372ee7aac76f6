"""Reviews and comments that PostgreSQL must refuse: for each guard the table whose newest row is copied, with what."""

from typing import Any

from privacy import clock
from shop.models import InvitationRefusal, Order, Post, PostAuthor, PostReport, ReviewInvitation
from tests.accounts import purchases

#: A post without an author, about another product.
UNSIGNED = -1
#: The order without a party (`tests.canaries.world`).
UNINVITED = -1
TABLES = ("shop_post", "shop_postauthor", "shop_postreport", "shop_reviewinvitation", "shop_invitationrefusal")
#: What makes a copy of a row a legal row of its own.
OWN: dict[str, dict[str, Any]] = {
    "shop_post": {},
    "shop_postauthor": {"post_id": UNSIGNED, "email": "other@example.com"},
    "shop_postreport": {"reason": "insult"},
    "shop_reviewinvitation": {"order_id": UNINVITED},
    "shop_invitationrefusal": {"email": "other@example.com"},
}
COPIES: dict[str, tuple[str, dict[str, Any]]] = {
    "post_kind_known": ("shop_post", {"kind": "poem", "stars": None}),
    "post_state_known": ("shop_post", {"state": "lost"}),
    "post_review_has_stars": ("shop_post", {"stars": 9}),
    "post_removed_is_empty": ("shop_post", {"title": "", "text": ""}),
    "post_comment_has_parent": ("shop_post", {"kind": "comment", "stars": None}),
    "post_shop_only_comments": ("shop_post", {"by_shop": True}),
    "post_published_has_time": ("shop_post", {"published_at": None}),
    "post_refused_has_reason": ("shop_post", {"state": "hidden"}),
    "shop_post_parent": ("shop_post", {"kind": "comment", "stars": None, "parent_id": UNSIGNED}),
    "shop_post_points_check": ("shop_post", {"points": -1}),
    "postauthor_one_review_an_address": ("shop_postauthor", {"email": "ADA@example.com"}),
    "postauthor_wish_known": ("shop_postauthor", {"wish": "both"}),
    "postauthor_has_name": ("shop_postauthor", {"shown_as": ""}),
    "postreport_at_least_once": ("shop_postreport", {"times": 0}),
    "postreport_reason_known": ("shop_postreport", {"reason": "whim"}),
    "postreport_open_once": ("shop_postreport", {"reason": "spam"}),
    "invitationrefusal_lower_case": ("shop_invitationrefusal", {"email": "Other@example.com"}),
    "shop_invitationrefusal_email_key": ("shop_invitationrefusal", {"email": "ada@example.com"}),
}
MOVE = {"state": "rejected", "reason": "insult"}
#: Django's own checks that a positive number isn't negative, which stricter ones repeat.
SAID_TWICE = {"shop_post_stars_check", "shop_postreport_times_check"}
#: A trigger that writes a date, and the one that does what an author wished: tests/shop/posts is about them.
WRITES = {"shop_postauthor_email_expires_at", "shop_postauthor_leaves"}


def make(order: Order) -> None:
    """One row of each, each legal; the order's buyer was invited."""
    product, other = purchases.edition().product, purchases.edition().product
    shown = {"state": "published", "published_at": clock.now(), "text": "It works."}
    Post.objects.create(pk=UNSIGNED, product=other, kind="question", **shown)
    review = Post.objects.create(product=product, kind="review", stars=4, title="Good", **shown)
    PostAuthor.objects.create(post=review, product=product, is_review=True, email="ada@example.com", shown_as="Ada")
    PostReport.objects.create(post=review, reason="spam")
    ReviewInvitation.objects.create(order=order)
    InvitationRefusal.objects.create(email="ada@example.com")
