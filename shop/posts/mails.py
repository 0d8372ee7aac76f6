"""Mails about reviews and comments."""

from django.conf import settings
from django.urls import reverse

from privacy.mails import Mail, kind
from shop import orders
from shop.models import Order, Post, PostAuthor, Product
from shop.posts import invitations, moderation


@kind(invitations.MAIL)
def review_invitation(order_id: int) -> Mail | None:
    """Asks a buyer once. None where the order names nobody any more, wants none, has trouble, or was reviewed."""
    order = Order.objects.select_related("party").get(pk=order_id)
    party = orders.party_of(order)
    if party is None or not invitations.may_be_asked(order) or invitations.is_refused(party.email):
        return None
    products = list(invitations.to_review(order).order_by("name"))
    if not products:
        return None
    refusal = invitations.refusal_link(order)
    return Mail(
        to=party.email,
        subject=f"How {_names(products)} for you?",
        template="mails/review_invitation",
        context={
            "name": party.name,
            "products": [(product.name, settings.SITE_URL + _where_to_review(order, product)) for product in products],
            "refusal": refusal,
        },
        unsubscribe=refusal,
    )


def _where_to_review(order: Order, product: Product) -> str:
    """By the order's link; where somebody else has that link too, by the buyer's account."""
    if order.party.delivery_email:
        return reverse("review_write", args=[product.slug])
    return reverse("order_review", args=[orders.token(order), product.slug])


@kind(moderation.REFUSED_MAIL)
def post_refused(post_id: int) -> Mail | None:
    """Tells an author why something isn't shown, and what can be done. None where it is shown again, or unlinked."""
    post = Post.objects.select_related("product", "author__user").filter(pk=post_id).first()
    if post is None or post.state not in (Post.State.REJECTED, Post.State.HIDDEN):
        return None
    author = getattr(post, "author", None)
    to = _address(author)
    if author is None or not to:
        return None
    return Mail(
        to=to,
        subject=f"Your {post.get_kind_display()} about {post.product.name} isn’t shown",
        template="mails/post_refused",
        context={
            "kind": post.get_kind_display(),
            "product": post.product.name,
            "shown_as": author.shown_as,
            "why": post.get_reason_display(),
            "address": _own_posts(author),
        },
    )


@kind(moderation.ANSWERED_MAIL)
def post_answered(answer_id: int) -> Mail | None:
    """Sends an author the shop's answer. None where either is gone."""
    answer = Post.objects.select_related("parent__product", "parent__author__user").filter(pk=answer_id).first()
    parent = answer.parent if answer else None
    author = getattr(parent, "author", None)
    to = _address(author)
    if answer is None or parent is None or author is None or not to:
        return None
    return Mail(
        to=to,
        subject=f"We answered your {parent.get_kind_display()} about {parent.product.name}",
        template="mails/post_answered",
        context={
            "kind": parent.get_kind_display(),
            "product": parent.product.name,
            "shown_as": author.shown_as,
            "text": answer.text,
            "address": settings.SITE_URL + parent.product.get_absolute_url(),
        },
    )


def _names(products: list[Product]) -> str:
    """All of them by name while that fits a subject: "do Gridtrace and Sheetdiff work"."""
    if len(products) == 1:
        return f"does {products[0].name} work"
    if len(products) > 3:
        return f"do {products[0].name} and {len(products) - 1} more work"
    return f"do {', '.join(product.name for product in products[:-1])} and {products[-1].name} work"


def _address(author: PostAuthor | None) -> str:
    if author is None:
        return ""
    return author.email or (author.user.email if author.user else "")


def _own_posts(author: PostAuthor) -> str:
    """Where an account changes what it wrote; a guest does so by the order's link, which no row here leads to."""
    return settings.SITE_URL + reverse("account_posts") if author.user_id else ""
