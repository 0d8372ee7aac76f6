"""Key pools on the desk: what is left of each edition, and the import of a file."""

import secrets
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from accounts import key_imports
from accounts.key_imports import KeyFile, NotImported, SealedKey
from accounts.models import KeyPool, LicenseKey, User
from accounts.tasks import deliver_backorders
from privacy.admin import Desk, ReadOnly
from privacy.tasks import nudge
from shop.order_desk import Section, moment

SHOWN_PROBLEMS = 100
# How long a checked file waits for the second click, in seconds. It holds sealed keys only.
CHECKED_FOR = 1800
State = LicenseKey.State


class FileForm(forms.Form):
    file = forms.FileField(
        label="File",
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        help_text="One key a line, or a column named “key”. UTF-8, up to 10 MB and 100,000 keys.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> KeyFile:
        """Reads the file, at most as much of it as may be imported."""
        upload = cast(UploadedFile, self.cleaned_data["file"])
        try:
            return key_imports.read(upload.read(key_imports.MOST_BYTES + 1))
        except NotImported as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(KeyPool)
class KeyPoolAdmin(ReadOnly, Desk):
    """The editions that are sold from a pool, with their keys by state."""

    list_display = ("__str__", "free", "given", "gone", "low_pool_at", "import_link")
    list_select_related = ("product",)
    search_fields = ("sku", "name", "product__name")
    fields = ("name",)
    change_form_template = "admin/accounts/keypool/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[KeyPool]:
        def count(*states: str) -> Count:
            return Count("license_keys", filter=Q(license_keys__state__in=states))

        counts = {
            "free": count(State.AVAILABLE),
            "given": count(State.RESERVED, State.ASSIGNED, State.SUSPENDED),
            "gone": count(State.REVOKED, State.VOID),
        }
        return super().get_queryset(request).annotate(**counts)

    @display(description="Free", ordering="free")
    def free(self, pool: Any) -> str | SafeString:
        if pool.free >= pool.low_pool_at:
            return str(pool.free)
        return format_html('<span class="state state-stopped">{} left</span>', pool.free)

    @display(description="With customers", ordering="given")
    def given(self, pool: Any) -> int:
        return pool.given

    @display(description="Revoked or void", ordering="gone")
    def gone(self, pool: Any) -> int:
        return pool.gone

    @display(description="Import")
    def import_link(self, pool: KeyPool) -> SafeString:
        return format_html(
            '<a href="{}" class="desk-link">Import keys</a>', reverse("admin:accounts_keypool_import", args=[pool.pk])
        )

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        shown = super().get_list_display(request)
        return shown if _may_import(request) else [name for name in shown if name != "import_link"]

    def get_urls(self) -> list[URLPattern]:
        importing = self.admin_site.admin_view(self.import_view)
        return [path("<int:pool_id>/import/", importing, name="accounts_keypool_import"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One pool: its keys by state and the files that they came from."""
        pool = self.get_object(request, object_id) if self.has_view_permission(request) else None
        context = (
            {} if pool is None else {"title": str(pool), "subtitle": None, "pool": pool, "sections": _sections(pool)}
        )
        return super().change_view(
            request, object_id, form_url, (extra_context or {}) | context | {"may_import": _may_import(request)}
        )

    def import_view(self, request: HttpRequest, pool_id: int) -> HttpResponse:
        """Chooses a file, shows what is in it, and imports it when that is confirmed."""
        if not _may_import(request):
            raise PermissionDenied("Your role doesn't import keys.")
        pool = KeyPool.objects.select_related("product").filter(pk=pool_id).first()
        if pool is None:
            raise Http404
        if "checked" in request.POST:
            return self._put(request, pool)
        form = FileForm(request.POST or None, request.FILES or None)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": f"Import keys for {pool}"}
        context |= {"pool": pool, "form": form, "may_import": True}
        if form.is_valid():
            found: KeyFile = form.cleaned_data["file"]
            context |= {"found": found, "problems": found.problems[:SHOWN_PROBLEMS]}
            if found.is_importable:
                context["checked"] = _remember(request, pool, found)
        return TemplateResponse(request, "admin/accounts/keypool/import.html", context)

    def _put(self, request: HttpRequest, pool: KeyPool) -> HttpResponse:
        again = reverse("admin:accounts_keypool_import", args=[pool.pk])
        keys = _remembered(request, pool)
        if keys is None:
            self.message_user(request, "The check of this file is too old. Choose the file again.", messages.ERROR)
            return HttpResponseRedirect(again)
        try:
            key_imports.put(pool, keys, by=cast(User, request.user))
        except NotImported as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(again)
        nudge(deliver_backorders)
        self.message_user(request, f"Imported: {len(keys):,} keys for {pool}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:accounts_keypool_change", args=[pool.pk]))


def _may_import(request: HttpRequest) -> bool:
    return request.user.has_perm("accounts.import_keypool")


def _cache_key(request: HttpRequest, pool: KeyPool, token: str) -> str:
    return f"key-import:{request.user.pk}:{pool.pk}:{token}"


def _remember(request: HttpRequest, pool: KeyPool, found: KeyFile) -> str:
    token = secrets.token_urlsafe(16)
    cache.set(_cache_key(request, pool, token), found.keys, CHECKED_FOR)
    return token


def _remembered(request: HttpRequest, pool: KeyPool) -> Sequence[SealedKey] | None:
    """The keys of the checked file, once."""
    key = _cache_key(request, pool, request.POST["checked"][:40])
    keys = cache.get(key)
    cache.delete(key)
    return keys


def _sections(pool: KeyPool) -> list[Section]:
    states = dict(pool.license_keys.order_by().values_list("state").annotate(count=Count("pk")))
    address = reverse("admin:accounts_licensekey_changelist")
    rows = [
        (
            format_html(
                '<a class="desk-link" href="{}?edition__id__exact={}&state__exact={}">{}</a>',
                address,
                pool.pk,
                state.value,
                state.label,
            ),
            states[state],
        )
        for state in State
        if state in states
    ]
    imports = [
        (moment(source.imported_at), str(source.imported_by or "–"), f"{source.count:,}")
        for source in pool.key_imports.select_related("imported_by")[:50]
    ]
    return [
        Section("Keys", ("State", "Keys"), rows, empty="The pool is empty."),
        Section("Imports", ("At", "By", "Keys"), imports, empty="Nothing was imported yet."),
    ]
