"""The desk of the ground floor: alerts, the outbox, and what every app's admin is made of."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from privacy import alerts, mails
from privacy.badges import badge
from privacy.models import Alert, OutgoingMail


class Desk(ModelAdmin):
    """An admin list that never counts its whole table to say how many rows a filter left out."""

    show_full_result_count = False
    list_per_page = 50
    list_fullwidth = True

    @display(description="State", ordering="state")
    def state_badge(self, row: Any) -> SafeString:
        """The row's state."""
        return badge(row.state, row.get_state_display())


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
