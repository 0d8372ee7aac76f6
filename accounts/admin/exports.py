"""Exports at the desk: an Administrator asks for a person's data and says why.

Where the address belongs to an account, its person gets the mail and fetches the file; staff never see it. For an
address without an account, the Administrator who asked fetches it here and hands it over.
"""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from accounts.views.data import file_response
from privacy.admin import Desk
from privacy.exports import requests
from privacy.masking import mask_email
from privacy.models import Export
from privacy.tasks import make_exports, nudge

ASKED = (
    "The export is being made. Its person is told by mail, if the address belongs to an account; else you are, and the "
    "file can be fetched here."
)
ONE_BUTTON = {
    "title": "Export a person's data",
    "show_save_and_add_another": False,
    "show_save_and_continue": False,
}


class AskForm(forms.ModelForm):
    """Whose data, and why."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=UnfoldAdminEmailInputWidget,
        help_text=(
            "In any casing. Be sure that it is theirs who asks. The person of an account gets the file by mail; "
            "without an account you fetch it here, and hand it over."
        ),
    )
    reason = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="Stays in the log of the desk. Name no person.",
        error_messages={"required": "Say why, in a few words."},
    )

    class Meta:
        model = Export
        fields = ("email", "reason")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(Export)
class ExportAdmin(Desk):
    """Who asked for whose data, and how far it is. Rows go with their file, a week after it was made."""

    form = AskForm
    list_display = ("about", "state_badge", "asked_by_words", "requested_at", "expires_at")
    list_filter = ("state",)
    list_select_related = ("asked_by",)
    ordering = ("-requested_at", "-id")
    fields = ("about", "state_badge", "asked_by_words", "reason", "requested_at", "finished_at", "expires_at", "fetch")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        return super().get_queryset(request).defer("file")

    def get_fields(self, request: HttpRequest, obj: Export | None = None) -> tuple[str, ...]:
        return ("email", "reason") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Export | None = None) -> tuple[str, ...]:
        return () if obj is None else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @display(description="About")
    def about(self, export: Export) -> str:
        return f"Account {export.user_id}" if export.user_id else mask_email(export.email)

    @display(description="Asked by")
    def asked_by_words(self, export: Export) -> str:
        return str(export.asked_by or "the person")

    @display(description="File")
    def fetch(self, export: Export) -> str | SafeString:
        if export.user_id:
            return "Its person alone can fetch it, by the link in the mail."
        if export.state != Export.State.MADE:
            return "There is none yet."
        address = reverse("admin:privacy_export_file", args=[export.pk])
        return format_html(
            '<span class="desk-hint"><a href="{}">Fetch the file</a>, if you asked for it</span>', address
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The address of the account from whose page one comes: by its number, so that no address is in an address."""
        account = request.GET.get("account", "")
        is_number = account.isascii() and account.isdigit() and len(account) < 19
        user = User.objects.filter(pk=account, closed_at__isnull=True).first() if is_number else None
        if user is not None:
            self.record_look(request, user)
        return {"email": user.email} if user else {}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().add_view(request, form_url, (extra_context or {}) | ONE_BUTTON)
        except requests.Refused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:privacy_export_changelist"))

    def save_model(self, request: HttpRequest, obj: Export, form: forms.ModelForm, change: bool) -> None:
        """Asks; the row that stands for it is the one of the form from then on."""
        said = form.cleaned_data
        obj.pk = requests.ask_for(said["email"], by=cast(User, request.user), reason=said["reason"]).pk
        obj.refresh_from_db(from_queryset=Export.objects.defer("file"))
        nudge(make_exports)

    def response_add(self, request: HttpRequest, obj: Export, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, ASKED, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:privacy_export_change", args=[obj.pk]))

    def log_addition(self, request: HttpRequest, obj: Export, message: Any) -> LogEntry:
        """The log outlives the row, and so has the reason too."""
        return _log(
            request, obj, ADDITION, f"{self.about(obj)}: asked for. {obj.reason}" if obj.user_id else obj.reason
        )

    def get_urls(self) -> list[URLPattern]:
        fetching = self.admin_site.admin_view(reauthentication_required(self.file_view))
        return [path("<int:export_id>/file/", fetching, name="privacy_export_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest, export_id: int) -> HttpResponse:
        """The file, for the Administrator who asked for an address without an account; it is on record."""
        if not self.has_add_permission(request):
            raise PermissionDenied("Your role doesn't export data.")
        export = requests.to_hand_over(export_id, by=cast(User, request.user))
        if export is None:
            raise Http404
        _log(request, export, CHANGE, "File fetched.")
        return file_response(export)


def _log(request: HttpRequest, export: Export, flag: int, message: str) -> LogEntry:
    return LogEntry.objects.create(
        user=cast(User, request.user),
        content_type=ContentType.objects.get_for_model(Export),
        object_id=str(export.pk),
        object_repr=str(export),
        action_flag=flag,
        change_message=message,
    )
