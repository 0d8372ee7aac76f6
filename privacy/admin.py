"""The desk of the ground floor: alerts, the outbox, and what every app's admin is made of."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from privacy import alerts, holds, mails, policy, processing_record
from privacy.badges import badge
from privacy.forms import HoldForm
from privacy.models import Alert, LegalHold, OutgoingMail, PolicyVersion


class Desk(ModelAdmin):
    """An admin list that never counts its whole table to say how many rows a filter left out."""

    show_full_result_count = False
    list_per_page = 50
    list_fullwidth = True

    @display(description="State", ordering="state")
    def state_badge(self, row: Any) -> SafeString:
        """The row's state."""
        return badge(row.state, row.get_state_display())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Django looks for the row first: who may see none would learn which rows there are."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ReadOnly:
    """For admins and inlines of rows that are looked at and never typed over."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Alert)
class AlertAdmin(ReadOnly, Desk):
    """What a person must look at. Closing one says that it was looked at."""

    list_display = ("message", "kind", "opened_at", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "kind")
    fields = ("message", "kind", "key", "opened_at", "closed_at")
    ordering = ("-opened_at", "-id")
    actions = ("close",)

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.change_alert")

    @action(description="Close the selected alerts", permissions=["close"])
    def close(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        """Ends the open ones of the selection."""
        count = alerts.close(queryset)
        self.message_user(request, f"Closed: {count}.", messages.SUCCESS)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly, Desk):
    """The outbox. A row names a kind and an id; neither address nor text is kept."""

    list_display = ("kind", "object_id", "state_badge", "created_at", "tries", "next_try_at", "sent_at")
    list_filter = ("state", "kind")
    fields = ("kind", "object_id", "state", "created_at", "tries", "next_try_at", "sent_at")
    ordering = ("-created_at", "-id")
    actions = ("try_again",)

    def has_try_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.change_outgoingmail")

    @action(description="Try to send the selected mails again", permissions=["try_again"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Gives mails that were given up a new round of tries."""
        count = mails.try_again(queryset)
        if count:
            self.message_user(request, f"To be sent again within a minute: {count}.", messages.SUCCESS)
        else:
            self.message_user(
                request, "None of these was given up, so there is nothing to send again.", messages.WARNING
            )


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnly, Desk):
    """The versions of the privacy policy, which `manage.py privacy publish` writes, and the record of processing."""

    list_display = ("number", "published_at", "read")
    fields = ("number", "published_at", "digest")
    change_list_template = "admin/privacy/policyversion/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        return super().get_queryset(request).defer("content")

    @display(description="Text")
    def read(self, version: PolicyVersion) -> SafeString:
        """A link to the text as visitors read it."""
        return format_html('<a href="{}">Read</a>', reverse("policy_version", args=[version.number]))

    def get_urls(self) -> list[URLPattern]:
        record = path("record/", self.admin_site.admin_view(self.record), name="privacy_processing_record")
        return [record, *super().get_urls()]

    def record(self, request: HttpRequest) -> HttpResponse:
        """`admin/privacy/policyversion/record.html`: activities and measures (Article 30(1) GDPR)."""
        if not request.user.has_perm("privacy.view_processing_record"):
            raise PermissionDenied("Administrators see the record of processing.")
        context = {
            **self.admin_site.each_context(request),
            "title": "Record of processing",
            "activities": processing_record.activities(),
            "measures": processing_record.measures(),
            "version": policy.in_force(),
        }
        return TemplateResponse(request, "admin/privacy/policyversion/record.html", context)


@admin.register(LegalHold)
class LegalHoldAdmin(Desk):
    """Rows that stay beyond their period. A hold is placed and lifted here, and never typed over."""

    form = HoldForm
    list_display = ("held", "reason", "placed_at", "until", "lifted_at")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    fields = ("kind", "which", "reason", "last_day")
    actions = ("lift",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.fields if obj is None else ("held", "reason", "placed_by", "placed_at", "until", "lifted_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.place_legalhold")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("privacy.lift_legalhold")

    @display(description="Row")
    def held(self, hold: LegalHold) -> str:
        return f"{hold.model} {hold.object_id}"

    def save_model(self, request: HttpRequest, obj: LegalHold, form: HoldForm, change: bool) -> None:
        """Places the hold that the form describes."""
        typed = form.cleaned_data
        placed = holds.place(
            form.held, typed["which"], by=request.user, reason=typed["reason"], until=typed["last_day"]
        )
        obj.__dict__ |= placed.__dict__

    def add_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """The form; where the row left between its check and the hold, a sentence that says so."""
        try:
            return super().add_view(request, *args, **options)
        except holds.CannotHold as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)

    @action(description="Lift the selected holds", permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: QuerySet[LegalHold]) -> None:
        """Lets the rows go by their own periods again, at the next sweep where those are over."""
        count = sum(holds.lift(pk, by=request.user) for pk in queryset.order_by().values_list("pk", flat=True))
        self.message_user(request, f"Lifted: {count}.", messages.SUCCESS)
