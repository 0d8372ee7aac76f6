"""The desk's list of alerts."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from privacy import alerts
from privacy.admin.desk import Desk, ReadOnly
from privacy.models import Alert


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
