"""Logos on the desk: the queue of those that wait, one page each with its picture, and the two answers."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import branding, start_page
from accounts.models import Logo, LogoPicture, User
from accounts.start_page import Need
from accounts.views.branding import as_file
from privacy.admin import Desk, ReadOnly
from privacy.masking import mask_words
from privacy.transitions import IllegalTransition
from shop.order_desk import moment

CHANGELIST = "admin:accounts_logo_changelist"

start_page.register(
    Need(
        "accounts.decide_logo",
        "company’s logo waits for a look",
        "companies’ logos wait for a look",
        lambda: branding.waiting().count(),
        lambda: f"{reverse(CHANGELIST)}?state__exact=submitted",
    )
)


class DecisionForm(forms.Form):
    """The answer to what was looked at. A refusal needs a reason, which the company reads."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[("publish", "publish"), ("decline", "decline")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why it isn’t shown",
        max_length=200,
        required=False,
        help_text="The company reads this sentence, in a mail and in its account. Say what to change. Name no person.",
        widget=UnfoldAdminTextInputWidget(attrs={"class": "max-w-2xl"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("answer") == "decline" and not values.get("reason"):
            self.add_error("reason", "Say why, in a sentence for the company.")
        return values


@admin.register(Logo)
class LogoAdmin(ReadOnly, Desk):
    """The list names no company that isn't shown; the page of one does, and puts the look on record."""

    list_display = ("__str__", "state_badge", "masked_company", "submitted_at", "decided_at")
    list_filter = ("state",)
    ordering = ("-submitted_at", "-id")
    fields = ("company",)
    change_form_template = "admin/accounts/logo/change_form.html"

    @display(description="Company")
    def masked_company(self, logo: Logo) -> str:
        return mask_words(logo.company)

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("<int:object_id>/decide/", site.admin_view(self.decide_view), name="accounts_logo_decide"),
            path("<int:object_id>/picture/", site.admin_view(self.picture_view), name="accounts_logo_picture"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One logo as it was handed in, who manages it, and the answer."""
        logo = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context = {} if logo is None else self._page(request, logo)
        return super().change_view(request, object_id, form_url, (extra_context or {}) | context)

    def _page(self, request: HttpRequest, logo: Logo) -> dict[str, Any]:
        managers = User.objects.filter(logo_manager__logo=logo).order_by("logo_manager__since")
        full = logo.pictures.filter(size=LogoPicture.Size.FULL).defer("content").first()
        facts = [
            ("State", self.state_badge(logo)),
            ("Company", logo.company),
            ("Products", ", ".join(logo.products.order_by("name").values_list("name", flat=True)) or "–"),
            ("Managed by", ", ".join(user.email for user in managers)),
            ("Handed in", moment(logo.submitted_at)),
            (
                "Decided",
                f"{moment(logo.decided_at)}, {logo.decided_by or 'somebody who left'}" if logo.decided_at else "–",
            ),
            ("Why it isn’t shown", logo.reason or "–"),
        ]
        return {
            "title": str(logo),
            "subtitle": None,
            "logo": logo,
            "facts": facts,
            "picture": full,
            "decision": DecisionForm(initial={"revision": logo.revision}) if self._may_decide(request, logo) else None,
        }

    def _may_decide(self, request: HttpRequest, logo: Logo) -> bool:
        return request.user.has_perm("accounts.decide_logo") and logo.state != Logo.State.DECLINED

    def decide_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Publishes or declines what was looked at, and leads to the next that waits."""
        if not request.user.has_perm("accounts.decide_logo"):
            raise PermissionDenied("Your role doesn't decide about logos.")
        form = DecisionForm(request.POST or None)
        page = reverse("admin:accounts_logo_change", args=[object_id])
        if not form.is_valid():
            for sentence in form.errors.get("reason", []):
                self.message_user(request, str(sentence), messages.ERROR)
            return HttpResponseRedirect(page)
        said = form.cleaned_data
        refusal = said["reason"] if said["answer"] == "decline" else ""
        try:
            branding.decide(object_id, revision=said["revision"], by=cast(User, request.user), refusal=refusal)
        except branding.Changed as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(page if Logo.objects.filter(pk=object_id).exists() else reverse(CHANGELIST))
        except IllegalTransition:
            self.message_user(request, "It was declined before. The company may hand it in again.", messages.WARNING)
            return HttpResponseRedirect(page)
        self.message_user(
            request, "Declined; a mail says why." if refusal else "Published; a mail says so.", messages.SUCCESS
        )
        following = branding.waiting().first()
        return HttpResponseRedirect(
            reverse("admin:accounts_logo_change", args=[following.pk]) if following else reverse(CHANGELIST)
        )

    def picture_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The full drawing, shown or not, for who may see the page around it."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Your role doesn't see logos.")
        found = LogoPicture.objects.filter(logo=object_id, size=LogoPicture.Size.FULL).first()
        if found is None:
            raise Http404
        return as_file(found)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Logo]:
        return super().get_queryset(request).select_related("decided_by")
