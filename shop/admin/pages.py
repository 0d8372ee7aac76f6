"""The pages that a manager writes. Saving publishes the text as a new version; every version that was shown is kept."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.admin import Desk, ReadOnly
from shop import pages
from shop.models import Page, PageVersion


class PageForm(forms.ModelForm):
    body = forms.CharField(
        label="Text",
        max_length=200_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 24}),
        help_text="An empty line ends a paragraph, ## starts a heading, - an item of a list; [words](address) links.",
    )

    class Meta:
        model = Page
        fields = ("title", "slug")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk and (version := self.instance.versions.first()):
            self.fields["body"].initial = version.body


class VersionInline(ReadOnly, TabularInline):
    model = PageVersion
    fields = ("number", "published_at")
    extra = 0
    verbose_name_plural = "published versions"


@admin.register(Page)
class PageAdmin(Desk):
    """Terms, imprint, contact and whatever else is needed."""

    form = PageForm
    list_display = ("title", "slug", "version", "published_at")
    fields = ("title", "slug", "body")
    inlines = (VersionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        newest = PageVersion.objects.filter(page=OuterRef("pk")).order_by("-number")
        return (
            super()
            .get_queryset(request)
            .annotate(version=Max("versions__number"), published_at=Subquery(newest.values("published_at")[:1]))
        )

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Page, form: forms.ModelForm, change: bool) -> None:
        """Publishes, instead of saving the row."""
        obj.pk = pages.publish(obj.slug, obj.title, form.cleaned_data["body"]).page_id

    @admin.display(description="Version", ordering="version")
    def version(self, page: Page) -> int:
        return page.version  # type: ignore[attr-defined]  # annotated

    @admin.display(description="Published", ordering="published_at")
    def published_at(self, page: Page) -> object:
        return page.published_at  # type: ignore[attr-defined]  # annotated
