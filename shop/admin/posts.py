"""Reviews, questions and comments at the desk: the queue, one case, the next one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from privacy.admin import Desk, ReadOnly
from privacy.masking import mask_email
from privacy.tasks import nudge, send_mails
from shop.forms.posts import visible_lines
from shop.models import Post
from shop.posts import moderation, spam

State = Post.State


class Part(admin.SimpleListFilter):
    """What waits for a person, unless all is asked for."""

    title = parameter_name = "part"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("all", "all")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [first | {"display": "waits for us"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        return queryset if self.value() == "all" else queryset.filter(moderation.WAITS)


class RefusalForm(forms.Form):
    """Why something isn't shown."""

    reason = forms.ChoiceField(
        label="Why it isn’t shown",
        choices=Post.Reason.choices,
        widget=UnfoldAdminSelectWidget,
        help_text="The author is told by mail.",
    )


class AnswerForm(forms.Form):
    """The shop's own words."""

    text = forms.CharField(
        label="Our answer",
        max_length=Post.LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        validators=[visible_lines],
        help_text="Everybody can read it, and the author gets it by mail. Name no person.",
    )


@admin.register(Post)
class PostAdmin(ReadOnly, Desk):
    """The list is the queue; the page of one post has its signs of spam, what visitors reported, and the deeds."""

    list_display = ("beginning", "about", "kind", "state_badge", "stars", "points", "written_at")
    list_display_links = ("beginning",)
    list_filter = (Part, "state", "kind", "stars")
    list_select_related = ("product",)
    ordering = ("written_at", "id")
    fields = ("kind",)
    list_after_template = "admin/privacy/deletionrequest/keys.html"
    change_form_template = "admin/shop/post/change_form.html"

    @display(description="Words")
    def beginning(self, post: Post) -> str:
        return Truncator(post.title or post.text).chars(60) or "removed by its author"

    @display(description="Product", ordering="product__name")
    def about(self, post: Post) -> str:
        return post.product.name

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The queue begins with what waits longest, the list of all with the newest."""
        return ("-written_at", "-id") if request.GET.get(Part.parameter_name) == "all" else self.ordering

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("next/", view(self.first), name="shop_post_next"),
            path("<int:post_id>/decide/", view(self.decide), name="shop_post_decide"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One case."""
        post = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context = self._page(request, post) if post is not None else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def first(self, request: HttpRequest) -> HttpResponse:
        """To what waits longest; to the empty queue where nothing does."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(_address(moderation.queue().first()))

    def decide(self, request: HttpRequest, post_id: int) -> HttpResponse:
        """Does what the pressed button says, and goes on to the next one of the queue."""
        if not request.user.has_perm("shop.moderate_post"):
            raise PermissionDenied
        post = Post.objects.filter(pk=post_id).first()
        if post is None or request.method != "POST":
            raise Http404
        try:
            done = self._act(request, post)
        except moderation.CannotDecide as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(_address(moderation.next_after(post)))
        if isinstance(done, forms.Form):
            request.method = "GET"  # the case is shown again, with what is missing
            return self.change_view(request, str(post_id), extra_context={_name(done): done})
        messages.success(request, done)
        stays = request.POST.get("deed") in {"answer", "withdraw"}
        return HttpResponseRedirect(_address(post.parent or post if stays else moderation.next_after(post)))

    def _act(self, request: HttpRequest, post: Post) -> str | forms.Form:
        """What was done, in words; or the form that says what is missing."""
        deed = request.POST.get("deed")
        if deed == "publish":
            moderation.publish(post.pk, by=request.user)
            return "It is published."
        if deed == "refuse":
            refusal = RefusalForm(request.POST)
            if not refusal.is_valid():
                return refusal
            moderation.refuse(post.pk, by=request.user, reason=refusal.cleaned_data["reason"])
            nudge(send_mails)
            return "It isn’t shown, and its author is told why."
        if deed == "answer":
            answer = AnswerForm(request.POST)
            if not answer.is_valid():
                return answer
            moderation.answer(post.pk, by=request.user, text=answer.cleaned_data["text"])
            nudge(send_mails)
            return "The answer stands under it."
        if deed == "withdraw" and post.by_shop:
            moderation.withdraw(post.pk)
            return "Our answer is gone."
        raise Http404

    def _page(self, request: HttpRequest, post: Post) -> dict[str, Any]:
        may = request.user.has_perm("shop.moderate_post") and post.state != State.REMOVED
        author = getattr(post, "author", None)
        address = (author.email or (author.user.email if author.user else "")) if author else ""
        following = moderation.next_after(post)
        return {
            "title": f"{post.get_kind_display().capitalize()} about {post.product.name}",
            "subtitle": None,
            "post": post,
            "name": post.name,
            "address": mask_email(address),
            "signals": spam.explained(post.signals),
            "reports": list(post.reports.filter(handled_at__isnull=True)),
            "comments": list(post.comments.select_related("author").order_by("written_at", "pk")[:50]),
            "next": _address(following) if following else "",
            "waiting": moderation.queue().count(),
            "decide": reverse("admin:shop_post_decide", args=[post.pk]),
            "can_publish": may and (post.state != State.PUBLISHED or post.reported_at is not None),
            "can_refuse": may and not post.by_shop and post.state not in (State.REJECTED, State.HIDDEN),
            "can_answer": may and post.state == State.PUBLISHED and post.kind != Post.Kind.COMMENT,
            "can_withdraw": may and post.by_shop,
            "publish_key": SafeString('data-key="p"'),
            "refusal_form": RefusalForm(),
            "answer_form": AnswerForm(),
        }


def _name(form: forms.Form) -> str:
    return "answer_form" if isinstance(form, AnswerForm) else "refusal_form"


def _address(post: Post | None) -> str:
    if post is None:
        return reverse("admin:shop_post_changelist")
    return reverse("admin:shop_post_change", args=[post.pk])
