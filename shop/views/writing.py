"""Where people write about products, by an account or by the link of an order, and report what others wrote.

None of these pages is kept for others, so their forms carry a token.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from privacy import rate_limits
from shop import location, orders
from shop.forms import PostForm, ReportForm, ReviewForm
from shop.models import Order, Post, PostAuthor, Product
from shop.posts import invitations, moderation, writers, writing
from shop.posts.writers import Writer

WAITS = "Thank you. A person here looks at it first."
STANDS = "Thank you. It is on the product’s page."
TOO_MANY = "Many requests came from your connection. Please wait ten minutes and try again."
_MOST, _SECONDS = 30, 600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """A review by somebody with an account. Others learn how they can write one."""
    product = get_object_or_404(Product.objects.published(), slug=slug)
    if not request.user.is_authenticated:
        return render(request, "shop/write_how.html", {"product": product, "kind": "review"})
    writer = writers.of_account(request.user.pk)
    if not writers.orders_with(writer, product).exists() and _own_review(writer, product) is None:
        return render(request, "shop/write_how.html", {"product": product, "kind": "not_bought"}, status=403)
    return _review(request, writer, product)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_by_link(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """A review of what came with the order of this link."""
    writer, order = _by_link(request, token)
    product = get_object_or_404(writers.reviewable(writer, order), slug=slug)
    return _review(request, writer, product)


@never_cache
@require_safe
def of_order(request: HttpRequest, token: str) -> HttpResponse:
    """`shop/order_reviews.html`: order, order_url, rows (product, and the author row of its review or None)."""
    writer, order = _by_link(request, token)
    written = {each.product_id: each for each in writers.written_by(writer).filter(is_review=True)}
    rows = [(product, written.get(product.pk)) for product in writers.reviewable(writer, order).order_by("name")]
    context = {"order": order, "token": token, "rows": rows}
    return render(request, "shop/order_reviews.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, slug: str) -> HttpResponse:
    """A question about a product, by somebody with an account."""
    product = get_object_or_404(Product.objects.published(), slug=slug)
    if not request.user.is_authenticated:
        return render(request, "shop/write_how.html", {"product": product, "kind": "question"})
    writer = writers.of_account(request.user.pk)
    form = PostForm(request.POST or None, initial=_usual(writer))
    if form.is_valid() and _may(request, form):
        try:
            return _thanks(request, writing.ask(writer, product, form.words()))
        except writing.CannotWrite as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, product, "question")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, post_id: int) -> HttpResponse:
    """A comment under a review, or an answer to a question, by somebody with an account."""
    parent = _shown(post_id)
    if parent.kind == Post.Kind.COMMENT:
        raise Http404
    if not request.user.is_authenticated:
        return render(request, "shop/write_how.html", {"product": parent.product, "kind": "comment"})
    writer = writers.of_account(request.user.pk)
    form = PostForm(request.POST or None, initial=_usual(writer))
    if form.is_valid() and _may(request, form):
        try:
            return _thanks(request, writing.comment(writer, parent.pk, form.words()))
        except writing.CannotWrite as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, parent.product, "comment", parent)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, post_id: int) -> HttpResponse:
    """`shop/report.html`: post, form, done. Nothing is kept of the visitor."""
    post = _shown(post_id)
    if post.by_shop:
        raise Http404
    form = ReportForm(request.POST or None)
    if form.is_valid() and _may(request, form):
        moderation.report(post.pk, form.cleaned_data["reason"])
        return render(request, "shop/report.html", {"post": post, "done": True})
    return render(request, "shop/report.html", {"post": post, "form": form}, status=422 if form.errors else 200)


@csrf_exempt  # the secret in the address is the proof; mail programs send the POST without any cookie (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_invitations(request: HttpRequest, token: str) -> HttpResponse:
    """`shop/no_invitations.html`: done. A GET refuses nothing: mail programs fetch links that nobody clicked."""
    try:
        if request.method == "POST":
            invitations.refuse_by_link(token)
        else:
            invitations.insist_on(token)
    except invitations.NotOurs as error:
        raise Http404 from error
    return render(request, "shop/no_invitations.html", {"done": request.method == "POST"})


def _by_link(request: HttpRequest, token: str) -> tuple[Writer, Order]:
    order = orders.find_by_token(token)
    writer = writers.of_link(order, request.user.pk) if order else None
    if order is None or writer is None:
        raise Http404
    return writer, order


def _shown(post_id: int) -> Post:
    shown = Post.objects.filter(state=Post.State.PUBLISHED, product__is_published=True)
    return get_object_or_404(shown.select_related("product", "author"), pk=post_id)


def _own_review(writer: Writer, product: Product) -> PostAuthor | None:
    found = writers.written_by(writer).filter(product=product, is_review=True)
    return found.select_related("post").first()


def _review(request: HttpRequest, writer: Writer, product: Product) -> HttpResponse:
    own = _own_review(writer, product)
    if own is not None and request.POST.get("deed") == "remove":
        writing.remove(own.pk)
        messages.success(request, "Your review is removed.")
        return redirect(product)
    form = ReviewForm(request.POST or None, initial=as_typed(own) if own else _usual(writer))
    if form.is_valid() and _may(request, form):
        try:
            return _thanks(request, writing.leave_review(writer, product, form.words()))
        except writing.CannotWrite as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, product, "review", own.post if own else None)


def as_typed(author: PostAuthor) -> dict[str, object]:
    """What an author wrote, as the form shows it again."""
    post = author.post
    return {
        "text": post.text,
        "title": post.title,
        "stars": post.stars,
        "shown_as": author.shown_as,
        "wish": author.wish,
    }


def _usual(writer: Writer) -> dict[str, object]:
    """Name and wish of what this person wrote last."""
    last = writers.written_by(writer).order_by("-pk").first()
    return {"shown_as": last.shown_as, "wish": last.wish} if last else {}


def _may(request: HttpRequest, form: PostForm | ReportForm) -> bool:
    """Counts what comes from one connection, be it by many accounts."""
    allowed = rate_limits.allow("write", location.client_ip(request.META), most=_MOST, seconds=_SECONDS)
    if not allowed:
        form.add_error(None, TOO_MANY)
    return allowed


def _form(request: HttpRequest, form: PostForm, product: Product, kind: str, about: Post | None = None) -> HttpResponse:
    """`shop/write.html`: form, product, kind (review, question, comment), about (what is changed or answered to)."""
    context = {"form": form, "product": product, "kind": kind, "about": about}
    return render(request, "shop/write.html", context, status=422 if form.errors else 200)


def _thanks(request: HttpRequest, post: Post) -> HttpResponse:
    messages.success(request, STANDS if post.state == Post.State.PUBLISHED else WAITS)
    return redirect(post.product)
