"""What a person wrote about products: all of it, to be changed or removed; and whether invitations are wanted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.signed_in import SignedInRequest, signed_in
from shop.forms import PostForm, ReviewForm
from shop.models import Post, PostAuthor
from shop.posts import invitations, writers, writing
from shop.views.writing import as_typed

#: Posts on a page.
ROWS = 20


@require_safe
@signed_in
def own(request: SignedInRequest) -> HttpResponse:
    """`accounts/posts.html`: page (of authors, with posts and products), products (without a review; on the first
    page), wants_none."""
    writer = writers.of_account(request.user.pk)
    written = writers.written_by(writer)
    page = Paginator(written.select_related("post__product").order_by("-written_at", "-pk"), ROWS).get_page(
        request.GET.get("page")
    )
    reviewed = written.filter(is_review=True).values("product")
    context = {
        "page": page,
        "products": writers.bought(writer).exclude(pk__in=reviewed).order_by("name") if page.number == 1 else (),
        "wants_none": invitations.is_refused(request.user.email),
    }
    return render(request, "accounts/posts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: SignedInRequest, author_id: int) -> HttpResponse:
    """`accounts/post.html`: form, author."""
    author = _own(request, author_id)
    kind = ReviewForm if author.is_review else PostForm
    form = kind(request.POST or None, initial=as_typed(author))
    if form.is_valid():
        try:
            post = writing.change(author.pk, form.words())
        except writing.CannotWrite as refusal:
            form.add_error(None, str(refusal))
        else:
            waits = post.state == Post.State.PENDING
            messages.success(request, "Changed. A person here looks at it first." if waits else "Changed.")
            return redirect("account_posts")
    return render(request, "accounts/post.html", {"form": form, "author": author}, status=422 if form.errors else 200)


@require_POST
@signed_in
def remove(request: SignedInRequest, author_id: int) -> HttpResponse:
    """Deletes what the person wrote."""
    writing.remove(_own(request, author_id).pk)
    messages.success(request, "Removed.")
    return redirect("account_posts")


@require_POST
@signed_in
def choose_invitations(request: SignedInRequest) -> HttpResponse:
    """Wants invitations, or none."""
    if request.POST.get("answer") == "none":
        invitations.refuse(request.user.email)
        messages.success(request, "We send you no invitations.")
    else:
        invitations.allow(request.user.email)
        messages.success(request, "We may ask you once after a purchase.")
    return redirect("account_posts")


def _own(request: SignedInRequest, author_id: int) -> PostAuthor:
    theirs = writers.written_by(writers.of_account(request.user.pk))
    author = theirs.select_related("post__product").filter(pk=author_id).first()
    if author is None:
        raise Http404
    return author
